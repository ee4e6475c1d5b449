"""Helplines: who somebody can turn to, and whether anybody would answer now.

It never shows a number that is not confirmed, nor one that is known to be shut at this hour.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from records.clock import local
from records.types import AgeBand, Category

_FILE = Path(__file__).parent / "helplines.yml"
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = 24 * 60
_WEEK = 7 * _DAY
_UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Span:
    """A time in the week when somebody answers: minutes since Monday 00:00, `end` not included. May run over Sunday."""

    start: int
    end: int

    def holds(self, minute: int) -> bool:
        """Is that minute of the week inside?"""
        return (minute - self.start) % _WEEK < (self.end - self.start) % _WEEK


@dataclass(frozen=True, slots=True)
class Helpline:
    """One number. `spans` None: hours not known; empty: always open."""

    id: str
    name: str
    number: str
    shown_as: str
    spans: tuple[Span, ...] | None
    bands: frozenset[AgeBand | None] | None  # None inside the set: an age nobody has told us
    categories: frozenset[Category]
    rank: int
    confirmed: bool
    verified_on: date | None

    def suits(self, age_band: AgeBand | None) -> bool:
        """Is it for somebody of that age?"""
        return self.bands is None or age_band in self.bands


def open_now(helpline: Helpline, now: datetime) -> bool:
    """Is it known to be open at this moment? `now` is aware; hours are read on the clock of Europe/London."""
    if helpline.spans is None:
        return False
    there = local(now)
    minute = there.weekday() * _DAY + there.hour * 60 + there.minute
    return not helpline.spans or any(span.holds(minute) for span in helpline.spans)


def helplines_for(
    category: Category, age_band: AgeBand | None, now: datetime, *, among: Iterable[Helpline] | None = None
) -> tuple[Helpline, ...]:
    """The confirmed helplines for a harm and an age that are not known to be shut, the best fit first.

    `among` stands in for the helplines of the file.
    """
    held = all_helplines() if among is None else among
    fitting = (line for line in held if line.confirmed and category in line.categories and line.suits(age_band))
    return tuple(sorted((line for line in fitting if _may_answer(line, now)), key=lambda line: line.rank))


def never_masked_numbers() -> frozenset[str]:
    """The digits of every helpline, confirmed or not: in a text they are nobody's personal data."""
    return frozenset("".join(filter(str.isdigit, line.number)) for line in all_helplines())


@cache
def all_helplines() -> tuple[Helpline, ...]:
    """Every helpline of the file, unconfirmed ones too: for the people who check them."""
    return tuple(_helpline(row) for row in yaml.safe_load(_FILE.read_text(encoding="utf-8")))


def _may_answer(line: Helpline, now: datetime) -> bool:
    return line.spans is None or open_now(line, now)


def _helpline(row: dict[str, Any]) -> Helpline:
    bands = row["bands"]
    return Helpline(
        id=row["id"],
        name=row["name"],
        number=str(row["number"]),
        shown_as=str(row["shown_as"]),
        spans=_spans(row["hours"]),
        bands=None if bands is None else frozenset(None if band == _UNKNOWN else AgeBand(band) for band in bands),
        categories=frozenset(Category(name) for name in row["categories"]),
        rank=row["rank"],
        confirmed=row["confirmed"] is True,
        verified_on=row["verified_on"],
    )


def _spans(hours: Any) -> tuple[Span, ...] | None:
    if hours is None:
        return None
    return () if hours == "always" else tuple(Span(_minute(start), _minute(end)) for start, end in hours)


def _minute(moment: str) -> int:
    day, clock = moment.split()
    hour, minute = clock.split(":")
    return _DAYS.index(day) * _DAY + int(hour) * 60 + int(minute)
