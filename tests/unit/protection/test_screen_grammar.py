"""The pattern language, and the way typed words become plain ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protection.screen.grammar import BadPattern, Sentence, compile_pattern
from protection.screen.rules import load_rule_book

LISTS = {"who": frozenset({("he",), ("my", "dad")}), "common": frozenset({("he",), ("me",)})}
spell = load_rule_book().speller.sentences


def fits(line: str, text: str, *, gaps: bool = True) -> bool:
    matches = compile_pattern(line, LISTS).matches(Sentence.of(text.split()), gaps=gaps)
    return next(matches, None) is not None


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("hit me", "he hit me"),
        ("hit|beat me", "they beat me"),
        ("@who hit", "my dad hit"),
        ("@who ..2 hit", "he has often hit"),
        ("hit my? arm", "hit arm"),
        ("hit my? arm", "hit my arm"),
        ("took # tablets", "took 40 tablets"),
        ("^ help $", "help"),
        ("die ..1 now|$", "i will die"),
        ("die ..1 now|$", "i will die right now"),
    ],
)
def test_a_pattern_fits(line, text):
    assert fits(line, text)


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("hit me", "he hit the road with me"),
        ("@who ..2 hit", "he has now very often hit"),
        ("took # tablets", "took some tablets"),
        ("^ help $", "please help"),
        ("^ help $", "help yourself"),
        ("die ..1 now|$", "i will die of boredom in here"),
        ("hit me", ""),
    ],
)
def test_a_pattern_does_not_fit(line, text):
    assert not fits(line, text)


def test_without_gaps_only_an_unbroken_phrase_fits():
    assert fits("he ..2 hit", "he hit", gaps=False)
    assert not fits("he ..2 hit", "he has hit", gaps=False)


def test_words_that_were_skipped_are_told():
    (match,) = compile_pattern("he ..2 hit me", LISTS).matches(Sentence.of(["he", "never", "hit", "me"]))

    assert (match.start, match.end, match.skipped) == (0, 4, (1,))


@pytest.mark.parametrize("line", ["", "@nobody hit", "# #", "the?", "^ $"])
def test_a_pattern_that_means_nothing_is_refused(line):
    with pytest.raises(BadPattern):
        compile_pattern(line, LISTS)


@given(st.lists(st.sampled_from(["he", "hit", "me", "not", "dad", "my"]), max_size=30))
def test_looking_only_near_the_rare_word_loses_no_match(words):
    pattern = compile_pattern("@who ..2 hit ..1 me", LISTS)
    everywhere = {match for start in range(len(words)) for match in pattern._from(start, words, gaps=True)}

    assert set(pattern.matches(Sentence.of(words))) == everywhere


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("I cannae dae this", "i cant do this"),
        ("I can\u2019t do this", "i cant do this"),
        ("i can not do this", "i cant do this"),
        ("Ah'm feart", "im scared"),
        ("am no safe", "im no safe"),
        ("ma da", "my dad"),
        ("ma ma", "my mum"),
        ("the weans", "the children"),
        ("kiiiill myself", "kill myself"),
        ("k1ll mysel", "kill myself"),
        ("k!ll masel", "kill myself"),
        ("k i l l myself", "kill myself"),
        ("ki\u200bll my self", "kill myself"),
        ("k\u0456ll myself", "kill myself"),
        ("kms", "kill myself"),
        ("suiside", "suicide"),
        ("stranguled", "strangled"),
        ("naebody", "nobody"),
        ("no one", "nobody"),
        ("my wife's ill", "my wife ill"),
        ("skelpin", "skelping"),
        ("want 2 die", "want to die"),
        ("self-harm", "selfharm"),
    ],
)
def test_typed_words_become_plain(typed, plain):
    assert [" ".join(words) for words in spell(typed)] == [plain]


@pytest.mark.parametrize("typed", ["skilled", "cooked", "career", "caused", "later", "latter", "wicked", "accused"])
def test_real_words_are_left_alone(typed):
    assert spell(typed) == ((typed,),)


@pytest.mark.parametrize(
    ("text", "count"),
    [("One. Two", 2), ("One.two", 2), ("at 10.30 am", 1), ("One\ntwo? three!", 3), ("...", 0), ("e.g. this", 2)],
)
def test_sentences_end_where_people_end_them(text, count):
    assert len(spell(text)) == count
