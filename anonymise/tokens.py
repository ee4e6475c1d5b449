"""Words of a text with what their shape tells: capital or not, first of a sentence or not. Never keeps a text."""

import re
from dataclasses import dataclass

from anonymise.normal import fold

_WORD = re.compile(r"[^\W\d_]+(?:['\-][^\W\d_]+){0,6}")
_SENTENCE_ENDS = frozenset('.!?:;\n"(*')


@dataclass(frozen=True, slots=True)
class Word:
    """A word without its possessive ending."""

    text: str
    start: int
    end: int
    folded: str
    opens: bool  # the first word of a sentence, where a capital tells nothing
    capital: bool  # a capital that means something: always False in a text that shouts or capitalises everything

    @property
    def initial(self) -> bool:
        """A single capital letter, as in "J Smith"."""
        return len(self.text) == 1 and self.text.isupper()


def words(text: str) -> list[Word]:
    """The words of normalised text, in order."""
    matches = list(_WORD.finditer(text))
    flat = _is_flat([match.group() for match in matches])
    found: list[Word] = []
    for match in matches:
        word = _without_possessive(match.group())
        opens = _opens(text, match.start())
        capital = word[0].isupper() and not flat
        found.append(Word(word, match.start(), match.start() + len(word), fold(word), opens, capital))
    return found


def gap(text: str, left: Word, right: Word) -> str:
    """What stands between two words, the possessive ending included."""
    return text[left.end : right.start]


def _without_possessive(word: str) -> str:
    if len(word) > 2 and word[-2:] in ("'s", "'S"):
        return word[:-2]
    return word


def _opens(text: str, start: int) -> bool:
    before = text[max(0, start - 8) : start].rstrip(" ")
    return (not before and start < 8) or before[-1:] in _SENTENCE_ENDS


def _is_flat(found: list[str]) -> bool:
    """Whether capitals tell nothing: (nearly) all words have one."""
    long = [word for word in found if len(word) > 1]
    capitals = sum(word[0].isupper() for word in long)
    return len(long) > 3 and capitals > 0.8 * len(long)
