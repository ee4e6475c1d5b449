"""Text as the recognisers see it: one kind of quote, no invisible characters, with a map back to the original.

Nothing is ever masked here; spans found on the normalised text are carried back to the characters the person sent.
"""

import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

HIDDEN = "\ufffc"  # stands for a part that is already masked
UNREADABLE = "\ufffd"

_QUOTES = dict.fromkeys("\u2018\u2019\u201a\u201b\u02bc\u02b9\u02bb\u00b4\u0060\u2032\uff07", "'") | dict.fromkeys(
    "\u201c\u201d\u201e\u201f\u2033", '"'
)
_DASHES = dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043\ufe58\ufe63\uff0d", "-")
_REPLACED = {**_QUOTES, **_DASHES, "\u2028": "\n", "\u2029": "\n", "\t": " ", "\r": "\n", HIDDEN: UNREADABLE}
_KEPT_CONTROLS = "\n"
_KNOWN_SCRIPTS = (
    "LATIN",
    "MICRO",
    "FEMININE ORDINAL",
    "MASCULINE ORDINAL",
    "MODIFIER LETTER",
    "SCRIPT",
    "DOUBLE-STRUCK",
)


@dataclass(frozen=True, slots=True)
class Normalised:
    """`text`, and for each of its characters the span of the original it came from."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original that `start` to `end` (exclusive) of the normalised text came from."""
        return self.starts[start], self.ends[end - 1]


def normalise(text: str, hidden: Iterable[tuple[int, int]] = ()) -> Normalised:
    """Normalise `text`; each span of `hidden` (sorted, apart) becomes one `HIDDEN` character."""
    spans = list(hidden)
    if not spans and _is_plain(text):
        return Normalised(text, range(len(text)), range(1, len(text) + 1))
    characters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end, seen in _pieces(text, spans):
        for character in seen:
            characters.append(character)
            starts.append(start)
            ends.append(end)
    return Normalised("".join(characters), starts, ends)


def unknown_script(text: str) -> bool:
    """Whether `text` has letters of a script that the recognisers cannot read."""
    return not text.isascii() and any(_is_foreign(character) for character in text)


def fold(word: str) -> str:
    """A word without case or accents, as gazetteers hold it; of the same length whenever that is possible."""
    if word.isascii():
        return word.lower()
    return "".join(_fold_character(character) for character in word)


def _is_plain(text: str) -> bool:
    return (
        text.isascii() and "`" not in text and all(character.isprintable() or character == "\n" for character in text)
    )


def _pieces(text: str, hidden: list[tuple[int, int]]) -> Iterator[tuple[int, int, str]]:
    """Spans of the original with what is seen in their place."""
    first = [start for start, _ in hidden]
    position = 0
    while position < len(text):
        at = bisect_right(first, position) - 1
        if at >= 0 and position < hidden[at][1]:
            yield hidden[at][0], hidden[at][1], HIDDEN
            position = hidden[at][1]
            continue
        limit = hidden[at + 1][0] if at + 1 < len(hidden) else len(text)
        end = _cluster_end(text, position, limit)
        yield position, end, _seen(text[position:end])
        position = end


def _cluster_end(text: str, position: int, limit: int) -> int:
    """A character with the accents written after it."""
    end = position + 1
    while end < limit and text[end] > "\u02ff" and unicodedata.combining(text[end]):
        end += 1
    return end


def _seen(cluster: str) -> str:
    character = cluster[0]
    if len(cluster) == 1 and character.isascii() and character.isprintable() and character != "`":
        return character
    if character in _REPLACED:
        return _REPLACED[character]
    composed = unicodedata.normalize("NFKC", cluster)
    return "".join(_plain(part) for part in composed)


def _plain(character: str) -> str:
    """One character after NFKC: invisible ones vanish, digits of any script become 0-9."""
    if character in _REPLACED:
        return _REPLACED[character]
    category = unicodedata.category(character)
    if category == "Cs":
        return UNREADABLE
    if category in ("Cc", "Cf") or (category in ("Mn", "Me") and unicodedata.combining(character)) or category == "Me":
        return character if character in _KEPT_CONTROLS else ""
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category == "So":
        return _drawn_letter(character)
    return character


def _drawn_letter(character: str) -> str:
    """Letters drawn in squares and circles are letters."""
    name = unicodedata.name(character, "")
    head, _, letter = name.rpartition("LATIN CAPITAL LETTER ")
    return letter if head and len(letter) == 1 else character


def _is_foreign(character: str) -> bool:
    if character.isascii() or not character.isalpha():
        return False
    seen = unicodedata.normalize("NFKC", character)
    return any(
        part.isalpha() and not unicodedata.name(part, "").startswith(_KNOWN_SCRIPTS)
        for part in seen
        if part != "\u03bc"
    )


def _fold_character(character: str) -> str:
    base = unicodedata.normalize("NFKD", character)
    base = "".join(part for part in base if not unicodedata.combining(part)).lower()
    base = {"ł": "l", "ø": "o", "đ": "d", "ı": "i", "ħ": "h"}.get(base, base)
    return base if len(base) == 1 else character.lower()[:1] or character
