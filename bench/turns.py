"""How fast messages are taken in, and turns taken, on SQLite and PostgreSQL: messages a second, 95th percentile.

Run it: `.venv/bin/python -m bench.turns [--people 10] [--messages 20] [--postgres postgresql://...]`. Everything is
thrown away afterwards: SQLite in a temporary folder, PostgreSQL in a database that is made and dropped.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import quantiles
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql
from rich.console import Console
from rich.table import Table
from sqlalchemy import func, make_url, select

from app.house import House, furnish
from app.pocket import DOORS, NUMBER, Pocket
from app.settings import Settings
from app.start_up import limit_threads, open_records
from engagement.rounds import open_demo_round
from records.clock import ManualClock
from records.clock import SystemClock as Now
from records.tables import Conversation, new_id
from records.types import ChannelName, Inbound, Kind

if TYPE_CHECKING:
    from bot.worker import Worker

OPENING = ("hello", "E", "1", "GO")
SAID = (
    "4",
    "They send letters that I can read and my sister Morag reads them out to me",
    "2",
    "Nobody asks me",
    "skip",
)


def main() -> None:
    """Measure both databases and print one table."""
    asked = _arguments()
    limit_threads(1)
    table = Table("database", "what", "messages/s", "median ms", "p95 ms", title="Intake and turns, one worker")
    from app.loops.turns import load_dialogue

    dialogue = load_dialogue(asked.home)
    with tempfile.TemporaryDirectory() as folder:
        for name, url in _databases(asked, Path(folder)):
            with url as address:
                for what, times in _measure(address, Path(folder) / name, dialogue, asked):
                    table.add_row(name, what, *_figures(times))
    Console().print(table)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=10)
    parser.add_argument("--messages", type=int, default=20, help="of each person, after they have agreed")
    parser.add_argument("--postgres", default="postgresql://postgres@127.0.0.1/postgres")
    parser.add_argument("--home", type=Path, default=Path("var"), help="where the trained dialogue is")
    return parser.parse_args()


def _databases(asked: argparse.Namespace, folder: Path) -> Iterator[tuple[str, Any]]:
    yield "SQLite", _sqlite(folder)
    try:
        psycopg.connect(asked.postgres, connect_timeout=3).close()
    except psycopg.OperationalError:
        print("No PostgreSQL answers; say where one is with --postgres.", file=sys.stderr)
        return
    yield "PostgreSQL", _postgres(asked.postgres)


@contextmanager
def _sqlite(folder: Path) -> Iterator[str]:
    yield f"sqlite:///{folder / 'bench.db'}"


@contextmanager
def _postgres(server: str) -> Iterator[str]:
    name = f"blether_bench_{new_id()}"
    _manage(server, "CREATE DATABASE {}", name)
    try:
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        _manage(server, "DROP DATABASE {} WITH (FORCE)", name)


def _manage(server: str, statement: str, name: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(sql.Identifier(name)))


def _measure(address: str, home: Path, dialogue: Any, asked: argparse.Namespace) -> Iterator[tuple[str, list[float]]]:
    from app.loops.turns import worker_with

    clock = ManualClock(Now().now())
    settings = Settings(home=home, database_url=address, demo=True)
    database = open_records(settings, clock)
    with database.write() as unit:
        open_demo_round(unit, DOORS.items())
    house = furnish(settings, database, {ChannelName.SMS: Pocket(ChannelName.SMS, clock)})
    try:
        people = Crowd(house, clock, worker_with(house, dialogue), asked.people)
        for words in OPENING:
            people.all_say(words)
        people.intake.clear()
        people.turns.clear()
        for number in range(asked.messages):
            people.all_say(SAID[number % len(SAID)])
        yield "intake", people.intake
        yield "turn", people.turns
    finally:
        house.close()


class Crowd:
    """People who text at the same time, and how long each of their messages took."""

    def __init__(self, house: House, clock: ManualClock, worker: "Worker", size: int) -> None:
        self._house = house
        self._clock = clock
        self._worker = worker
        self._numbers = [f"+4477009006{number:02d}" for number in range(min(size, 100))]
        self.intake: list[float] = []
        self.turns: list[float] = []

    def all_say(self, words: str) -> None:
        """Everybody sends this text, and is answered."""
        for number in self._numbers:
            inbound = self._text(number, words)
            self.intake.append(_timed(lambda inbound=inbound: self._house.intake.receive(inbound)))  # type: ignore[misc]
        while (due := self._next_due()) is not None:
            self._clock.moment = max(self._clock.moment, due)
            self.turns.append(_timed(self._worker.take_one))
        self._house.delivery.deliver_due(ChannelName.SMS, most=1000)
        self._clock.advance(timedelta(seconds=30))

    def _text(self, number: str, words: str) -> Inbound:
        return Inbound(
            channel=ChannelName.SMS,
            external_id=new_id(),
            to=NUMBER,
            address=number,
            kind=Kind.TEXT,
            sent_at=self._clock.now(),
            text=words,
        )

    def _next_due(self) -> Any:
        with self._house.database.read() as session:
            return session.scalar(select(func.min(Conversation.due_at)))


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _figures(times: list[float]) -> tuple[str, str, str]:
    cuts = quantiles(times, n=20)
    return f"{len(times) / sum(times):.0f}", f"{cuts[9] * 1000:.1f}", f"{cuts[18] * 1000:.1f}"


if __name__ == "__main__":
    main()
