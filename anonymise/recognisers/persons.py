"""Names that the words before them introduce: "my name is ...", "my son ...", "Dr ...", "called ..."."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache

from anonymise.findings import EntityType, Finding
from anonymise.lexicon import Lexicon, lexicon, word_set
from anonymise.recognisers.pattern import compiled
from anonymise.recognisers.shapes import is_strong, name_end
from anonymise.tokens import Word, gap, words


class _Trust(Enum):
    """How much the introducing words say about the next one."""

    NAMED = "named"  # any word that is not ordinary, in any case
    TITLE = "title"  # the same, and ordinary words with a capital
    KIN = "kin"  # a capital, or a name the lists know
    SOFT = "soft"  # as KIN, and a word-name only with a capital


_AFTER_WORD_NAME = re.compile(
    r"(?:'s\b|\s*$|\s*[,.;!?)\ufffc]|\s+(?:is|was|has|had|and|who|came|comes|said|says|hit|hits|hurt|hurts|died|left|told|tells|took|takes|gave|gives|works|worked|lives|lived|stays|rang|phoned|never|always|got|gets|went|goes|used|knows|looks|helps|helped"
    r"|does|did|from|at|for|with|to)\b)",
    re.IGNORECASE,
)
_NAMED = compiled(
    r"\b(?:my (?:full |real |first |last |second |middle |maiden |pet |wee )?name(?: is|'s|s)|(?:his"
    r"|her|their|our|the|whose|wi?th the|by the) (?:full |real |first |last )?names?(?: is| was|'s"
    r"| are|s)|"
    r"named|nicknamed|known as|goes by(?: the name(?: of)?)?|call me|name:|names:|called|cawed|cried"
    r"|signed(?: by)?|surname is|first name is|first name|surname|christened)[ :]+"
)
_SOFT = compiled(
    r"\b(?:this is|it's|its|i am|i'm|im|am|here is|here's|from|regards,?|thanks,?|cheers,?|love,?"
    r"|yours,?|sincerely,?|hi|hello|hey|dear|hiya|ask for|spoke to|spoke with|speak to|speaking to"
    r"|met|saw|seen|with|and|&|"
    r"by|told|asked|thank|thanks to|contact|phone|ring|phoned|rang|texted|for|to|about|miss|love"
    r"|hate|like|blame|trust|\ufffc,?|\ufffc and|\ufffc &)[ ]+"
)


@cache
def _introducers() -> tuple[tuple[re.Pattern[str], _Trust], ...]:
    known = lexicon()
    titles = "|".join(sorted((re.escape(title) for title in known.titles), key=len, reverse=True))
    capital = "|".join(title.capitalize() for title in sorted(known.capital_titles))
    upper = "|".join(title.upper() for title in sorted(known.capital_titles) if len(title) < 4)
    kin = "|".join(sorted((re.escape(word) for word in known.kin), key=len, reverse=True))
    return (
        (_NAMED, _Trust.NAMED),
        (re.compile(rf"(?<!\w)(?:{titles})\.? ?(?<=[ .])", re.IGNORECASE), _Trust.TITLE),
        (re.compile(rf"(?<!\w)(?:{capital}|{upper}) "), _Trust.KIN),
        (compiled(rf"\b(?:{kin})(?:'s name)?(?: is| was| are|,| called| named| -|:|'s)? "), _Trust.KIN),
        (_SOFT, _Trust.SOFT),
    )


@dataclass(frozen=True, slots=True)
class Persons:
    """The words after an introducer, and the names listed after the first."""

    name: str = "introductions"

    def find(self, text: str) -> Iterable[Finding]:
        """Every introduced name."""
        found = words(text)
        at = {word.start: index for index, word in enumerate(found)}
        for pattern, trust in _introducers():
            for match in pattern.finditer(text):
                index = at.get(match.end())
                if index is not None:
                    yield from self._names(text, found, index, trust)

    def _names(self, text: str, found: Sequence[Word], index: int, trust: _Trust) -> Iterator[Finding]:
        """The name at `index`, and those joined to it by a comma or "and"."""
        known = lexicon()
        while index < len(found):
            probability = _probability(text, found[index], trust, known)
            if probability <= 0:
                return
            end = name_end(text, found, index, known)
            yield Finding(found[index].start, found[end - 1].end, EntityType.PERSON, probability, self.name)
            index = _next_in_list(text, found, end)
            trust = _Trust.KIN if trust is not _Trust.SOFT else trust


def _next_in_list(text: str, found: Sequence[Word], index: int) -> int:
    """The word after ", " or " and ", or the end."""
    if index >= len(found):
        return index
    between = gap(text, found[index - 1], found[index])
    if between in (", ", " & ", ","):
        return index + 1 if found[index].folded == "and" else index
    if found[index].folded in ("and", "n") and between == " ":
        return index + 1
    return len(found)


def _probability(text: str, word: Word, trust: _Trust, known: Lexicon) -> float:
    if is_strong(word, known):
        return 0.95 if word.capital else 0.9
    if trust is _Trust.NAMED:
        return _named(text, word, known)
    if trust is _Trust.TITLE:
        return _titled(word, known)
    if word.folded in known.given_words or word.folded in known.surname_words:
        return _word_name(text, word, trust, known)
    if trust is _Trust.KIN and word.capital and _is_unknown(word, known):
        return 0.85
    return 0.0


def _named(text: str, word: Word, known: Lexicon) -> float:
    if word.folded in word_set("persons_never_after_named") or word.folded in word_set("persons_vowed"):
        return 0.0
    if word.folded in known.given_words:
        return 0.9 if word.capital or _AFTER_WORD_NAME.match(text, word.end) else 0.0
    if word.capital and word.text[1:].islower():
        return 0.85 if not known.is_ordinary(word.folded) else 0.0
    return 0.75 if not known.is_ordinary(word.folded) and len(word.text) > 2 else 0.0


def _titled(word: Word, known: Lexicon) -> float:
    if word.folded in word_set("persons_never_after_named"):
        return 0.0
    if word.capital:
        return 0.9 if word.folded not in word_set("persons_not_after_title") else 0.0
    known_word = word.folded in known.surname_words and word.folded not in word_set("persons_never_after_named")
    return 0.8 if known_word or not known.is_ordinary(word.folded) else 0.0


def _word_name(text: str, word: Word, trust: _Trust, known: Lexicon) -> float:
    """A name that is also a word, after an introducer."""
    if word.folded not in known.given_words:
        return 0.0
    if word.capital and not word.opens and word.folded not in word_set("persons_months"):
        return 0.85 if len(word.text) > 2 else 0.0
    if (
        trust is _Trust.KIN
        and len(word.text) > 2
        and word.folded not in word_set("persons_hardly")
        and word.folded not in word_set("persons_months")
    ):
        return 0.7 if _AFTER_WORD_NAME.match(text, word.end) else 0.0
    return 0.0


def _is_unknown(word: Word, known: Lexicon) -> bool:
    return (
        word.text[1:].islower()
        and len(word.text) > 2
        and not known.is_ordinary(word.folded)
        and word.folded not in known.places
    )
