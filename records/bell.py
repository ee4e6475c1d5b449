"""The bell: wakes the loops when a transaction has left something for them, so that nobody polls hard.

PostgreSQL carries it between processes (`LISTEN/NOTIFY`); within a process it is a condition. On SQLite another process
hears nothing, and simply looks again after its timeout. A missed ring is never a lost message: loops look anyway.
"""

import threading
from collections.abc import Iterable

import psycopg
from sqlalchemy import Connection, Engine, text

_CHANNEL = "blether"


class Bell:
    """Rings and waits, by topic."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._changed = threading.Condition()
        self._counts: dict[str, int] = {}
        self._listener: threading.Thread | None = None
        self._closing = threading.Event()
        self._is_postgres = engine.dialect.name == "postgresql"

    def ring_inside(self, connection: Connection, topics: Iterable[str]) -> None:
        """Add the notifications to a PostgreSQL transaction; they are sent when it commits."""
        if self._is_postgres:
            for topic in sorted(topics):
                connection.execute(text("SELECT pg_notify(:channel, :topic)"), {"channel": _CHANNEL, "topic": topic})

    def ring_after(self, topics: Iterable[str]) -> None:
        """Wake the waiters of this process."""
        with self._changed:
            for topic in topics:
                self._counts[topic] = self._counts.get(topic, 0) + 1
            self._changed.notify_all()

    def count(self, topic: str) -> int:
        """How often `topic` has rung here. Take it before looking for work, give it to `wait` after."""
        with self._changed:
            return self._counts.get(topic, 0)

    def wait(self, topic: str, seen: int, timeout: float) -> None:
        """Return when `topic` has rung since `seen`, or after `timeout` seconds."""
        self._listen()
        with self._changed:
            self._changed.wait_for(lambda: self._counts.get(topic, 0) != seen or self._closing.is_set(), timeout)

    def close(self) -> None:
        """Let every waiter go."""
        self._closing.set()
        with self._changed:
            self._changed.notify_all()
        if self._listener is not None:
            self._listener.join(timeout=3)

    def _listen(self) -> None:
        with self._changed:
            if not self._is_postgres or self._listener is not None:
                return
            self._listener = threading.Thread(target=self._hear, name="bell", daemon=True)
            self._listener.start()

    def _hear(self) -> None:
        address = self._engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        while not self._closing.is_set():
            try:
                self._hear_until_cut(address)
            except psycopg.OperationalError:
                self._closing.wait(1.0)  # the database is away: loops look by their timeouts until it is back

    def _hear_until_cut(self, address: str) -> None:
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(f"LISTEN {_CHANNEL}")
            while not self._closing.is_set():
                for heard in connection.notifies(timeout=0.5):
                    self.ring_after([heard.payload])
