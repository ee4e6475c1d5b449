"""The unit of work on SQLite and PostgreSQL: it leaves as a whole or not at all, and never forks the audit chain."""

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from records import audit
from records.clock import ManualClock
from records.database import Database, open_engine
from records.sealed import SealedBox
from records.tables import AuditEntry, AuditHead, Bookmark, Hold
from records.types import HoldKind


def put(database: Database, name: str, **value: object) -> None:
    with database.write() as unit:
        unit.session.merge(Bookmark(name=name, value=value, at=unit.clock.now()))


def names_in(database: Database) -> list[str]:
    with database.read() as session:
        return list(session.scalars(select(Bookmark.name).order_by(Bookmark.name)))


def test_what_a_unit_wrote_is_there_for_the_next_reader(database: Database) -> None:
    put(database, "offset", update=7)
    with database.read() as session:
        kept = session.get_one(Bookmark, "offset")
    assert kept.value == {"update": 7}


def test_a_moment_comes_back_aware_and_the_same(database: Database, clock: ManualClock) -> None:
    put(database, "offset")
    with database.read() as session:
        kept = session.get_one(Bookmark, "offset")
    assert kept.at == clock.now()
    assert kept.at.utcoffset() == timedelta(0)


def test_a_moment_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(Exception, match="without a time zone"), database.write() as unit:
        unit.session.add(Bookmark(name="offset", value={}, at=datetime(2026, 4, 15)))  # noqa: DTZ001 - the point


def test_a_unit_that_fails_leaves_nothing_and_rings_nobody(database: Database) -> None:
    before = database.bell.count("turns")

    def fail_late() -> None:
        with database.write() as unit:
            unit.session.add(Bookmark(name="offset", value={}, at=unit.clock.now()))
            unit.audit("moved", actor="system", subject="offset")
            unit.ring("turns")
            unit.session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_late()
    assert names_in(database) == []
    with database.read() as session:
        assert audit.verify(session).entries == 0
    assert database.bell.count("turns") == before


def test_a_unit_whose_audit_fails_leaves_nothing(database: Database) -> None:
    def audit_something_odd() -> None:
        with database.write() as unit:
            unit.session.add(Bookmark(name="offset", value={}, at=unit.clock.now()))
            unit.audit("moved", actor="system", subject="offset", what=object())

    with pytest.raises(TypeError, match="not JSON serializable"):
        audit_something_odd()
    assert names_in(database) == []


def test_a_unit_that_succeeds_rings_after_its_commit(database: Database) -> None:
    before = database.bell.count("outbox")
    with database.write() as unit:
        unit.ring("outbox")
        assert database.bell.count("outbox") == before
    assert database.bell.count("outbox") == before + 1


def test_deeds_are_written_in_their_order_at_the_end(database: Database, clock: ManualClock) -> None:
    with database.write() as unit:
        unit.audit("first", actor="system", subject="a")
        unit.audit("second", actor="staff:1", subject="b", count=2)
        unit.session.flush()
        assert unit.session.scalar(select(func.count()).select_from(AuditEntry)) == 0
    with database.read() as session:
        entries = list(session.scalars(select(AuditEntry).order_by(AuditEntry.number)))
    assert [(entry.number, entry.action, entry.facts) for entry in entries] == [
        (1, "first", {}),
        (2, "second", {"count": 2}),
    ]
    assert entries[0].at == clock.now()


def test_a_broken_reference_is_refused(database: Database, clock: ManualClock) -> None:
    """SQLite only minds foreign keys when it is told to."""
    with pytest.raises(IntegrityError), database.write() as unit:
        unit.session.add(Hold(words_id="nowhere", kind=HoldKind.UNREAD, subject_id="nobody", created_at=clock.now()))


def test_an_error_never_carries_what_was_bound(database: Database) -> None:
    put(database, "the words of somebody")
    with pytest.raises(IntegrityError) as caught, database.write() as unit:
        unit.session.add(Bookmark(name="the words of somebody", value={"also": "these"}, at=unit.clock.now()))
    assert "the words of somebody" not in str(caught.value)
    assert "these" not in str(caught.value)


def test_an_error_never_carries_the_row(database: Database) -> None:
    """PostgreSQL quotes the whole failing row in its DETAIL."""
    with pytest.raises(IntegrityError) as caught, database.write() as unit:
        unit.session.execute(
            text("INSERT INTO staff_sessions (digest, csrf) VALUES ('the words of somebody', 'their number')")
        )
    assert "words of somebody" not in str(caught.value.orig)
    assert "their number" not in str(caught.value.orig)


def test_nothing_can_be_written_while_reading(database: Database) -> None:
    with pytest.raises(DBAPIError), database.read() as session:
        session.execute(text("DELETE FROM bookmarks"))
    put(database, "writing still works on the same connection")
    assert len(names_in(database)) == 1


