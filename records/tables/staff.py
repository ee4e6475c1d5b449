"""Staff, their sign-ins, and what the running house remembers about itself."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from records.tables.base import Base, new_id


class Staff(Base):
    """A named person who may sign in to the console."""

    __tablename__ = "staff"

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    username: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password: Mapped[str]  # argon2
    roles: Mapped[list[Any]]
    is_demo: Mapped[bool] = mapped_column(default=False)
    failed_sign_ins: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class StaffSession(Base):
    """A sign-in. The cookie holds the secret; the table only its hash."""

    __tablename__ = "staff_sessions"

    digest: Mapped[str] = mapped_column(primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), index=True)
    csrf: Mapped[str]
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class Bookmark(Base):
    """How far a loop has come: Telegram's offset, the last reconciliation, a heartbeat."""

    __tablename__ = "bookmarks"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[dict[str, Any]]
    at: Mapped[datetime]
