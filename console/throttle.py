"""Slows down guessing from one place. In memory: a restart forgets it, the lock on an account does not."""

import threading
from collections import deque
from datetime import datetime, timedelta

from records.clock import Clock

MOST_PLACES = 10_000


class Throttle:
    """Lets a place try so often in a stretch of time."""

    def __init__(self, clock: Clock, tries: int = 20, within: timedelta = timedelta(minutes=5)) -> None:
        self._clock = clock
        self._tries = tries
        self._within = within
        self._places: dict[str, deque[datetime]] = {}
        self._lock = threading.Lock()

    def lets(self, place: str) -> bool:
        """May this place try once more? A refused try counts as none."""
        now = self._clock.now()
        with self._lock:
            self._forget(now)
            tried = self._places.setdefault(place, deque())
            while tried and now - tried[0] >= self._within:
                tried.popleft()
            if len(tried) >= self._tries:
                return False
            tried.append(now)
            return True

    def _forget(self, now: datetime) -> None:
        if len(self._places) >= MOST_PLACES:
            self._places = {
                place: tried for place, tried in self._places.items() if tried and now - tried[-1] < self._within
            }
