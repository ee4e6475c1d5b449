"""Notice a message the screen cannot read: another script, another language. It never guesses what it says.

Short texts, dyslexic spelling and Scots are English here: it takes several foreign words and hardly an English one.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from unicodedata import normalize

from anonymise.lexicon import lexicon
from protection.screen.normalise import flatten
from protection.screen.rules import read_yaml
from records.types import Category, Tier

_PARTS = re.compile(r"[.!?;\n]+")
_TOKEN = re.compile(r"[a-z0-9]+")
_LATIN_BELOW = 0x250  # Latin letters with every European accent end here
_LATIN_MORE = range(0x1E00, 0x1F00)  # Vietnamese and Gaelic
_SCRIPT_LETTERS = 3  # letters of another script that make it more than a decoration
_SCRIPT_SHARE = 0.2
_SHORTEST = 3  # words
_SHARE_FOREIGN, _SHARE_ENGLISH = 0.3, 0.35
_FEWEST_KINDS, _SHARE_KNOWN = 5, 0.45  # different words; how many of them English, Scots or a common misspelling


@dataclass(frozen=True, slots=True)
class Hint:
    """What was noticed, without the words."""

    rule: str
    tier: Tier
    categories: tuple[Category, ...] = (Category.UNREADABLE,)


@dataclass(frozen=True, slots=True)
class Foreign:
    """Word lists of other languages, the words of danger in them, and what English looks like."""

    languages: Mapping[str, frozenset[str]]
    danger: tuple[str, ...]  # flattened, between spaces
    script_danger: tuple[str, ...]
    english: frozenset[str]  # the most frequent words
    is_known: Callable[[str], bool]  # a word of English, or Scots, or one of them misspelt

    def read(self, text: str) -> Iterator[Hint]:
        """Yield a look for an unreadable language, and a concern for danger words in one."""
        unreadable = _other_script(text)
        if unreadable and self._says_danger_in_script(text):
            yield Hint("unreadable.danger-words", Tier.CONCERN)
        parts = [_TOKEN.findall(flatten(part)) for part in _PARTS.split(text)]
        if self._says_danger(parts):
            yield Hint("unreadable.danger-words", Tier.CONCERN)
        if unreadable:
            yield Hint("unreadable.script", Tier.LOOK)
        elif any(self._foreign(words) for words in (*parts, [word for part in parts for word in part])):
            yield Hint("unreadable.language", Tier.LOOK)

    def _says_danger_in_script(self, text: str) -> bool:
        plain = normalize("NFC", text).lower().replace("\u2019", "'")
        return any(phrase in plain for phrase in self.script_danger)

    def _says_danger(self, parts: Sequence[Sequence[str]]) -> bool:
        """A danger phrase in a part that is not plainly English; a cry for help may stand alone."""
        for words in parts:
            if words and sum(word in self.english for word in words) <= len(words) // 2:
                line = f" {' '.join(words)} "
                if any(phrase in line for phrase in self.danger):
                    return True
        return False

    def _foreign(self, words: Sequence[str]) -> bool:
        letters = [word for word in words if not word.isdigit()]
        count = len(letters)
        if count < _SHORTEST:
            return False
        english = sum(word in self.english for word in letters) / count
        for known in self.languages.values():
            hits = len({word for word in letters if word in known and word not in self.english})
            if hits >= min(3, count - 1) and hits / count >= _SHARE_FOREIGN and english <= _SHARE_ENGLISH:
                return True
        return self._mostly_unknown([word for word in letters if word.isalpha() and len(word) > 1])

    def _mostly_unknown(self, words: Sequence[str]) -> bool:
        """A language of which we have no list: hardly a word is one that we know."""
        if len(set(words)) < _FEWEST_KINDS:
            return False
        return sum(map(self.is_known, words)) / len(words) < _SHARE_KNOWN


def _other_script(text: str) -> bool:
    """Is any sentence partly in letters that are not Latin?"""
    return any(_share(part) for part in _PARTS.split(text))


def _share(part: str) -> bool:
    letters = [letter for letter in normalize("NFKC", part) if letter.isalpha()]
    others = sum(ord(letter) >= _LATIN_BELOW and ord(letter) not in _LATIN_MORE for letter in letters)
    few = min(_SCRIPT_LETTERS, 2 if others == len(letters) else _SCRIPT_LETTERS)
    return others >= few and others / len(letters) >= _SCRIPT_SHARE


@cache
def load_foreign() -> Foreign:
    """Read the language lists beside this file."""
    raw = read_yaml(Path(__file__).parent / "languages.yml")
    rows = raw["languages"]
    phrases = [phrase for row in rows.values() for phrase in row["danger"]]
    english, spellings = frozenset(raw["english"].split()), _words_in(read_yaml(Path(__file__).parent / "spelling.yml"))
    ordinary = lexicon()
    return Foreign(
        languages={name: frozenset(row["words"].split()) for name, row in rows.items()},
        danger=tuple(f" {' '.join(_TOKEN.findall(flatten(phrase)))} " for phrase in phrases),
        script_danger=tuple(normalize("NFC", phrase) for phrase in raw["scripts"]["danger"]),
        english=english,
        is_known=lambda word: word in english or word in spellings or ordinary.is_ordinary(word),
    )


def _words_in(raw: Any) -> frozenset[str]:
    """Every word that stands anywhere in a YAML file."""
    if isinstance(raw, str):
        return frozenset(_TOKEN.findall(raw))
    parts = [*raw.keys(), *raw.values()] if isinstance(raw, dict) else raw if isinstance(raw, list) else []
    return frozenset().union(*map(_words_in, parts))
