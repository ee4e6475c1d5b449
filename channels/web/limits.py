"""How often one browser, and one address of the internet, may write. In memory: it protects this process only.

A whole hostel may share one internet address, so that limit is wide. Whoever is over a limit keeps their words.
"""

from dataclasses import dataclass, field
from datetime import datetime

_MOST_KEYS = 20_000


@dataclass(frozen=True, slots=True)
class Limit:
    """`burst` at once, then `per_second`."""

    burst: float
    per_second: float


@dataclass(slots=True)
class _Bucket:
    left: float
    at: datetime


@dataclass(slots=True)
class Limiter:
    """Token buckets, one for each key."""

    limit: Limit
    _buckets: dict[str, _Bucket] = field(default_factory=dict)

    def wait(self, key: str, now: datetime) -> float:
        """Take one turn. 0 when there was one; else the seconds until there is."""
        bucket = self._buckets.get(key)
        if bucket is None:
            self._make_room(now)
            bucket = self._buckets[key] = _Bucket(self.limit.burst, now)
        bucket.left, bucket.at = self._left(bucket, now), now
        if bucket.left >= 1:
            bucket.left -= 1
            return 0.0
        return (1 - bucket.left) / self.limit.per_second

    def _left(self, bucket: _Bucket, now: datetime) -> float:
        passed = max(0.0, (now - bucket.at).total_seconds())
        return min(self.limit.burst, bucket.left + passed * self.limit.per_second)

    def _make_room(self, now: datetime) -> None:
        """Forget those who have their whole burst again; if all are busy, the one that was here first."""
        if len(self._buckets) < _MOST_KEYS:
            return
        full = [key for key, bucket in self._buckets.items() if self._left(bucket, now) >= self.limit.burst]
        for key in full or [next(iter(self._buckets))]:
            del self._buckets[key]
