"""Towns, villages, islands and areas, mostly Scottish, and what "live in" introduces."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from anonymise.findings import EntityType, Finding
from anonymise.lexicon import Lexicon, lexicon, word_set
from anonymise.normal import fold
from anonymise.recognisers.pattern import compiled
from anonymise.tokens import Word, gap, words

_LIVES = compiled(
    r"\b(?:live|lives|lived|living|stay|stays|stayed|staying|born|grew up|moved|reside|resides|based"
    r"|flat|house|home|village|island|isle|town|council|estate|scheme)(?: just| right| back| over"
    r"| out| up| down)? "
    r"(?:in|to|at|near|from|outside|of|on)(?: the)? "
)
_SAINT = re.compile(r"(?<![\w])(?:[Ss]t\.?|Saint) (?P<saint>[^\W\d_]{3,30}(?:'s(?!\w))?)")


@cache
def _by_first_word() -> Mapping[str, tuple[tuple[str, ...], ...]]:
    """Place names of several words, by their first."""
    known = lexicon()
    table: dict[str, list[tuple[str, ...]]] = {}
    for place in known.places | known.place_words:
        parts = tuple(place.split("-"))
        if len(parts) > 1:
            table.setdefault(parts[0], []).append(parts)
    return {first: tuple(sorted(names, key=len, reverse=True)) for first, names in table.items()}


@dataclass(frozen=True, slots=True)
class Places:
    """Places that the gazetteer knows, and unknown ones that somebody says they live in."""

    name: str = "places"

    def find(self, text: str) -> Iterable[Finding]:
        """Every place."""
        found = words(text)
        known = lexicon()
        for index, word in enumerate(found):
            length = _length(text, found, index)
            if length > 1:
                yield Finding(word.start, found[index + length - 1].end, EntityType.PLACE, 0.9, self.name)
            elif word.folded in known.places or (
                word.text.endswith("s") and word.folded[:-1] in known.places and len(word.text) > 6
            ):
                yield Finding(word.start, word.end, EntityType.PLACE, 0.9 if word.capital else 0.85, self.name)
            elif word.folded in known.place_words and _is_place(found, index, known):
                yield Finding(word.start, word.end, EntityType.PLACE, 0.75, self.name)
        yield from self._saints(text)
        yield from self._lived_in(text, found, known)

    def _saints(self, text: str) -> Iterator[Finding]:
        """ "St Madeups", whoever that was."""
        for match in _SAINT.finditer(text):
            saint = match.group("saint")
            if (saint[0].isupper() and match.group()[0] == "S") or not lexicon().is_ordinary(fold(saint)):
                yield Finding(match.start(), match.end("saint"), EntityType.PLACE, 0.8, self.name)

    def _lived_in(self, text: str, found: Sequence[Word], known: Lexicon) -> Iterator[Finding]:
        """ "I live in Brigadoon": a capital, or a word that is no ordinary one."""
        at = {word.start: index for index, word in enumerate(found)}
        for match in _LIVES.finditer(text):
            index = at.get(match.end())
            if (
                index is None
                or found[index].folded in word_set("places_not_places")
                or known.is_ordinary(found[index].folded)
            ):
                continue
            end = index + 1
            while (
                end < len(found)
                and end - index < 4
                and found[end].capital
                and gap(text, found[end - 1], found[end]) == " "
            ):
                end += 1
            probability = 0.85 if found[index].capital else 0.65
            yield Finding(found[index].start, found[end - 1].end, EntityType.PLACE, probability, self.name)


def _length(text: str, found: Sequence[Word], index: int) -> int:
    """How many words the longest known place of several words at `index` has, 0 if there is none."""
    for parts in _by_first_word().get(found[index].folded.split("-")[0], ()):
        last = min(index + len(parts), len(found)) - 1
        joined = text[found[index].start : found[last].end].lower().replace("-", " ")
        if joined == " ".join(parts):
            return max(2, last - index + 1)
        if found[index].folded == "-".join(parts):
            return 1
    return 0


def _is_place(found: Sequence[Word], index: int, known: Lexicon) -> bool:
    word = found[index]
    before = found[index - 1].folded if index else ""
    if word.capital:
        return (
            not word.opens and before not in ("the", "a", "an") and word.folded not in known.ordinary
        ) or before in word_set("places_in")
    return before in word_set("places_in") and word.folded not in known.ordinary
