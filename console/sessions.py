"""Signing in and out. The cookie holds a secret, the table only its hash; failures lock an account for a while.

What went wrong is never said: an unknown name, a wrong password and a locked account read the same.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from console.accounts import is_password, real_round_exists
from records.database import Database, UnitOfWork
from records.tables import Staff, StaffSession
from records.types import Role

LONGEST = timedelta(hours=8)
IDLE = timedelta(minutes=30)
TOUCH = timedelta(minutes=1)  # how often a look at a page is written down
FAILURES = 5
LOCKED = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who is looking at the page."""

    id: str
    username: str
    name: str
    roles: frozenset[Role]
    csrf: str
    digest: str


def sign_in(database: Database, username: str, password: str) -> str | None:
    """Check a password, outside any transaction, and begin a session.

    Returns: the secret for the cookie, or None, whatever the reason.
    """
    with database.read() as session:
        found = session.scalars(select(Staff).where(Staff.username == username.strip().lower())).first()
        hashed = found.password if found is not None else None
    right = is_password(hashed, password)
    if found is None:
        return None
    with database.write() as unit:
        return _begin(unit, found.id, right)


def signed_in(database: Database, secret: str) -> SignedIn | None:
    """Who holds this secret, if their session still runs. Notes that they are here."""
    digest = digest_of(secret)
    now = database.clock.now()
    with database.read() as session:
        row = session.execute(
            select(StaffSession, Staff)
            .join(Staff, Staff.id == StaffSession.staff_id)
            .where(StaffSession.digest == digest, Staff.disabled_at.is_(None))
        ).first()
    if row is None or not _runs(row[0], now):
        return None
    if now - row[0].seen_at >= TOUCH:
        with database.write() as unit:
            if (held := unit.session.get(StaffSession, digest)) is not None:
                held.seen_at = now
    staff = row[1]
    roles = frozenset(Role(role) for role in staff.roles)
    return SignedIn(staff.id, staff.username, staff.name, roles, row[0].csrf, digest)


def sign_out(database: Database, who: SignedIn) -> None:
    """End a session."""
    with database.write() as unit:
        unit.session.execute(delete(StaffSession).where(StaffSession.digest == who.digest))
        unit.audit("signed out", actor=who.username, subject=f"staff:{who.id}")


def digest_of(secret: str) -> str:
    """SHA-256 of a session's secret (64 hex digits)."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def _begin(unit: UnitOfWork, staff_id: str, right: bool) -> str | None:
    """Looks again at the account, under the lock: tries that were made side by side all count."""
    staff, now = unit.session.get_one(Staff, staff_id, with_for_update=True), unit.clock.now()
    if staff.locked_until is not None and staff.locked_until > now:
        return None
    if not right:
        _count_failure(unit, staff, now)
        return None
    if staff.disabled_at is not None or (staff.is_demo and real_round_exists(unit)):
        return None
    staff.failed_sign_ins, staff.locked_until = 0, None
    unit.session.execute(delete(StaffSession).where(StaffSession.staff_id == staff.id, StaffSession.expires_at <= now))
    secret = secrets.token_urlsafe(32)
    unit.session.add(
        StaffSession(
            digest=digest_of(secret),
            staff_id=staff.id,
            csrf=secrets.token_urlsafe(32),
            created_at=now,
            seen_at=now,
            expires_at=now + LONGEST,
        )
    )
    unit.audit("signed in", actor=staff.username, subject=f"staff:{staff.id}")
    return secret


def _count_failure(unit: UnitOfWork, staff: Staff, now: datetime) -> None:
    staff.failed_sign_ins += 1
    if staff.failed_sign_ins >= FAILURES:
        staff.failed_sign_ins, staff.locked_until = 0, now + LOCKED
        unit.audit("account locked", actor="console", subject=f"staff:{staff.id}", minutes=LOCKED.seconds // 60)


def _runs(held: StaffSession, now: datetime) -> bool:
    return now < held.expires_at and now - held.seen_at < IDLE
