"""Every statement and every text around it, in the newest edition for every audience, measured as people receive it."""

from statistics import mean

import pytest

from engagement.framework import load_all, load_framework
from records.types import Audience

STATEMENTS = [(framework, one) for framework in load_all().values() for one in framework.statements]
NAMES = [f"{framework.audience}-{one.number}" for framework, one in STATEMENTS]
each_statement = pytest.mark.parametrize(("framework", "one"), STATEMENTS, ids=NAMES)
HARDEST = 6.5


def texts(one):
    return (one.statement, one.prompt, one.reworded, one.story_prompt, *one.explanation_messages)


@each_statement
def test_every_text_fits_one_sms_in_its_letters_and_says_nothing_forbidden(framework, one, wording_faults):
    assert {text: faults for text in texts(one) if (faults := wording_faults(text))} == {}


@each_statement
def test_the_prompts_leave_room_for_the_counter(framework, one, wording_faults):
    for text in (one.prompt, one.reworded):
        assert wording_faults(f"12 out of 12. {text}") == []


@each_statement
def test_every_text_reads_at_the_age_of_nine_to_eleven(framework, one, reading_grade):
    whole = (one.prompt, one.reworded, one.story_prompt, *one.explanation_messages)
    assert {text: round(grade, 1) for text in whole if (grade := reading_grade(text)) > HARDEST} == {}


@pytest.mark.parametrize("audience", Audience)
def test_a_whole_set_reads_easier_than_its_hardest_line(audience, reading_grade):
    assert mean(reading_grade(text) for one in load_framework(audience).statements for text in texts(one)) < 4


@each_statement
def test_the_statement_is_the_same_in_both_wordings_of_its_prompt(framework, one):
    assert f'"{one.statement}"' in one.prompt
    assert f'"{one.statement}"' in one.reworded


@each_statement
def test_the_two_wordings_share_nothing_but_the_statement(framework, one):
    first, second = (text.replace(one.statement, "").strip(' "') for text in (one.prompt, one.reworded))
    assert min(len(first), len(second)) > 0
    assert first.lower() != second.lower()


@each_statement
def test_the_story_question_is_one_open_question(framework, one):
    opens = ("What", "How", "Tell me about", "Can you tell me about", "Who")
    assert one.story_prompt.startswith(opens)
    assert one.story_prompt.count("?") <= 1


@each_statement
def test_the_theme_reads_in_the_middle_of_a_sentence(framework, one):
    assert one.theme == one.theme.lower()
    assert not one.theme.endswith(".")


@each_statement
def test_the_official_wording_waits_for_the_client(framework, one):
    assert one.source_text is None
    assert one.verbatim_verified is False


@pytest.mark.parametrize("audience", Audience)
def test_the_menu_of_themes_fits_two_texts(audience, wording_faults):
    menu = load_framework(audience).menu
    assert len(menu) <= 2
    assert [fault for text in menu for fault in wording_faults(text)] == []


@pytest.mark.parametrize("audience", Audience)
def test_each_set_says_whose_words_they_are(audience):
    expected = "framework themes, our words" if audience is Audience.PERSON else "ours"
    assert load_framework(audience).label == expected
