"""Looks at an installation and says what is set up, what is not, and what to do. It changes nothing.

Must never print a secret, nor a value that could be one: it names settings, never shows them.
"""

import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from sqlalchemy import func, make_url, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.heartbeat import CLOCKS, DELIVERY, LATE, TURNS, last_beat
from app.settings import ENV_FILE, Settings
from records.belonging import settle_keys
from records.clock import Clock, SystemClock, local
from records.database import Database, open_engine
from records.errors import BletherError
from records.migrate import is_current
from records.sealed import KeyRing, SealedBox, load_keys
from records.tables import Bookmark, Door, Message, MessageState, OutboxMessage, OutboxState, Round, Staff
from records.types import ChannelName, Role

_LITTLE_SPACE = 1024**3
_STUCK_AFTER = timedelta(minutes=10)


class State(StrEnum):
    """How one thing stands."""

    GOOD = "✓"
    CLOSED = "–"  # not set up, and that is no fault
    BROKEN = "✗"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at, what was found, and what to do about it."""

    what: str
    state: State
    found: str
    to_do: str = ""

    @property
    def is_broken(self) -> bool:
        return self.state is State.BROKEN


def examine(settings: Settings, clock: Clock | None = None) -> list[Finding]:
    """Look at everything. Nothing is made, migrated or trained by looking."""
    clock = clock or SystemClock()
    findings = [_python(), _keys(settings)]
    database = None
    try:
        database = _open(settings, clock)
        findings += _database(database, settings, clock.now())
    except BletherError as error:
        findings.append(Finding("Database", State.BROKEN, str(error)))
    except DBAPIError:
        findings.append(
            Finding("Database", State.BROKEN, "does not answer", "Start it, and check BLETHER_DATABASE_URL.")
        )
    finally:
        if database is not None:
            database.dispose()
    return [*findings, *_without_database(settings)]


def show(findings: Sequence[Finding], screen: Console) -> None:
    """A table, and one sentence that sums it up."""
    colours = {State.GOOD: "green", State.CLOSED: "dim", State.BROKEN: "red"}
    table = Table.grid(padding=(0, 2))
    for each in findings:
        mark = f"  [{colours[each.state]}]{each.state.value}[/]"
        to_do = f"\n[dim]{escape(each.to_do)}[/]" if each.to_do else ""
        table.add_row(mark, each.what, escape(each.found) + to_do)
    screen.print()
    screen.print(table)
    broken = sum(each.is_broken for each in findings)
    what_next = f"[red]{broken} to put right.[/]" if broken else "[green]Nothing is broken.[/]"
    screen.print(f"\n  {what_next}\n")


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] != (3, 11):
        return Finding("Python", State.BROKEN, version, "Blether runs on Python 3.11. Start it with ./run.")
    return Finding("Python", State.GOOD, version)


def _keys(settings: Settings) -> Finding:
    if settings.keys is None and not settings.keys_file.exists():
        return Finding("Keys", State.CLOSED, "not made yet", "The first start makes them.")
    try:
        _load_keys(settings)
    except BletherError as error:
        return Finding("Keys", State.BROKEN, str(error))
    if settings.keys is not None:
        return Finding("Keys", State.GOOD, "given by BLETHER_KEYS")
    return Finding("Keys", State.GOOD, "in a file that only its owner can read", "Keep a copy away from the database.")


def _without_database(settings: Settings) -> Iterator[Finding]:
    yield _dialogue(settings)
    yield _encoder()
    yield from _channels(settings)
    yield _settings_file(settings)
    yield _space(settings)


def _dialogue(settings: Settings) -> Finding:
    from bot.runtime.training import trained_model

    if trained_model(settings.home) is not None:
        return Finding("Dialogue", State.GOOD, "trained from the files as they are now")
    older = list((settings.home / "models").glob("*.tar.gz"))
    found = "its files have changed since it was trained" if older else "not trained yet"
    return Finding("Dialogue", State.CLOSED, found, "The next start trains it; or: ./run train")


def _encoder() -> Finding:
    from language.weights import WEIGHTS_SHA256, check, model_file

    try:
        check(model_file("model.safetensors"), WEIGHTS_SHA256)
    except BletherError as error:
        return Finding("Language model", State.BROKEN, str(error))
    return Finding("Language model", State.GOOD, "the very file everything was measured with")


def _channels(settings: Settings) -> Iterator[Finding]:
    yield Finding("Web chat", State.GOOD, f"open at {settings.site}")
    for name, begun, missing in (
        ("SMS", settings.twilio_account_sid or settings.twilio_auth_token, settings.missing_for_sms),
        ("Telegram", settings.telegram_token, settings.missing_for_telegram),
    ):
        if not missing:
            yield Finding(name, State.GOOD, "open")
        elif begun:
            yield Finding(name, State.BROKEN, "closed: half set up", f"Set {', '.join(missing)}")
        else:
            yield Finding(name, State.CLOSED, "closed", f"To open it, set {', '.join(missing)}")


def _settings_file(settings: Settings) -> Finding:
    file = settings.home / ENV_FILE
    if not file.is_file():
        return Finding("Settings", State.GOOD, "from the environment")
    if file.stat().st_mode & 0o077:
        return Finding("Settings", State.BROKEN, f"others can read {ENV_FILE}", f"Run: chmod 600 {file}")
    return Finding("Settings", State.GOOD, f"from {ENV_FILE} and the environment")


def _space(settings: Settings) -> Finding:
    place = next(folder for folder in (settings.home, *settings.home.parents) if folder.exists())
    free = shutil.disk_usage(place).free
    found = f"{free / 1024**3:.1f} GB free"
    if free < _LITTLE_SPACE:
        return Finding("Disk", State.BROKEN, found, "Make room: without it no message can be stored.")
    return Finding("Disk", State.GOOD, found)


def _open(settings: Settings, clock: Clock) -> Database | None:
    """The database, if there is one yet. Looking at a laptop that was never started makes no file there."""
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        return None
    if settings.keys is None and not settings.keys_file.exists():
        return None
    return Database(open_engine(settings.database_url), SealedBox(_load_keys(settings)), clock)


def _load_keys(settings: Settings) -> KeyRing:
    return load_keys(settings.keys_file, settings.keys.get_secret_value() if settings.keys else None)


def _database(database: Database | None, settings: Settings, now: datetime) -> list[Finding]:
    if database is None:
        return [Finding("Database", State.CLOSED, "not made yet", "The first start makes it: ./run")]
    kind = "SQLite" if database.is_sqlite else "PostgreSQL"
    if not is_current(database.engine):
        return [Finding("Database", State.BROKEN, f"{kind}; its tables are not this version's", "Run: ./run migrate")]
    settle_keys(database)
    with database.read() as session:
        return [
            Finding("Database", State.GOOD, f"{kind}, up to date"),
            *_rounds(session),
            *_doors(session, settings),
            *_demo_accounts(session),
            *_loops(session, now),
            *_outbox(session, now),
            *_parked(session),
        ]


def _rounds(session: Session) -> Iterator[Finding]:
    for round_ in session.scalars(select(Round).where(Round.is_open).order_by(Round.created_at)):
        kind = "a demo" if round_.is_demo else f"until {round_.closes_on:%-d %B %Y}"
        yield Finding("Round", State.GOOD, f"{round_.name}, {kind}")
    if not session.scalar(select(func.count()).select_from(Round).where(Round.is_open)):
        yield Finding("Round", State.CLOSED, "none is open: everybody who writes is told so")


def _doors(session: Session, settings: Settings) -> Iterator[Finding]:
    """A channel that is open and leads to no round would turn people away."""
    led = set(session.scalars(select(Door.channel)))
    open_ones = (
        (ChannelName.SMS, settings.missing_for_sms),
        (ChannelName.TELEGRAM, settings.missing_for_telegram),
    )
    for channel, missing in open_ones:
        if not missing and channel not in led:
            yield Finding(
                "Door", State.BROKEN, f"no round is behind {channel.value}", "Give the round that number or bot."
            )


def _demo_accounts(session: Session) -> Iterator[Finding]:
    """Their passwords stood on somebody's screen."""
    is_real = session.scalar(select(func.count()).select_from(Round).where(Round.is_demo.is_(False)))
    in_use = session.scalar(select(func.count()).select_from(Staff).where(Staff.is_demo, Staff.disabled_at.is_(None)))
    if is_real and in_use:
        yield Finding("Demo accounts", State.BROKEN, f"{in_use} beside a real round", "Disable them in the console.")
    officers = [roles for roles in session.scalars(select(Staff.roles)) if Role.SAFEGUARDING.value in roles]
    if is_real and not officers:
        yield Finding(
            "Safeguarding", State.BROKEN, "nobody would read an alert", "Run: ./run staff add NAME --role safeguarding"
        )


