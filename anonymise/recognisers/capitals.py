"""Words nobody knows, with a capital inside a sentence: most likely somebody's name, or a place after "in" or "at"."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from anonymise.findings import EntityType, Finding
from anonymise.lexicon import Lexicon, lexicon
from anonymise.recognisers.shapes import is_strong, name_end
from anonymise.tokens import Word, words

_PLACE_BEFORE = frozenset("in near into at around outside visiting leaving to from".split())


@dataclass(frozen=True, slots=True)
class Capitals:
    """The lists cannot know every name in the world; a capital that ordinary spelling does not explain is enough to mask."""

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
            kind = EntityType.PLACE if index and found[index - 1].folded in _PLACE_BEFORE else EntityType.PERSON
            yield Finding(found[index].start, found[end - 1].end, kind, 0.6, self.name)
            index = end


def _is_unknown(found: Sequence[Word], index: int, known: Lexicon) -> bool:
    word = found[index]
    if not word.capital or word.opens or len(word.text) < 3 or not word.text[1:].islower():
        return False
    return not known.is_ordinary(word.folded) and not is_strong(word, known) and word.folded not in known.places
