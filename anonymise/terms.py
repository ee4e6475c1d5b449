"""Terms given from outside: what must be masked (a display name, what an inspector pointed at) and what never is."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from anonymise.findings import EntityType, Finding
from anonymise.lexicon import lexicon, read_yaml
from anonymise.normal import HIDDEN, fold, normalise
from anonymise.tokens import words

_SHORT = 3  # numbers this short are nobody's anyway


@dataclass(frozen=True, slots=True)
class Terms:
    """A recogniser of given terms, in any case and with or without accents; `parts` also finds each word of a name."""

    terms: tuple[str, ...]
    parts: bool = False
    name: str = "given terms"

    def find(self, text: str) -> Iterable[Finding]:
        """Every place where a term stands as a word of its own."""
        folded = _fold_each(text)
        for term in self._all():
            kind = EntityType.CASE if any(character.isdigit() for character in term) else EntityType.PERSON
            for start, end in _stands(folded, term):
                yield Finding(start, end, kind, 1.0, self.name)
        if self.parts:
            yield from self._capital_parts(text)

    def _all(self) -> set[str]:
        terms = {_fold_each(normalise(term).text).strip() for term in self.terms}
        if self.parts:
            terms |= {
                part for term in terms for part in re.split(r"[\W_]+", term) if len(part) > 2 and not _is_word(part)
            }
        return {term for term in terms if any(character.isalnum() for character in term)}

    def _capital_parts(self, text: str) -> Iterable[Finding]:
        """ "Will" of the display name "Will B" is masked with a capital only."""
        parts = {
            part
            for term in self.terms
            for part in re.split(r"[\W_]+", _fold_each(normalise(term).text))
            if len(part) > 2
        }
        for word in words(text):
            if word.folded in parts and word.capital and not (word.opens and _is_word(word.folded)):
                yield Finding(word.start, word.end, EntityType.PERSON, 1.0, self.name)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text in which nothing is masked."""

    start: int
    end: int

    def covers(self, finding: Finding) -> bool:
        """Whether a finding lies within."""
        return self.start <= finding.start and finding.end <= self.end


def spared(text: str, allow: Iterable[str]) -> list[Span]:
    """Public bodies and allowed terms in normalised text."""
    folded = _fold_each(text)
    spans = [Span(*match.span()) for match in _never().finditer(folded)]
    for term in allow:
        wanted = _fold_each(normalise(term).text).strip()
        spans += [Span(start, end) for start, end in _stands(folded, wanted)] if wanted else []
    return spans


def helplines(text: str) -> list[tuple[int, int]]:
    """Where helplines stand in normalised text."""
    return [match.span() for match in _helplines().finditer(text)]


@cache
def _never() -> re.Pattern[str]:
    phrases = sorted(read_yaml("never.yml")["phrases"], key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(re.escape(phrase) for phrase in phrases)})(?!\w)")


@cache
def _helplines() -> re.Pattern[str]:
    """Each helpline as people space it, with the country's code or without; more digits make it another number."""
    numbers = [_spaced(number) for number in read_yaml("never.yml")["helplines"] if len(number) > _SHORT]
    return re.compile(rf"(?<![\w+])(?<!\d[ \-.,])(?<!\d, )(?:{'|'.join(numbers)})(?!\w|[ \-.]?\d)")


def _spaced(number: str) -> str:
    gap = r"[ \-.()]{0,2}"
    if not number.startswith("0"):
        return gap.join(number)
    return rf"\(?(?:\+?44{gap}(?:\(?0\)?{gap})?|0{gap}){gap.join(number[1:])}"


def _stands(folded: str, term: str) -> Iterable[tuple[int, int]]:
    start = folded.find(term)
    while start >= 0:
        end = start + len(term)
        if not _joins(folded, start - 1, start) and not _joins(folded, end - 1, end):
            yield start, end
        start = folded.find(term, start + 1)


def _joins(text: str, left: int, right: int) -> bool:
    """Whether the characters at `left` and `right` belong to one word."""
    return (
        left >= 0
        and right < len(text)
        and text[left].isalnum()
        and text[right].isalnum()
        and HIDDEN not in text[left : right + 1]
    )


def _fold_each(text: str) -> str:
    """Folded character by character, so that positions stay."""
    return text.lower() if text.isascii() else "".join(fold(character) for character in text)


def _is_word(part: str) -> bool:
    known = lexicon()
    return known.is_ordinary(part) or part in known.given_words or part in known.surname_words
