"""Words nobody knows, with a capital inside a sentence: most likely somebody's name, or a place after "in" or "at"."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from anonymise.findings import EntityType, Finding
from anonymise.lexicon import Lexicon, lexicon, word_set
from anonymise.recognisers.shapes import is_strong, name_end
from anonymise.tokens import Word, words

_SHORTEST = 3


@dataclass(frozen=True, slots=True)
class Capitals:
    """No list knows every name; a capital that ordinary spelling does not explain is enough to mask."""

    name: str = "unknown capitals"

    def find(self, text: str) -> Iterable[Finding]:
        """Every unknown word with a meaningful capital, and the words it goes on with."""
        found = words(text)
        known = lexicon()
        index = 0
        while index < len(found):
            if not _is_unknown(found, index, known):
                index += 1
                continue
            end = name_end(text, found, index, known)
            kind = (
                EntityType.PLACE
                if index and found[index - 1].folded in word_set("capitals_place_before")
                else EntityType.PERSON
            )
            yield Finding(found[index].start, found[end - 1].end, kind, 0.6, self.name)
            index = end


def _is_unknown(found: Sequence[Word], index: int, known: Lexicon) -> bool:
    word = found[index]
    if not word.capital or len(word.text) < _SHORTEST or not word.text[1:].islower():
        return False
    if known.is_ordinary(word.folded) or is_strong(word, known) or word.folded in known.places:
        return False
    return not word.opens or _acts(found, index, known)


def _acts(found: Sequence[Word], index: int, known: Lexicon) -> bool:
    """The first word of a sentence is a name if it does what people do, or a family name follows."""
    if index + 1 >= len(found) or known.could_be_name(found[index].folded):
        return False
    following = found[index + 1]
    unknown_capital = following.capital and not known.is_ordinary(following.folded)
    return following.folded in word_set("does") or unknown_capital
