"""The audit chain as somebody who can write to the database would try to bend it."""

from collections.abc import Callable

import pytest
from sqlalchemy import delete, select, text, update

from records import audit
from records.database import Database
from records.tables import AuditEntry, AuditHead


@pytest.fixture
def chained(database: Database) -> Database:
    """Five entries by three units."""
    for number, names in enumerate((["opened"], ["read", "read"], ["acknowledged", "closed"])):
        with database.write() as unit:
            for name in names:
                unit.audit(f"alert.{name}", actor="staff:7", subject=f"alert:{number}", reason="on call", count=number)
    return database


def verify(database: Database, known_head: str | None = None) -> audit.AuditReport:
    with database.read() as session:
        return audit.verify(session, known_head)


def change(database: Database, *statements: object) -> None:
    with database.write() as unit:
        for statement in statements:
            unit.session.execute(statement)  # type: ignore[call-overload]


def test_an_untouched_chain_is_sound(chained: Database) -> None:
    report = verify(chained)
    assert report.sound
    assert report.entries == 5
    assert len(report.head) == 64


def test_an_empty_chain_is_sound_and_has_the_first_head(database: Database) -> None:
    assert verify(database) == audit.AuditReport(entries=0, head=audit.GENESIS, faults=())


@pytest.mark.parametrize(
    ("column", "value"),
    [("actor", "staff:8"), ("action", "alert.closed"), ("subject", "alert:9"), ("facts", {"reason": "bored"})],
)
def test_a_changed_entry_shows(chained: Database, column: str, value: object) -> None:
    change(chained, update(AuditEntry).where(AuditEntry.number == 3).values({column: value}))
    assert verify(chained).faults == ("entry 3 was changed",)


def test_a_changed_time_shows(chained: Database) -> None:
    with chained.write() as unit:
        entry = unit.session.get_one(AuditEntry, 2)
        entry.at = entry.at.replace(year=2020)
    assert verify(chained).faults == ("entry 2 was changed",)


def test_an_entry_changed_together_with_its_digest_shows_in_the_next(chained: Database) -> None:
    with chained.write() as unit:
        entry = unit.session.get_one(AuditEntry, 3)
        entry.actor = "staff:8"
        entry.digest = audit.digest_of(entry)
    assert verify(chained).faults == ("entry 4 does not follow the one before it",)


def test_a_missing_entry_shows(chained: Database) -> None:
    change(chained, delete(AuditEntry).where(AuditEntry.number == 2))
    assert verify(chained).faults == ("entries 2 to 2 are missing",)


def test_a_missing_first_entry_shows(chained: Database) -> None:
    change(chained, delete(AuditEntry).where(AuditEntry.number == 1))
    assert not verify(chained).sound


def test_two_entries_in_each_others_place_show(chained: Database) -> None:
    swap = "UPDATE audit_entries SET number = {to} WHERE number = {frm}"
    change(chained, *(text(swap.format(frm=frm, to=to)) for frm, to in ((2, 99), (3, 2), (99, 3))))
    faults = verify(chained).faults
    assert "entry 2 was changed" in faults
    assert "entry 3 was changed" in faults


def test_a_tail_that_was_cut_off_shows_in_the_head(chained: Database) -> None:
    change(chained, delete(AuditEntry).where(AuditEntry.number > 3))
    assert verify(chained).faults == ("the head says entry 5, the chain ends at entry 3",)


def cut_carefully(database: Database) -> None:
    with database.write() as unit:
        unit.session.execute(delete(AuditEntry).where(AuditEntry.number > 3))
        last = unit.session.get_one(AuditEntry, 3)
        unit.session.execute(update(AuditHead).values(number=3, digest=last.digest))


def cut_together_with_the_head(database: Database) -> None:
    change(database, delete(AuditEntry).where(AuditEntry.number > 3), delete(AuditHead))
    with database.write() as unit:
        unit.audit("alert.read", actor="staff:7", subject="alert:1")  # which makes the head anew


@pytest.mark.parametrize("cut", [cut_carefully, cut_together_with_the_head])
def test_a_tail_that_was_cut_off_with_its_head_needs_the_printed_head(
    chained: Database, cut: Callable[[Database], None]
) -> None:
    printed = verify(chained).head
    assert verify(chained, printed).sound
    cut(chained)
    assert verify(chained).sound
    assert not verify(chained, printed).sound


def test_an_older_printed_head_is_still_good(chained: Database) -> None:
    printed = verify(chained).head
    with chained.write() as unit:
        unit.audit("alert.read", actor="staff:7", subject="alert:2")
    assert verify(chained, printed).sound


def test_a_missing_head_shows(chained: Database) -> None:
    change(chained, delete(AuditHead))
    assert verify(chained).faults == ("the head is missing",)


def test_a_missing_head_never_stops_the_work(chained: Database) -> None:
    """An alert that cannot be written down because somebody bent the chain would be the greater harm."""
    change(chained, delete(AuditHead))
    with chained.write() as unit:
        unit.audit("alert.raised", actor="system", subject="alert:3")
    with chained.read() as session:
        newest = session.scalars(select(AuditEntry).order_by(AuditEntry.number.desc())).first()
    assert newest is not None
    assert (newest.number, newest.action) == (6, "alert.raised")
    assert verify(chained).sound


def test_checking_while_others_write_finds_no_fault(chained: Database) -> None:
    with chained.read() as session:
        first = audit.verify(session)
        with chained.write() as unit:
            unit.audit("alert.read", actor="staff:7", subject="alert:2")
        assert audit.verify(session) == first
    assert verify(chained).entries == 6
