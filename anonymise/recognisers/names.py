"""Names that the gazetteers know, wherever they stand. A name that is also a word needs a capital and its place."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from anonymise.findings import EntityType, Finding
from anonymise.lexicon import Lexicon, lexicon, word_set
from anonymise.recognisers.shapes import has_name_shape, is_plural, is_strong, name_end
from anonymise.tokens import Word, gap, words


@dataclass(frozen=True, slots=True)
class Names:
    """Given and family names of many origins, in capitals or not."""

    name: str = "names"

    def find(self, text: str) -> Iterable[Finding]:
        """Every name, from its first word (or initial) to its last."""
        found = words(text)
        known = lexicon()
        index = 0
        while index < len(found):
            probability = self._probability(text, found, index, known)
            if probability <= 0:
                index += 1
                continue
            end = name_end(text, found, index, known)
            start = self._with_initial(text, found, index)
            yield Finding(start, found[end - 1].end, EntityType.PERSON, probability, self.name)
            index = end
        yield from self._spelled(text)

    def _probability(self, text: str, found: Sequence[Word], index: int, known: Lexicon) -> float:
        word = found[index]
        if word.folded in known.given or has_name_shape(word):
            return 0.95 if word.capital else 0.85
        if is_strong(word, known):
            return 0.85 if word.capital else 0.7
        if is_plural(word, known):
            return 0.75
        if word.folded in known.given_words and word.capital and word.text[1:].islower():
            return self._word_or_name(text, found, index, known)
        return 0.0

    def _word_or_name(self, text: str, found: Sequence[Word], index: int, known: Lexicon) -> float:
        """ "Grace was lovely" and "I saw Grace", not "Grace period", "In May", "Will you"."""
        word = found[index]
        following = found[index + 1] if index + 1 < len(found) else None
        if following and following.capital and gap(text, word, following) == " " and self._is_family(following, known):
            return 0.85
        if word.folded in word_set("names_calendar"):
            return 0.0 if not self._is_person(found, index) else 0.75
        if word.opens:
            return 0.75 if following and following.folded in word_set("does") and len(word.text) > 2 else 0.0
        return 0.75

    def _is_family(self, word: Word, known: Lexicon) -> bool:
        return known.could_be_name(word.folded) and not known.is_ordinary(word.folded)

    def _is_person(self, found: Sequence[Word], index: int) -> bool:
        """ "I saw May", not "in May", "May 2019" or "last Summer"."""
        before = found[index - 1].folded if index else ""
        after = found[index + 1].folded if index + 1 < len(found) else ""
        return (
            bool(before)
            and before not in word_set("names_before_calendar")
            and after in word_set("does")
            and not found[index].opens
        )

    def _with_initial(self, text: str, found: Sequence[Word], index: int) -> int:
        """ "J. Smith" begins at the J."""
        word = found[index]
        dotted = index and found[index - 1].initial and found[index - 1].text not in "AIUR"
        if dotted and word.capital and gap(text, found[index - 1], word) in (" ", ". ", "."):
            return found[index - 1].start
        return word.start

    def _spelled(self, text: str) -> Iterator[Finding]:
        """ "J-o-r-d-a-n": single letters that spell a name."""
        run: list[tuple[int, str]] = []
        for position, character in enumerate(text):
            alone = not text[position - 1 : position].isalnum() and not text[position + 1 : position + 2].isalnum()
            if character.isalpha() and alone:
                run.append((position, character.lower()))
            elif character.isalnum() or character not in " -.,_*/" or (run and position - run[-1][0] > 2):
                yield from self._close(run)
                run = []
        yield from self._close(run)

    def _close(self, run: Sequence[tuple[int, str]]) -> Iterator[Finding]:
        known = lexicon()
        for skipped in range(min(3, max(0, len(run) - 3))):
            rest = run[skipped:]
            if known.could_be_name("".join(letter for _, letter in rest)):
                yield Finding(rest[0][0], rest[-1][0] + 1, EntityType.PERSON, 0.85, self.name)
                return
