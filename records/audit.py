"""The audit chain: each entry is hashed over the one before, so that a changed, missing or reordered row shows.

A tail that was cut off cannot show in what is left: compare with a head hash that was printed or kept elsewhere.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from records.tables.audit import AuditEntry, AuditHead

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Deed:
    """What is to be written down: who did what to which thing. References only."""

    actor: str
    action: str
    subject: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What a verification found."""

    entries: int
    head: str
    faults: tuple[str, ...]

    @property
    def sound(self) -> bool:
        return not self.faults


def append(session: Session, deeds: Iterable[Deed], at: datetime) -> None:
    """Add deeds to the chain. Called last in a transaction, because it holds the chain's head until the commit."""
    head = session.get(AuditHead, 1, with_for_update=True) or _put_head(session)
    for deed in deeds:
        entry = AuditEntry(
            number=head.number + 1,
            at=at,
            actor=deed.actor,
            action=deed.action,
            subject=deed.subject,
            facts=dict(deed.facts),
            previous=head.digest,
        )
        entry.digest = digest_of(entry)
        session.add(entry)
        head.number, head.digest = entry.number, entry.digest


def _put_head(session: Session) -> AuditHead:
    """The head's row, which only the very first deed has to make. Two first deeds at once make one head."""
    last = session.scalars(select(AuditEntry).order_by(AuditEntry.number.desc()).limit(1)).first()
    number, digest = (last.number, last.digest) if last else (0, GENESIS)
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.execute(insert(AuditHead).values(id=1, number=number, digest=digest).on_conflict_do_nothing())
    return session.get_one(AuditHead, 1, with_for_update=True, populate_existing=True)


def digest_of(entry: AuditEntry) -> str:
    """SHA-256 over everything in the entry and the digest of the one before (64 hex digits)."""
    parts = [
        entry.number,
        entry.at.isoformat(),
        entry.actor,
        entry.action,
        entry.subject,
        entry.facts,
        entry.previous,
    ]
    return hashlib.sha256(json.dumps(parts, sort_keys=True, ensure_ascii=True).encode()).hexdigest()


def verify(session: Session, known_head: str | None = None) -> AuditReport:
    """Walk the whole chain.

    Args: known_head: a head hash printed earlier; it must still be in the chain, which shows a cut-off tail.
    """
    faults: list[str] = []
    previous, expected, seen_known = GENESIS, 1, known_head in (None, GENESIS)
    for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.number)).yield_per(500):
        faults += _faults_of(entry, expected, previous)
        previous, expected = entry.digest, entry.number + 1
        seen_known = seen_known or entry.digest == known_head
    head = session.get(AuditHead, 1)
    if head is None and expected > 1:
        faults.append("the head is missing")
    if head is not None and (head.number, head.digest) != (expected - 1, previous):
        faults.append(f"the head says entry {head.number}, the chain ends at entry {expected - 1}")
    if not seen_known:
        faults.append("the head hash you gave is not in the chain: its tail was cut off or changed")
    return AuditReport(entries=expected - 1, head=previous, faults=tuple(faults))


def _faults_of(entry: AuditEntry, expected: int, previous: str) -> list[str]:
    faults = []
    if entry.number != expected:
        faults.append(f"entries {expected} to {entry.number - 1} are missing")
    elif entry.previous != previous:
        faults.append(f"entry {entry.number} does not follow the one before it")
    if digest_of(entry) != entry.digest:
        faults.append(f"entry {entry.number} was changed")
    return faults
