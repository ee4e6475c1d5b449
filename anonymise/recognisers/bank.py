"""Bank details: account numbers, sort codes, cards (Luhn) and IBANs."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from anonymise.findings import EntityType, Finding
from anonymise.recognisers.pattern import Pattern, compiled, find_all

_CARD = re.compile(r"(?<![\w£])(?<!\d[ \-])\d(?:[ \-]?\d){12,18}(?![ \-]?\d|\w)")
_PATTERNS = (
    Pattern(compiled(r"(?<!\w)[a-z]{2}\d{2}(?: ?[a-z0-9]{4}){3,7}(?: ?[a-z0-9]{1,4})?(?!\w)"), EntityType.BANK, 0.9),
    Pattern(compiled(r"\bsort ?code(?: is| was|:)? ?(?P<it>\d\d[ \-.]?\d\d[ \-.]?\d\d)(?!\d)"), EntityType.BANK, 0.97),
    Pattern(compiled(r"(?<![\w/\-])\d\d-\d\d-\d\d(?![\w/]|-\d)"), EntityType.BANK, 0.8),
    Pattern(
        compiled(
            r"\b(?:account|acc|acct|a/c|bank)(?: (?:no|num|number|details))?\.?(?: is| are|:)? ?(?P<it>\d"
            r"(?:[ \-]?\d){5,9})(?![\w])"
        ),
        EntityType.BANK,
        0.95,
    ),
    Pattern(
        compiled(r"\b(?:pin|cvv|cvc|security code)(?: (?:no|num|number|code))?(?: is|:) ?(?P<it>\d{3,6})(?!\w)"),
        EntityType.BANK,
        0.85,
    ),
    Pattern(
        compiled(r"\bcard(?: (?:no|num|number))?(?: is|:| ending(?: in)?)? (?P<it>\d(?:[ \-]?\d){3,18})(?!\w)"),
        EntityType.BANK,
        0.85,
    ),
)


@dataclass(frozen=True, slots=True)
class Bank:
    """What the words around introduce, and what its check digits give away."""

    name: str = "bank details"

    def find(self, text: str) -> Iterable[Finding]:
        """Accounts, sort codes, cards, IBANs."""
        yield from find_all(_PATTERNS, text, self.name)
        for match in _CARD.finditer(text):
            if passes_luhn("".join(part for part in match.group() if part.isdigit())):
                yield Finding(match.start(), match.end(), EntityType.BANK, 0.97, self.name)


def passes_luhn(digits: str) -> bool:
    """Luhn's check, which every payment card passes."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        number = int(digit) * (2 if place % 2 else 1)
        total += number - 9 if number > 9 else number
    return total % 10 == 0
