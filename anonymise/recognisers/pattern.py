"""What several recognisers share: a pattern with a probability, and a look at the words before a match."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from anonymise.findings import EntityType, Finding

NEAR = 30  # characters before a match that are searched for context words


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression, linear in the text; its group "it", or else the whole match, is the identifier."""

    regex: re.Pattern[str]
    type: EntityType
    probability: float

    def find(self, text: str, recogniser: str) -> Iterator[Finding]:
        """A finding for each match."""
        group = "it" if "it" in self.regex.groupindex else 0
        for match in self.regex.finditer(text):
            yield Finding(match.start(group), match.end(group), self.type, self.probability, recogniser)


def compiled(regex: str) -> re.Pattern[str]:
    """A case-insensitive pattern."""
    return re.compile(regex, re.IGNORECASE)


def find_all(patterns: Iterable[Pattern], text: str, recogniser: str) -> Iterator[Finding]:
    """The findings of several patterns."""
    for pattern in patterns:
        yield from pattern.find(text, recogniser)


def before(text: str, start: int, context: re.Pattern[str], near: int = NEAR) -> bool:
    """Whether a context word stands shortly before `start`."""
    return context.search(text[max(0, start - near) : start]) is not None
