"""What people were shown, what they agreed to, and what was erased when they took it back."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from records.tables.base import Base, new_id, one_of
from records.types import ChannelName


class ConsentKind(StrEnum):
    """The moments of a person's agreement."""

    NOTICE_SHOWN = "notice_shown"
    AGREED = "agreed"
    REFUSED = "refused"
    STOPPED = "stopped"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"  # DELETE


class ConsentEvent(Base):
    """One moment of a person's agreement, with the notice that it was about."""

    __tablename__ = "consent_events"

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    participant_id: Mapped[str] = mapped_column(ForeignKey("participants.id"), index=True)
    kind: Mapped[ConsentKind] = mapped_column(one_of(ConsentKind))
    purpose: Mapped[str | None]
    notice: Mapped[str | None]
    version: Mapped[str | None]
    digest: Mapped[str | None]
    channel: Mapped[ChannelName] = mapped_column(one_of(ChannelName))
    at: Mapped[datetime]


class Erasure(Base):
    """A request to delete, what it waits for, and the list of what was erased. Holds no personal data itself."""

    __tablename__ = "erasures"

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    participant_id: Mapped[str] = mapped_column(index=True)
    requested_at: Mapped[datetime]
    waits_for: Mapped[list[Any]] = mapped_column(default=list)
    done_at: Mapped[datetime | None]
    erased: Mapped[dict[str, Any]] = mapped_column(default=dict)  # table -> rows
