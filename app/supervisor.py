"""Keeps the parts of one `blether serve` running: starts what has died again, later each time, and stops them in order.

A part that keeps dying must never take the others with it: delivery goes on when the dialogue cannot.
"""

import logging
import subprocess
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

_log = logging.getLogger("blether.supervisor")

LONGEST_PAUSE = 30.0
STEADY_AFTER = 60.0  # seconds; whoever ran that long starts with a clean slate


class Part(Protocol):
    """Something that runs beside the others."""

    @property
    def name(self) -> str: ...

    def start(self) -> None:
        """Begin, or begin again."""
        ...

    def is_alive(self) -> bool:
        """Is it still running?"""
        ...

    def ask_to_stop(self) -> None:
        """Tell it to finish what it has in hand and end."""
        ...

    def stop(self, seconds: float) -> None:
        """Wait so many seconds for its end, then use force if need be."""
        ...


@dataclass(slots=True)
class ThreadPart:
    """A loop on a thread of this process. `run` returns when the event it was given is set."""

    name: str
    run: Callable[[threading.Event], None]
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._guarded, name=self.name, daemon=True)
        self._thread.start()

    def is_alive(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def ask_to_stop(self) -> None:
        self._stop.set()

    def stop(self, seconds: float) -> None:
        self.ask_to_stop()
        if self._thread is not None:
            self._thread.join(seconds)

    def _guarded(self) -> None:
        try:
            self.run(self._stop)
        except Exception:
            _log.exception("%s broke off", self.name)


@dataclass(slots=True)
class ProcessPart:
    """A process of its own. It watches its input: when we are gone, however that came, so is it."""

    name: str
    command: Sequence[str]
    _process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._close_input()
        # in a group of its own, so that Ctrl-C reaches us alone and we end it in good order
        self._process = subprocess.Popen(self.command, stdin=subprocess.PIPE, process_group=0)  # noqa: S603 - our own

    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def ask_to_stop(self) -> None:
        if self._process is not None:
            self._process.terminate()

    def stop(self, seconds: float) -> None:
        if self._process is None:
            return
        self.ask_to_stop()
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._close_input()

    def _close_input(self) -> None:
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()


@dataclass(slots=True)
class _Record:
    part: Part
    started: float
    failures: int = 0
    due: float | None = None  # when it is to be started again


class Supervisor:
    """Watches parts. `now` is a clock of seconds that never goes back."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._records: list[_Record] = []

    def start(self, *parts: Part) -> None:
        """Start parts, in order, and watch them from now on."""
        for part in parts:
            self._records.append(record := _Record(part, self._now()))
            self._start(record)

    def look(self) -> None:
        """See who has died, and start again whose pause is over. Call it often; it never waits."""
        for record in self._records:
            if record.due is not None:
                if self._now() >= record.due:
                    self._start(record)
            elif not record.part.is_alive():
                self._plan(record)

    def stop(self, seconds: float = 10.0) -> None:
        """Ask all parts to stop, and wait for each; the last first."""
        for record in reversed(self._records):
            record.part.ask_to_stop()
        for record in reversed(self._records):
            record.part.stop(seconds)

    def _start(self, record: _Record) -> None:
        record.started, record.due = self._now(), None
        try:
            record.part.start()
        except OSError:  # no memory or no process to be had: it will be tried again like any other death
            _log.exception("%s could not be started", record.part.name)

    def _plan(self, record: _Record) -> None:
        if self._now() - record.started >= STEADY_AFTER:
            record.failures = 0
        pause = min(2.0**record.failures, LONGEST_PAUSE)
        record.failures += 1
        record.due = self._now() + pause
        _log.error("%s has stopped; it is started again in %.0f s", record.part.name, pause)
