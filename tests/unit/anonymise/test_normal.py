"""Normalising keeps the way back to the original, whatever was typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymise.normal import HIDDEN, fold, normalise, unknown_script

ANYTHING = st.text(st.characters(exclude_categories=()), max_size=60)


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("0\u200b7\u200d7\u00ad00", "07700"),
        ("\uff10\uff17\uff17\uff10\uff10", "07700"),
        ("\u0660\u0667", "07"),
        ("Jordan\u2019s \u201cpal\u201d", 'Jordan\'s "pal"'),
        ("Zoe\u0301", "Zoé"),
        ("J\u0338o\u0338", "Jo"),
        ("\U0001d4d9\U0001d4f8", "Jo"),
        ("\ufb01n", "fin"),
        ("a\x00b\x07c\nd\te", "abc\nd e"),
        ("\u202ejordan", "jordan"),
        ("a\ud800b", "a\ufffdb"),
    ],
)
def test_what_recognisers_see(text: str, seen: str) -> None:
    assert normalise(text).text == seen


@given(ANYTHING)
def test_every_character_knows_where_it_came_from(text: str) -> None:
    seen = normalise(text)
    spans = [seen.original(at, at + 1) for at in range(len(seen.text))]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert spans == sorted(spans)


@given(ANYTHING)
def test_nobody_can_type_the_sign_for_hidden_parts(text: str) -> None:
    assert HIDDEN not in normalise(text).text


def test_a_hidden_part_is_one_character_that_maps_to_all_of_it() -> None:
    seen = normalise("my son Jordan left", [(7, 13)])
    assert seen.text == f"my son {HIDDEN} left"
    assert seen.original(7, 8) == (7, 13)


@pytest.mark.parametrize(
    ("text", "unknown"),
    [("Małgorzata 👍 5µg ½", False), ("J\u043erdan", True), ("привіт", True), ("你好", True), ("सब", True)],
)
def test_a_script_nobody_here_reads_is_noticed(text: str, unknown: bool) -> None:
    assert unknown_script(text) is unknown


@given(ANYTHING)
def test_folding_character_by_character_keeps_the_length(text: str) -> None:
    assert len("".join(fold(character) for character in text)) >= len(text) - text.count("\u0300")