def test_reading_sees_one_moment_even_while_others_write(database: Database) -> None:
    put(database, "one")
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Bookmark)) == 1
        put(database, "two")
        assert session.scalar(select(func.count()).select_from(Bookmark)) == 1


def together(count: int, work: Callable[[int], None]) -> list[Exception]:
    """Run `work` on threads that start at the same moment; what went wrong in them."""
    start, failures = threading.Barrier(count), list[Exception]()

    def one(number: int) -> None:
        start.wait()
        try:
            work(number)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


def test_units_that_read_first_and_write_later_all_succeed_side_by_side(database: Database) -> None:
    """On SQLite this fails at once with SQLITE_BUSY_SNAPSHOT unless the unit begins as a writer."""

    def read_then_write(number: int) -> None:
        for step in range(5):
            with database.write() as unit:
                unit.session.scalars(select(Bookmark)).all()
                unit.session.add(Bookmark(name=f"{number}-{step}", value={}, at=unit.clock.now()))

    assert together(6, read_then_write) == []
    assert len(names_in(database)) == 30


def test_deeds_of_units_side_by_side_make_one_chain(database: Database) -> None:
    def do(number: int) -> None:
        for step in range(5):
            with database.write() as unit:
                unit.audit("did", actor=f"thread:{number}", subject=str(step))

    with database.write() as unit:
        unit.audit("began", actor="system", subject="test")
    assert together(6, do) == []
    with database.read() as session:
        report = audit.verify(session)
    assert report.sound
    assert report.entries == 31


def test_the_very_first_deeds_of_units_side_by_side_make_one_chain_too(database: Database) -> None:
    def do(number: int) -> None:
        with database.write() as unit:
            unit.audit("did", actor=f"thread:{number}", subject="first")

    assert together(6, do) == []
    with database.read() as session:
        report = audit.verify(session)
        assert session.scalar(select(func.count()).select_from(AuditHead)) == 1
    assert (report.sound, report.entries) == (True, 6)


def test_a_ring_is_heard_by_a_waiter_of_the_same_process(database: Database) -> None:
    seen, heard = database.bell.count("turns"), threading.Event()

    def wait() -> None:
        database.bell.wait("turns", seen, timeout=20)
        heard.set()

    waiter = threading.Thread(target=wait)
    waiter.start()
    with database.write() as unit:
        unit.ring("turns")
    waiter.join(timeout=10)
    assert heard.is_set()


def test_a_ring_before_the_wait_is_not_missed(database: Database) -> None:
    seen = database.bell.count("turns")
    with database.write() as unit:
        unit.ring("turns")
    database.bell.wait("turns", seen, timeout=60)  # returns at once, or the test would stand here for a minute
    assert database.bell.count("turns") == seen + 1


def test_closing_lets_every_waiter_go(database: Database) -> None:
    waiter = threading.Thread(target=database.bell.wait, args=("turns", database.bell.count("turns"), 60))
    waiter.start()
    database.bell.close()
    waiter.join(timeout=10)
    assert not waiter.is_alive()


def rings_until_heard(speaker: Database, listener: Database) -> bool:
    """Ring, and listen for half a second, until it is heard. The first rings may come before the listener listens."""
    seen = listener.bell.count("turns")
    for _ in range(40):
        with speaker.write() as unit:
            unit.ring("turns")
        listener.bell.wait("turns", seen, timeout=0.5)
        if listener.bell.count("turns") != seen:
            return True
    return False


@pytest.fixture
def two_ends(postgresql_url: str, box: SealedBox, clock: ManualClock) -> Iterator[tuple[Database, Database]]:
    """The same PostgreSQL database as two processes see it."""
    ends = Database(open_engine(postgresql_url), box, clock), Database(open_engine(postgresql_url), box, clock)
    yield ends
    for end in ends:
        end.dispose()


@pytest.mark.postgres
def test_a_ring_is_heard_in_another_process(two_ends: tuple[Database, Database]) -> None:
    assert rings_until_heard(*two_ends)


@pytest.mark.postgres
def test_the_bell_listens_again_after_its_connection_was_cut(two_ends: tuple[Database, Database]) -> None:
    assert rings_until_heard(*two_ends)
    with two_ends[0].write() as unit:
        cut = unit.session.scalars(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND query LIKE 'LISTEN%'"
            )
        ).all()
    assert cut == [True]
    assert rings_until_heard(*two_ends)


def test_sqlite_is_set_up_to_be_safe(sqlite_url: str, box: SealedBox, clock: ManualClock) -> None:
    database = Database(open_engine(sqlite_url), box, clock)
    with database.read() as session:
        settings = {
            name: session.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        }
    database.dispose()
    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}
