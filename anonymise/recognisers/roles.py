"""Jobs that single one person out because the place is named: "the head teacher at Madeup Primary"."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from anonymise.findings import EntityType, Finding
from anonymise.lexicon import lexicon, read_yaml
from anonymise.normal import HIDDEN, fold
from anonymise.recognisers.pattern import compiled


@cache
def _pattern() -> re.Pattern[str]:
    data = read_yaml("roles.yml")
    roles = "|".join(sorted((re.escape(role) for role in data["roles"]), key=len, reverse=True))
    joins = "|".join(data["joins"])
    return compiled(
        rf"\b(?P<it>(?:only |former |ex-)?(?:{roles}))(?: (?:here|over|up|down|working))? (?:{joins}) "
        rf"(?:the )?(?P<place>{HIDDEN}|[^\W\d_]+)"
    )


@dataclass(frozen=True, slots=True)
class Roles:
    """A job, "at" or "of", and a name. "The manager" alone stays: it says what matters and names nobody."""

    name: str = "jobs"

    def find(self, text: str) -> Iterable[Finding]:
        """Every job that singles somebody out."""
        for match in _pattern().finditer(text):
            if _names_a_place(match.group("place")):
                yield Finding(match.start("it"), match.end("it"), EntityType.ROLE, 0.8, self.name)


def _names_a_place(word: str) -> bool:
    known = lexicon()
    folded = fold(word)
    return (
        word == HIDDEN
        or folded in known.places
        or (word[0].isupper() and not known.is_ordinary(folded) and len(word) > 2)
    )
