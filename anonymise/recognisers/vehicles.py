"""Vehicle registrations of today's, prefix, suffix and dateless shape."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from anonymise.findings import EntityType, Finding
from anonymise.recognisers.pattern import Pattern, compiled, find_all

_PATTERNS = (
    Pattern(re.compile(r"(?<!\w)[A-Z]{2}\d{2} ?[A-Z]{3}(?!\w)"), EntityType.VEHICLE, 0.92),
    Pattern(re.compile(r"(?<!\w)(?!in|at|by|on|to|of|is)[a-z]{2}\d{2}[a-z]{3}(?!\w)"), EntityType.VEHICLE, 0.85),
    Pattern(
        re.compile(
            r"(?<!\w)[A-Z]\d{2,3} [A-Z]{3}(?!\w)|(?<!\w)[A-Z]\d{1,3}[A-Z]{3}(?!\w)|(?<!\w)[A-Z]{3} ?\d{1,3}[A-Z](?!\w)"
        ),
        EntityType.VEHICLE,
        0.7,
    ),
    Pattern(
        compiled(
            r"\b(?:reg(?:istration)?|number ?plate|licen[cs]e plate|plate)(?: (?:no|num|number|mark))?(?: is"
            r"| was|:)? ?(?P<it>(?=[a-z0-9 ]{0,8}\d)[a-z0-9]{1,4} ?[a-z0-9]{1,4})(?!\w)"
        ),
        EntityType.VEHICLE,
        0.88,
    ),
)


@dataclass(frozen=True, slots=True)
class Vehicles:
    """In capitals anywhere, in any case after "reg" or "number plate"."""

    name: str = "vehicles"

    def find(self, text: str) -> Iterable[Finding]:
        """Every registration."""
        return find_all(_PATTERNS, text, self.name)
