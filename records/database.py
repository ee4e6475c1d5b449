"""The database: one engine for SQLite and PostgreSQL, and the unit of work, which leaves only as a whole.

SQLite: WAL, a busy timeout, and `BEGIN IMMEDIATE` for units that write, because a unit that reads first and writes
later fails at once with SQLITE_BUSY_SNAPSHOT however long the busy timeout is. Errors never carry what a row holds.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine, ExceptionContext, create_engine, event, make_url, text
from sqlalchemy.orm import Session, sessionmaker

from records import audit
from records.bell import Bell
from records.clock import Clock
from records.errors import ConfigurationError
from records.sealed import SealedBox

_BUSY_MILLISECONDS = 15_000
_WAL_TRIES, _WAL_PAUSE_SECONDS = 300, 0.05


class UnitOfWork:
    """One transaction that writes. Deeds and wake-ups gathered on the way go with it, audit rows last."""

    def __init__(self, session: Session, box: SealedBox, clock: Clock) -> None:
        self.session = session
        self.box = box
        self.clock = clock
        self._deeds: list[audit.Deed] = []
        self.topics: set[str] = set()

    def audit(self, action: str, *, actor: str, subject: str, **facts: Any) -> None:
        """Write down, when this unit commits, who did what to which thing. Never words, names or numbers."""
        self._deeds.append(audit.Deed(actor, action, subject, facts))

    def ring(self, topic: str) -> None:
        """Wake whoever waits for `topic` (turns, outbox, clocks) once this unit has committed."""
        self.topics.add(topic)

    def close(self) -> None:
        """Flush everything, then add the deeds to the audit chain: the last statements before the commit."""
        self.session.flush()
        if self._deeds:
            audit.append(self.session, self._deeds, self.clock.now())
            self.session.flush()


class Database:
    """All tables of one installation."""

    def __init__(self, engine: Engine, box: SealedBox, clock: Clock) -> None:
        self.engine = engine
        self.box = box
        self.clock = clock
        self.bell = Bell(engine)
        self._writing = sessionmaker(engine.execution_options(writing=True), expire_on_commit=False)
        self._reading = sessionmaker(_one_look(engine), expire_on_commit=False)

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def write(self) -> Iterator[UnitOfWork]:
        """One short transaction that may write. Nothing inside may think, wait or call out."""
        with self._writing() as session, session.begin():
            unit = UnitOfWork(session, self.box, self.clock)
            yield unit
            unit.close()
            self.bell.ring_inside(session.connection(), unit.topics)
        self.bell.ring_after(unit.topics)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """One consistent look at the tables; nothing can be written."""
        with self._reading() as session, session.begin():
            yield session

    def overwrite_erased(self) -> bool:
        """Empty SQLite's write-ahead log, where rows stay readable after they were erased. False when it was in use.

        On other databases there is nothing to do from here: PostgreSQL frees what was erased by its own vacuum.
        """
        if not self.is_sqlite:
            return True
        connection = self.engine.raw_connection()  # not in a transaction, where there is no checkpoint
        try:
            busy = connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        finally:
            connection.close()
        return not busy

    def dispose(self) -> None:
        """Close all connections."""
        self.bell.close()
        self.engine.dispose()


def open_engine(url: str) -> Engine:
    """An engine for `url` (`sqlite:///file` or `postgresql://...`), with what each database needs to be safe."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(url, parsed.database)
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    engine = create_engine(parsed, hide_parameters=True, pool_pre_ping=True, pool_size=10, max_overflow=20)
    event.listen(engine, "handle_error", _keep_values_out)
    return engine


def _sqlite(url: str, file: str | None) -> Engine:
    if file and file != ":memory:":
        Path(file).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    engine = create_engine(url, hide_parameters=True, connect_args={"timeout": _BUSY_MILLISECONDS / 1000})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, below
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={_BUSY_MILLISECONDS}")
    _keep_a_wal(cursor)
    cursor.execute("PRAGMA synchronous=FULL")  # we answer the provider after the commit: it must be on disk
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA secure_delete=ON")  # erased means overwritten
    cursor.close()


def _keep_a_wal(cursor: Any) -> None:
    """Write-ahead logging, from the first start on. SQLite does not wait for others here, whatever its busy timeout."""
    for _ in range(_WAL_TRIES):
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            time.sleep(_WAL_PAUSE_SECONDS)
        else:
            return
    raise ConfigurationError("The database file is locked by another program. Close what has it open and start again.")


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    connection.execute(text(f"PRAGMA query_only={int(options.get('reading', False))}"))
    connection.execute(text("BEGIN IMMEDIATE" if options.get("writing", False) else "BEGIN"))


def _one_look(engine: Engine) -> Engine:
    """The engine for reading. SQLite's WAL gives one moment to a whole transaction; PostgreSQL has to be asked."""
    if engine.dialect.name == "sqlite":
        return engine.execution_options(reading=True)
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def _keep_values_out(failure: ExceptionContext) -> None:
    """Take the row out of PostgreSQL's messages: DETAIL and CONTEXT quote what it holds, whatever SQLAlchemy hides."""
    cause = failure.original_exception
    if not isinstance(cause, psycopg.Error) or not cause.sqlstate:
        return
    about = " ".join(filter(None, (cause.diag.table_name, cause.diag.column_name, cause.diag.constraint_name)))
    cause.args = (f"{cause.sqlstate} {about}".strip(),)
    if failure.sqlalchemy_exception is not None:
        failure.sqlalchemy_exception.args = (f"({type(cause).__name__}) {cause}",)
