"""Postcodes: whole, in part, badly spaced, in lower case. Careful with ordinary words and school years ("P7", "S4")."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from anonymise.findings import EntityType, Finding
from anonymise.lexicon import word_set
from anonymise.recognisers.pattern import before, compiled

_FULL = compiled(
    r"(?<![\w£])(?P<area>[a-z]{1,2})(?P<one> ?)(?P<out>\d(?: ?\d(?=\W{0,3}\d)|[a-z])?)"
    r"(?P<two>[ \-.,]{0,3})(?P<in>\d ?[abd-hjlnp-uw-z] ?[abd-hjlnp-uw-z])(?!\w)"
)
_PART = re.compile(r"(?<![\w£.])(?P<area>[A-Z]{1,2})(?P<out>\d{1,2}[A-Z]?)(?P<in> \d)?(?![\w]|[.,]\d)")
_LOWER_PART = compiled(r"(?<![\w£.])(?P<area>[a-z]{1,2}) ?(?P<out>\d{1,2}[a-z]?)(?P<in> \d)?(?![\w]|[.,]\d)")
_CONTEXT = compiled(r"\b(?:post ?codes?|p/code|pcode|zip|live in|lives in|living in|stay in|stays in|address|area)\b")


@dataclass(frozen=True, slots=True)
class Postcodes:
    """A whole postcode anywhere; its first half when Scottish and in capitals, or when the words before say so."""

    name: str = "postcodes"

    def find(self, text: str) -> Iterable[Finding]:
        """Whole ones, then parts."""
        for match in _FULL.finditer(text):
            if self._is_full(text, match):
                yield Finding(match.start(), match.end(), EntityType.POSTCODE, 0.95, self.name)
        yield from self._parts(text)

    def _is_full(self, text: str, match: re.Match[str]) -> bool:
        area = match.group("area")
        if area.upper() not in word_set("postcodes_areas"):
            return False
        tight = not match.group("one") and " " not in match.group("in")
        sure = area.isupper() or before(text, match.start(), _CONTEXT)
        return sure or (
            tight
            and (
                bool(match.group("two"))
                or area.upper() not in word_set("postcodes_wordlike")
                or match.group("in")[1:].lower() not in ("st", "nd", "rd", "th", "pm")
            )
        )

    def _parts(self, text: str) -> Iterator[Finding]:
        for match in _PART.finditer(text):
            if match.group("area") in word_set("postcodes_scottish"):
                yield Finding(match.start(), match.end(), EntityType.POSTCODE, 0.7, self.name)
        for match in _LOWER_PART.finditer(text):
            if match.group("area").upper() in word_set("postcodes_areas") and before(
                text, match.start(), _CONTEXT, near=24
            ):
                yield Finding(match.start(), match.end(), EntityType.POSTCODE, 0.75, self.name)
