"""The measures themselves, held against texts whose figures are known."""

import pytest


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("The cat sat on the mat. It was warm.", -4, 1),
        ("You can skip any part, take a break or stop.", 0, 4),
        ("Participation is voluntary and withdrawal will not prejudice your entitlement to services.", 13, 30),
    ],
)
def test_plain_words_grade_low_and_office_words_grade_high(text, low, high, reading_grade):
    assert low <= reading_grade(text) <= high


@pytest.mark.parametrize(
    ("word", "syllables"),
    [
        ("agree", 2),
        ("asked", 1),
        ("being", 2),
        ("choices", 2),
        ("decided", 3),
        ("earlier", 3),
        ("emergency", 4),
        ("information", 4),
        ("inspectors", 3),
        ("makes", 1),
        ("people", 2),
        ("phone", 1),
        ("review", 2),
        ("safe", 1),
        ("services", 3),
        ("table", 2),
        ("voice", 1),
        ("wanted", 2),
        ("working", 2),
    ],
)
def test_syllables_are_counted_as_they_are_spoken(word, syllables, reading_grade):
    assert reading_grade(f"{word}.") == pytest.approx(0.39 + 11.8 * syllables - 15.59)


def test_a_bracket_takes_two_septets_and_a_letter_one(septets):
    assert septets("a[b]") == 6
    assert septets("a" * 160) == 160


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("It\u2019s fine.", "is not GSM-7"),
        ("a" * 161, "161 septets"),
        ("You are Anonymous here.", "anonymous"),
        ("Text YES to go on.", "the provider keeps"),
        ("Text HELLO to go on.", "shouts HELLO"),
        ("Are you sure?", "are you sure"),
        ("Tell me why.", "why"),
        ("This is confidential.", "confidential"),
    ],
)
def test_each_fault_is_found(text, fault, wording_faults):
    assert any(fault in found for found in wording_faults(text))


def test_a_good_text_has_no_fault(wording_faults):
    assert wording_faults("Text GO to take part or NO if not. NO is fine.") == []


def test_a_word_may_be_allowed_where_its_limit_is_explained(wording_faults):
    assert wording_faults("This is confidential.", may_say=frozenset({"confidential"})) == []
