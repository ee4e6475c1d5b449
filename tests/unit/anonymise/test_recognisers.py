"""Each recogniser against its table: what it finds and what it must leave alone."""

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from anonymise.recognisers.bank import passes_luhn
from anonymise.recognisers.health import has_nhs_check_digit
from anonymise.recognisers.spoken import value


def _cases() -> list[object]:
    cases: list[object] = []
    for name in ("structured.yml", "names.yml"):
        tables = yaml.safe_load((Path(__file__).parent / name).read_text(encoding="utf-8"))
        for kind, rows in tables.items():
            cases += [
                pytest.param(row["text"], row.get("masked", row["text"]), id=f"{kind}: {row['text']}") for row in rows
            ]
    return cases


@pytest.mark.parametrize(("text", "masked"), _cases())
def test_a_text_reads_as_its_table_says(show: Callable[[str], str], text: str, masked: str) -> None:
    assert show(text) == masked


@pytest.mark.parametrize(("digits", "passes"), [("9434765919", True), ("9434765918", False), ("4010232137", True)])
def test_the_nhs_check_digit_is_modulus_eleven(digits: str, passes: bool) -> None:
    assert has_nhs_check_digit(digits) is passes


@pytest.mark.parametrize(("digits", "passes"), [("4111111111111111", True), ("4111111111111112", False)])
def test_cards_pass_luhn(digits: str, passes: bool) -> None:
    assert passes_luhn(digits) is passes


@pytest.mark.parametrize(
    ("words", "number"), [("84", 84), ("eighty four", 84), ("twelve", 12), ("121", None), ("door", None)]
)
def test_numbers_in_words_have_a_value(words: str, number: int | None) -> None:
    assert value(words) == number
