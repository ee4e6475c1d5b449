"""Street addresses: "12 Inventit Street", "flat 3/2", "14b kirk road", and streets without a number."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from anonymise.findings import EntityType, Finding
from anonymise.lexicon import read_yaml
from anonymise.normal import fold
from anonymise.recognisers.pattern import Pattern, compiled


@dataclass(frozen=True, slots=True)
class _Shapes:
    strong: frozenset[str]
    weak: frozenset[str]
    stop: frozenset[str]
    flat: Pattern


@cache
def _shapes() -> _Shapes:
    data = read_yaml("streets.yml")
    flats = "|".join(data["flats"])
    flat = Pattern(
        compiled(
            rf"\b(?:{flats})(?: no\.?| number)? ?(?:\d{{1,4}}[a-z]?(?:[/\-]\d{{1,3}}[a-z]?)?"
            rf"|\d{{0,3}}[a-z]\d?)(?![\w%£]|[.:]\d)|\bp\.?o\.? box \d+"
        ),
        EntityType.ADDRESS,
        0.85,
    )
    return _Shapes(frozenset(data["strong"]), frozenset(data["weak"]), frozenset(data["stop"].split()), flat)


_WORD = r"[^\W\d_][^\W\d_'\-]*(?:['\-][^\W\d_]+){0,3}\.?"
_STREET = re.compile(
    rf"(?<![\w£])(?:(?P<no>\d{{1,4}}(?:[ ]?[A-Za-z](?!\w))?(?:[/\-]\d{{1,3}}[A-Za-z]?)?),? )?(?="
    rf"(?P<words>{_WORD}(?: {_WORD}){{1,3}}))"
)
_LONE_LETTER = compiled(r"\b(?:flat|apartment|apt) (?P<it>[a-z])$")


@dataclass(frozen=True, slots=True)
class Addresses:
    """A number, one to three words that are not ordinary ones, and the word for a street."""

    name: str = "addresses"

    def find(self, text: str) -> Iterable[Finding]:
        """Flats, then streets."""
        yield from (finding for finding in _shapes().flat.find(text, self.name) if self._is_flat(text, finding))
        yield from self._streets(text)

    def _is_flat(self, text: str, finding: Finding) -> bool:
        """A digit is needed: "flat a bit" is no address."""
        words = text[finding.start : finding.end]
        return any(character.isdigit() for character in words)

    def _streets(self, text: str) -> Iterator[Finding]:
        for match in _STREET.finditer(text):
            words = match.group("words").split(" ")
            length = self._street_length(words, bool(match.group("no")))
            if length:
                end = match.start("words") + len(" ".join(words[:length]))
                yield Finding(match.start(), end, EntityType.ADDRESS, 0.93 if match.group("no") else 0.88, self.name)

    def _street_length(self, words: list[str], numbered: bool) -> int:
        """How many of `words` are a street's name, 0 if they are none."""
        shapes = _shapes()
        capitals = words[0][0].isupper()
        for place, word in enumerate(words):
            kind = fold(word.rstrip("."))
            if place and kind in shapes.strong and (numbered or capitals) and self._fits(words[: place + 1], numbered):
                return place + 1
            if place and kind in shapes.weak and numbered and capitals:
                return place + 1
            if kind in shapes.stop:
                return 0
        return 0

    def _fits(self, words: list[str], numbered: bool) -> bool:
        """Without a number every word needs a capital, and words such as "place" or "way" two of them before."""
        if numbered:
            return True
        vague = fold(words[-1].rstrip(".")) in (
            "place",
            "court",
            "close",
            "way",
            "row",
            "drive",
            "loan",
            "square",
            "gardens",
            "grove",
        )
        return all(word[0].isupper() for word in words) and not (vague and len(words) == 2 and len(words[0]) < 4)
