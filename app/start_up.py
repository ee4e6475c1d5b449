"""What has to be true before anything runs: keys, tables, a trained dialogue; in the demo its round and accounts."""

import os
import secrets
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskProgressColumn, TextColumn

from app.settings import Settings
from channels.web.config import PAGE
from records.belonging import settle_keys
from records.clock import Clock, SystemClock
from records.database import Database, open_engine
from records.errors import BletherError
from records.migrate import is_current, migrate
from records.sealed import SealedBox, load_keys
from records.types import ChannelName, Role

_THREAD_SETTINGS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


class NotTrained(BletherError):
    """There is no trained dialogue, and it could not be made."""


@dataclass(frozen=True, slots=True)
class Account:
    """A demo account, as it is shown this once."""

    username: str
    password: str
    role: Role


def open_records(settings: Settings, clock: Clock | None = None) -> Database:
    """The installation's database, with its keys, brought to the tables of this version.

    Raises: ConfigurationError when the keys are not this database's, or the tables are newer than this version.
    """
    database = open_unmigrated(settings, clock)
    _settle(database)
    return database


def open_unmigrated(settings: Settings, clock: Clock | None = None) -> Database:
    """The database as it is, for those who only look."""
    keys = load_keys(settings.keys_file, settings.keys.get_secret_value() if settings.keys else None)
    return Database(open_engine(settings.database_url), SealedBox(keys), clock or SystemClock())


def _settle(database: Database) -> None:
    try:
        migrate(database.engine)
        settle_keys(database)
    except BaseException:
        database.dispose()
        raise


def limit_threads(threads: int) -> None:
    """Let linear algebra use this many threads. Takes effect only before numpy is imported."""
    for name in _THREAD_SETTINGS:
        os.environ.setdefault(name, str(threads))


def prepare_database(settings: Settings, screen: Console) -> Database:
    """Open and migrate, and say so when there was anything to do."""
    database = open_unmigrated(settings)
    was_current = is_current(database.engine)
    _settle(database)
    where = "SQLite" if database.is_sqlite else "PostgreSQL"
    tick(screen, "Database", where if was_current else f"{where}, its tables made just now")
    return database


def prepare_dialogue(settings: Settings, screen: Console) -> None:
    """See that the dialogue is trained. If its files have changed, a process of its own trains it and shows a bar.

    Whoever serves the web must not have Rasa in it, nor the memory that training takes.
    Raises: NotTrained; the process has said why.
    """
    from bot.runtime.training import trained_model

    if trained_model(settings.home) is not None:
        tick(screen, "Dialogue", "trained")
        return
    training = (sys.executable, "-m", "app", "train")
    if subprocess.run(training, env=_with_every_core(), check=False).returncode != 0:  # noqa: S603 - our own command
        raise NotTrained("The dialogue is not trained, and without it nothing can be answered. Try again: ./run train")


def train_with_bar(settings: Settings, screen: Console) -> Path:
    """Train the dialogue in this process and show how far it has come."""
    from bot.runtime.training import train

    columns = (SpinnerColumn("dots"), TextColumn("Training    "), BarColumn(24), TaskProgressColumn())
    with Progress(
        TextColumn(""), *columns, TextColumn("[dim]{task.description}[/]"), console=screen, transient=True
    ) as bar:
        task = bar.add_task("starting", total=1.0)
        return train(settings.home, lambda step, done: bar.update(task, description=step, completed=done))


def prepare_demo(settings: Settings, database: Database, screen: Console) -> list[Account]:
    """The demo round with a door for every open channel, and its accounts if they are new.

    Nothing is made beside a real round.
    """
    from console.accounts import demo_accounts, real_round_exists
    from engagement.rounds import open_demo_round

    if not settings.demo:
        return []
    with database.write() as unit:
        if real_round_exists(unit):
            return []
        name = open_demo_round(unit, doors(settings)).name
    with database.write() as unit:
        accounts = [Account(*made) for made in demo_accounts(unit, secrets.SystemRandom())]
    tick(screen, "Round", name)
    return accounts


def doors(settings: Settings) -> list[tuple[ChannelName, str]]:
    """Our ends of the channels that are open: what somebody's message was sent to."""
    found = [(ChannelName.WEB, PAGE)]
    if not settings.missing_for_sms:
        found.append((ChannelName.SMS, settings.twilio_messaging_service or settings.twilio_number))
    if not settings.missing_for_telegram:
        found.append((ChannelName.TELEGRAM, "@" + settings.telegram_bot_name.strip("@")))
    return found


def _with_every_core() -> dict[str, str]:
    """For training, which is done before anything else runs."""
    return {**os.environ, **dict.fromkeys(_THREAD_SETTINGS, str(os.cpu_count() or 1))}


def tick(screen: Console, what: str, how: str) -> None:
    """One line of start-up that is done."""
    screen.print(f"  [green]✓[/] {what:<12}[dim]{how}[/]")
