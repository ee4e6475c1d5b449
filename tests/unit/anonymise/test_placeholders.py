"""The same person has the same number all through a conversation, and nothing that is stored can be read back."""

import pytest

from anonymise.anonymiser import Anonymiser
from anonymise.placeholders import Placeholders, standing

KEY = b"a key of this test"


def test_one_person_keeps_one_number_however_the_name_is_written(
    anonymiser: Anonymiser, placeholders: Placeholders
) -> None:
    texts = ["Jordan came", "jordan's room", "JORDAN and Callum", "Jordan Smith left", "then Jordan", "Mr Smith"]
    read = [anonymiser.response(text, placeholders).text for text in texts]
    assert read == [
        "«name 1» came",
        "«name 1»'s room",
        "«name 1» and «name 2»",
        "«name 1» left",
        "then «name 1»",
        "Mr «name 1»",
    ]


def test_two_people_with_one_given_name_are_two(anonymiser: Anonymiser, placeholders: Placeholders) -> None:
    text = anonymiser.response("Jordan Smith met Jordan Kowalski", placeholders).text
    assert text == "«name 1» met «name 2»"


def test_numbers_go_on_from_the_stored_state(anonymiser: Anonymiser, placeholders: Placeholders) -> None:
    anonymiser.response("Jordan and Callum in Oban", placeholders)
    later = Placeholders(KEY, placeholders.state())
    assert anonymiser.response("Callum met Fiona in Glasgow", later).text == "«name 2» met «name 3» in «town 2»"


def test_the_state_holds_keyed_hashes_only(anonymiser: Anonymiser) -> None:
    mine, other = Placeholders(KEY), Placeholders(b"another key")
    for each in (mine, other):
        anonymiser.response("Jordan Smith, 07700 900123, lives in Oban", each)
    assert all(len(row) == 64 and set(row) <= set("0123456789abcdef") for row in mine.state())
    assert not set(mine.state()) & set(other.state())


def test_nothing_is_remembered_of_numbers_and_addresses(anonymiser: Anonymiser, placeholders: Placeholders) -> None:
    anonymiser.response("07700 900123, 12 Inventit Street, EH99 1AB", placeholders)
    assert placeholders.state() == {}


@pytest.mark.parametrize("text", ["«name 1»", "«town 2»", "«aged 12 to 15»", "«a day in spring»", "«phone number»"])
def test_our_own_placeholders_are_known(text: str) -> None:
    assert standing(text) == [(0, len(text))]


@pytest.mark.parametrize("text", ["«Jordan»", "«name 07700900123»", "«phone number 2»", "«name 0»", "<name 1>"])
def test_what_only_looks_like_a_placeholder_is_not_one(text: str) -> None:
    assert standing(text) == []
