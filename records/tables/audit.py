"""The audit chain's two tables: the entries, each hashed over the one before, and the head they are added to."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from records.tables.base import Base


class AuditEntry(Base):
    """One thing that happened. References only; never words, names or numbers of participants."""

    __tablename__ = "audit_entries"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]
    facts: Mapped[dict[str, Any]]
    previous: Mapped[str]
    digest: Mapped[str]


class AuditHead(Base):
    """The last entry. One row, locked while an entry is added, so that the chain never forks."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int]
    digest: Mapped[str]
