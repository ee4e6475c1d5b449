"""Time is passed in. Stored in UTC, shown in Europe/London, and never slept through in a test."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


class Clock(Protocol):
    """Anything that can say what time it is."""

    def now(self) -> datetime:
        """The present moment, aware, UTC."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass(slots=True)
class ManualClock:
    """A clock that only moves when it is told to. For tests and scripted conversations."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment

    def advance(self, step: timedelta) -> None:
        """Move forward by `step`."""
        self.moment += step


def local(moment: datetime) -> datetime:
    """The same moment as people in Scotland read it off the wall."""
    return moment.astimezone(LONDON)


def spoken(day: date) -> str:
    """A day as people say it: 30 September 2026."""
    return f"{day.day} {day:%B %Y}"
