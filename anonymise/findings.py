"""What a recogniser reports: where an identifier stands, of which type, how sure it is. Nothing is masked here."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class EntityType(StrEnum):
    """The kinds of identifier. The order breaks ties when two recognisers claim the same characters."""

    PERSON = "PERSON"
    PLACE = "PLACE"
    ORG = "ORG"
    ADDRESS = "ADDRESS"
    POSTCODE = "POSTCODE"
    PHONE = "PHONE"
    EMAIL = "EMAIL"
    HANDLE = "HANDLE"
    URL = "URL"
    CHI = "CHI"
    NHS = "NHS"
    NINO = "NINO"
    CASE = "CASE"
    DOB = "DOB"
    DATE = "DATE"
    AGE = "AGE"
    VEHICLE = "VEHICLE"
    BANK = "BANK"
    ROLE = "ROLE"


@dataclass(frozen=True, slots=True)
class Finding:
    """The characters `start` to `end` (exclusive) are probably a `type`. It holds positions, never words."""

    start: int
    end: int
    type: EntityType
    probability: float
    recogniser: str

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError("a finding needs at least one character")
        if not 0.0 <= self.probability <= 1.0:
            raise ValueError("a probability lies between 0 and 1")


class Recogniser(Protocol):
    """Finds identifiers in normalised text (see `normal`), whose hidden parts show as one `normal.HIDDEN` each.

    `find` must be a pure function of the text, linear in its length, and must never put words into an exception.
    """

    @property
    def name(self) -> str:
        """Shown to staff when it fails."""

    def find(self, text: str) -> Iterable[Finding]:
        """The findings in `text`, in any order, overlapping or not."""


def merge(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Join what overlaps, so that each character belongs to one finding; the order given does not matter.

    The union takes type and recogniser from its longest part (then the surest, then the order of `EntityType`), and the
    probability of its surest part.
    """
    merged: list[Finding] = []
    group: list[Finding] = []
    end = 0
    for finding in sorted(findings, key=_position):
        if group and finding.start >= end:
            merged.append(_union(group))
            group = []
        group.append(finding)
        end = max(end, finding.end)
    return (*merged, _union(group)) if group else ()


def _union(group: list[Finding]) -> Finding:
    best = min(group, key=_rank)
    return Finding(
        start=min(part.start for part in group),
        end=max(part.end for part in group),
        type=best.type,
        probability=max(part.probability for part in group),
        recogniser=best.recogniser,
    )


def _position(finding: Finding) -> tuple[int, int, int, float, str]:
    return (finding.start, finding.end, list(EntityType).index(finding.type), finding.probability, finding.recogniser)


def _rank(finding: Finding) -> tuple[int, float, int, str]:
    return (finding.start - finding.end, -finding.probability, list(EntityType).index(finding.type), finding.recogniser)
