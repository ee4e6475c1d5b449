"""Telephone numbers of any country, oddly spaced, with letters for noughts, or written out in words."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import phonenumbers

from anonymise.findings import EntityType, Finding
from anonymise.recognisers.pattern import before, compiled
from anonymise.recognisers.spoken import spoken_numbers

_RUN = re.compile(r"(?<![\w£$€])(?:\+ ?)?\(?[\dO](?:[ \t\n().\-/_*,:|]{0,3}[\dOol])+(?!\w)")
_GROUP = re.compile(r"(?:\+ ?)?\(?[\dOol]+")
_LETTERS = str.maketrans("Ool", "001")
_CONTEXT = compiled(
    r"\b(?:call|ring|rang|text|txt|phone|tel|telephone|mob|mobile|number|num|no|whatsapp|contact|cell|fone)\b"
)
_LONGEST = 15


@dataclass(frozen=True, slots=True)
class _Group:
    start: int
    end: int
    digits: str


@dataclass(frozen=True, slots=True)
class Phones:
    """British numbers and, with a plus or 00, those of any country (lengths from `phonenumbers`)."""

    name: str = "phones"
    region: str = field(default="GB")

    def find(self, text: str) -> Iterable[Finding]:
        """Numbers in figures, then in words."""
        for run in _RUN.finditer(text):
            groups = [_group(run.start(), match) for match in _GROUP.finditer(run.group())]
            yield from self._numbers(groups, near=before(text, run.start(), _CONTEXT))
        for start, end, digits in spoken_numbers(text):
            if self._probability(digits, near=True) > 0:
                yield Finding(start, end, EntityType.PHONE, 0.9, self.name)

    def _numbers(self, groups: list[_Group], near: bool) -> Iterator[Finding]:
        first = 0
        while first < len(groups):
            last, probability = self._longest_from(groups, first, near)
            if probability > 0:
                yield Finding(groups[first].start, groups[last].end, EntityType.PHONE, probability, self.name)
                first = last
            first += 1

    def _longest_from(self, groups: list[_Group], first: int, near: bool) -> tuple[int, float]:
        best, digits = (first, 0.0), ""
        for last in range(first, len(groups)):
            digits += groups[last].digits if last == first else groups[last].digits.lstrip("+")
            if len(digits) > _LONGEST + 3:
                break
            probability = self._probability(digits, near)
            if probability > 0:
                best = (last, probability)
        return best

    def _probability(self, digits: str, near: bool) -> float:
        """How likely these digits, as dialled, are a telephone number."""
        count = len(digits.lstrip("+"))
        if digits.startswith(("+", "00")):
            return 0.95 if self._is_possible("+" + digits.lstrip("+0")) else 0.0
        if digits.startswith("0") and count in (10, 11):
            return 0.95
        if digits.startswith("44") and count == 12:
            return 0.9
        if digits.startswith("7") and count == 10:
            return 0.85
        return 0.8 if near and 6 <= count <= 11 else 0.0

    def _is_possible(self, number: str) -> bool:
        if not 8 <= len(number) <= _LONGEST + 1:
            return False
        try:
            parsed = phonenumbers.parse(number, self.region)
        except phonenumbers.NumberParseException:
            return False  # the library's way of saying no
        return phonenumbers.is_possible_number(parsed)


def _group(offset: int, match: re.Match[str]) -> _Group:
    digits = "".join(part for part in match.group().translate(_LETTERS) if part.isdigit() or part == "+")
    return _Group(offset + match.start(), offset + match.end(), digits)
