"""National Insurance numbers."""

from collections.abc import Iterable
from dataclasses import dataclass

from anonymise.findings import EntityType, Finding
from anonymise.recognisers.pattern import Pattern, compiled, find_all

_SEP = r"[ \-.]{0,2}"
_DIGITS = _SEP.join([r"\d"] * 6)
_PATTERNS = (
    Pattern(
        compiled(rf"(?<!\w)[a-ceghj-pr-tw-z] ?[a-ceghj-npr-tw-z]{_SEP}{_DIGITS}{_SEP}[a-d](?!\w)"),
        EntityType.NINO,
        0.97,
    ),
    Pattern(
        compiled(
            r"\b(?:n\.?i\.?|nino|national insurance)(?: ?(?:no|num|number))?\.?(?: is|:)? ?"
            rf"(?P<it>[a-z]{{0,2}}{_SEP}\d(?:[ \-]?\d){{3,7}} ?[a-d]?)(?!\w)"
        ),
        EntityType.NINO,
        0.85,
    ),
)


@dataclass(frozen=True, slots=True)
class NationalInsurance:
    """Two letters, six digits, A to D; or what the words "NI number" introduce."""

    name: str = "national insurance"

    def find(self, text: str) -> Iterable[Finding]:
        """Every number."""
        return find_all(_PATTERNS, text, self.name)
