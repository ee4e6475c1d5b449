"""The heartbeats of the loops: how `doctor` and `serve` know that each of them is alive. Bookmarks, nothing more.

A loop beats from its own thread, between two pieces of work, so that a loop that hangs stops beating.
"""

import os
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from records.database import Database
from records.tables import Bookmark

EVERY = timedelta(seconds=20)
LATE = timedelta(minutes=2)
TURNS, DELIVERY, CLOCKS = "worker:turns", "worker:delivery", "worker:clocks"


class Heart:
    """One loop's heart. Beat it each time round, as often as you like; it writes at most every 20 seconds."""

    def __init__(self, database: Database, name: str) -> None:
        self._database = database
        self._name = name
        self._last: datetime | None = None

    def beat(self) -> None:
        """Say "still here". The first beat says "ready"."""
        now = self._database.clock.now()
        if self._last is not None and now - self._last < EVERY:
            return
        with self._database.write() as unit:
            unit.session.merge(Bookmark(name=self._name, value={"process": os.getpid()}, at=now))
        self._last = now


def last_beat(session: Session, name: str) -> datetime | None:
    """When the loop called `name` was last heard of."""
    bookmark = session.get(Bookmark, name)
    return bookmark.at if bookmark else None
