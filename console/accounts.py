"""Staff accounts: how they are made, and how a password is checked. A password is never kept, logged or shown again."""

import random
import re
from collections.abc import Iterable
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select

from console.errors import AccountRefused
from records.database import UnitOfWork
from records.tables import Round, Staff
from records.types import Role

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200
USERNAME = re.compile(r"[a-z][a-z0-9.-]{1,39}")
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that look alike
DEMO = {Role.ENGAGEMENT: "Demo engagement officer", Role.INSPECTOR: "Demo inspector", Role.SAFEGUARDING: "Demo officer"}


def create_staff(unit: UnitOfWork, username: str, name: str, roles: Iterable[Role], password: str) -> Staff:
    """Make an account. Hashing takes a moment, so do it in a unit of its own.

    Raises: AccountRefused when the username is taken or odd, no role is given, or the password is too short.
    """
    username, chosen = username.strip().lower(), sorted({Role(role) for role in roles})
    _check(unit, username, name, chosen, password)
    staff = Staff(
        username=username,
        name=name.strip(),
        password=hasher().hash(password),
        roles=[role.value for role in chosen],
        created_at=unit.clock.now(),
    )
    unit.session.add(staff)
    unit.session.flush()
    unit.audit("account made", actor="command line", subject=f"staff:{staff.id}", roles=staff.roles)
    return staff


def demo_accounts(unit: UnitOfWork, rng: random.Random) -> list[tuple[str, str, Role]]:
    """Make one account per role for a demo, with random passwords that are returned this once.

    Args: rng: `secrets.SystemRandom()`, except in tests.
    Returns: (username, password, role); empty when the demo has its accounts already.
    Raises: AccountRefused when there is a round that is not a demo.
    """
    if real_round_exists(unit):
        raise AccountRefused("Demo accounts are only for the demo, and this installation has a real round.")
    if unit.session.scalar(select(Staff.id).where(Staff.is_demo).limit(1)) is not None:
        return []
    made = []
    for role, name in DEMO.items():
        password = random_password(rng)
        create_staff(unit, f"demo-{role.value}", name, [role], password).is_demo = True
        made.append((f"demo-{role.value}", password, role))
    return made


def real_round_exists(unit: UnitOfWork) -> bool:
    """Is there a round that is not a demo? Demo accounts do not open the console then."""
    return unit.session.scalar(select(Round.id).where(Round.is_demo.is_(False)).limit(1)) is not None


def random_password(rng: random.Random) -> str:
    """Sixteen letters in four groups: 79 bits, and readable over the telephone."""
    return "-".join("".join(rng.choice(LETTERS) for _ in range(4)) for _ in range(4))


def is_password(hashed: str | None, password: str) -> bool:
    """Is this the password? An unknown account costs the same time as a known one."""
    try:
        hasher().verify(hashed or _nobodys(), password[:LONGEST_PASSWORD])
    except (VerificationError, InvalidHashError):
        return False
    return bool(hashed)  # an account without a hash is as good as none


@cache
def hasher() -> PasswordHasher:
    """Argon2id with the library's recommended cost."""
    return PasswordHasher()


@cache
def _nobodys() -> str:
    return hasher().hash("the password of nobody at all")


def _check(unit: UnitOfWork, username: str, name: str, roles: list[Role], password: str) -> None:
    if not USERNAME.fullmatch(username):
        raise AccountRefused("A username is 2 to 40 small letters, digits, dots and dashes, and starts with a letter.")
    if not name.strip() or not roles:
        raise AccountRefused("An account needs the person's name and at least one role.")
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise AccountRefused(f"A password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} letters.")
    if unit.session.scalar(select(Staff.id).where(Staff.username == username)) is not None:
        raise AccountRefused("That username is taken.")
