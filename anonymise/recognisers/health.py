"""Health service numbers: CHI (ten digits that begin with a birth date) and the NHS number (checksum or context)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from anonymise.findings import EntityType, Finding
from anonymise.recognisers.calendar import is_day_month
from anonymise.recognisers.pattern import before, compiled

_TEN = re.compile(r"(?<![\d+£])(?<!\d[ \-])\d(?:[ \-./]{0,2}\d){9}(?![ \-]?\d)")
_CHI_CONTEXT = compiled(r"\bc\.?h\.?i\b|\bcommunity health\b")
_NHS_CONTEXT = compiled(r"\b(?:nhs|health|hospital|patient|unit) ?(?:no|num|number|id)\b")


@dataclass(frozen=True, slots=True)
class HealthNumbers:
    """CHI needs no check digit here: a mistyped one still points at somebody."""

    name: str = "health numbers"

    def find(self, text: str) -> Iterable[Finding]:
        """Every number of ten digits that is one of the two."""
        for match in _TEN.finditer(text):
            digits = "".join(part for part in match.group() if part.isdigit())
            if is_day_month(int(digits[:2]), int(digits[2:4])) or before(text, match.start(), _CHI_CONTEXT):
                yield Finding(match.start(), match.end(), EntityType.CHI, 0.96, self.name)
            elif has_nhs_check_digit(digits) or before(text, match.start(), _NHS_CONTEXT):
                yield Finding(match.start(), match.end(), EntityType.NHS, 0.9, self.name)


def has_nhs_check_digit(digits: str) -> bool:
    """Modulus 11 over the first nine of ten digits, as the NHS data dictionary defines it."""
    remainder = 11 - sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False)) % 11
    return remainder != 10 and int(digits[9]) == remainder % 11