def _loops(session: Session, now: datetime) -> Iterator[Finding]:
    names = session.scalars(select(Bookmark.name).where(Bookmark.name.startswith("worker:")).order_by(Bookmark.name))
    beats = {name: last_beat(session, name) for name in (TURNS, DELIVERY, CLOCKS)}
    for name in names:
        beats[name] = last_beat(session, name)
    if any(name.startswith(f"{DELIVERY}:") for name in beats):
        del beats[DELIVERY]
    if not any(beats.values()):
        yield Finding("Loops", State.CLOSED, "never started", "Start them: ./run")
        return
    for name, beat in beats.items():
        yield _loop(name.removeprefix("worker:").replace(":", " "), beat, now)


def _loop(name: str, beat: datetime | None, now: datetime) -> Finding:
    what = f"Loop: {name}"
    if beat is None:
        return Finding(what, State.BROKEN, "never heard of", f"Start it: ./run worker {name.split()[0]}, or all: ./run")
    if now - beat <= LATE:
        return Finding(what, State.GOOD, "running")
    to_do = "Start it with ./run, or read its log. Messages are kept meanwhile."
    return Finding(what, State.BROKEN, f"silent since {local(beat):%-d %B, %H:%M}", to_do)


def _outbox(session: Session, now: datetime) -> Iterator[Finding]:
    waiting = select(func.count()).select_from(OutboxMessage)
    late = session.scalar(
        waiting.where(
            OutboxMessage.state.in_([OutboxState.QUEUED, OutboxState.SENDING]),
            OutboxMessage.not_before < now - _STUCK_AFTER,
        )
    )
    if late:
        to_do = "Is delivery running? Is the provider's account in order?"
        yield Finding("Outbox", State.BROKEN, f"{late} waiting for more than ten minutes", to_do)
    else:
        yield Finding("Outbox", State.GOOD, "nothing is stuck")


def _parked(session: Session) -> Iterator[Finding]:
    parked = session.scalar(select(func.count()).select_from(Message).where(Message.state == MessageState.PARKED))
    if parked:
        to_do = "Each has a look in the console: read it and answer by hand."
        yield Finding("Parked messages", State.BROKEN, f"{parked} could not be handled", to_do)
