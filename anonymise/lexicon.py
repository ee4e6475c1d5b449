"""The word lists that recognisers look things up in. Read once, when first needed; they hold no participant's words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from anonymise.normal import fold


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Everything is folded: lower case, no accents. A term of several words is joined with "-" in the text files."""

    given: frozenset[str]
    given_words: frozenset[str]
    surnames: frozenset[str]
    surname_words: frozenset[str]
    places: frozenset[str]
    place_words: frozenset[str]
    ordinary: frozenset[str]
    titles: frozenset[str]
    capital_titles: frozenset[str]
    kin: frozenset[str]

    def is_name(self, word: str) -> bool:
        """Hardly ever anything but somebody's name."""
        return word in self.given or word in self.surnames

    def could_be_name(self, word: str) -> bool:
        """A name, perhaps also something else."""
        return self.is_name(word) or word in self.given_words or word in self.surname_words

    def is_ordinary(self, word: str) -> bool:
        """A word of the language, as far as the lists and a few endings tell."""
        return word in self.ordinary or (not self.is_name(word) and _has_ordinary_ending(word, self.ordinary))


@cache
def lexicon() -> Lexicon:
    """The lists under `data/`."""
    people = read_yaml("titles_and_kin.yml")
    given_words, surname_words, place_words = (
        _words("given_words.txt"),
        _words("surname_words.txt"),
        _words("place_words.txt"),
    )
    ordinary = _words("ordinary.txt") | _words("ordinary_extra.txt")
    return Lexicon(
        given=_words("given_names.txt") - given_words,
        given_words=given_words,
        surnames=_words("surnames.txt") - surname_words - ordinary,
        surname_words=surname_words,
        places=_words("places.txt") - place_words,
        place_words=place_words,
        ordinary=ordinary,
        titles=frozenset(people["titles"]),
        capital_titles=frozenset(people["capital_titles"]),
        kin=frozenset(people["kin"].split()),
    )


@cache
def word_set(name: str) -> frozenset[str]:
    """One of the small lists of `data/contexts.yml`."""
    return frozenset(read_yaml("contexts.yml")[name].split())


@cache
def read_yaml(name: str) -> Mapping[str, Any]:
    """A data file of this room."""
    loaded: Mapping[str, Any] = yaml.safe_load(_read(name))
    return loaded


def _read(name: str) -> str:
    return (files("anonymise") / "data" / name).read_text(encoding="utf-8")


def _words(name: str) -> frozenset[str]:
    return frozenset(_each_word(name))


def _each_word(name: str) -> Iterator[str]:
    for line in _read(name).splitlines():
        if not line.startswith("#"):
            yield from (fold(word) for word in line.split())


_ENDINGS = (
    "ing",
    "ings",
    "ed",
    "ly",
    "tion",
    "tions",
    "sion",
    "ment",
    "ments",
    "ness",
    "ology",
    "ical",
    "able",
    "ible",
    "ful",
    "less",
    "ously",
    "ive",
    "ising",
    "ised",
    "ists",
    "ities",
    "ability",
)


def _has_ordinary_ending(word: str, ordinary: frozenset[str]) -> bool:
    if len(word) > 5 and word.endswith(_ENDINGS):
        return True
    stems = [
        word.removesuffix(ending) for ending in ("s", "es", "er", "ers", "'s", "ist", "y") if word.endswith(ending)
    ]
    return any(len(stem) > 3 and stem in ordinary for stem in stems)
