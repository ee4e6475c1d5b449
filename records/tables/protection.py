"""Looks, alerts and requests: everything that waits for a person. They hold references to sealed words, never words."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from records.tables.base import Base, new_id, one_of
from records.types import RequestKind, Tier


class Look(Base):
    """A silent request that a person read one message."""

    __tablename__ = "looks"

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    message_id: Mapped[str] = mapped_column(ForeignKey("messages.id"))
    words_id: Mapped[str | None] = mapped_column(ForeignKey("sealed_words.id"))
    categories: Mapped[list[Any]]
    reason: Mapped[str]
    score: Mapped[float]
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    cleared_at: Mapped[datetime | None]
    cleared_by: Mapped[str | None]
    alert_id: Mapped[str | None] = mapped_column(ForeignKey("alerts.id"))  # it turned out to be one


class AlertOrigin(StrEnum):
    """Who or what raised an alert."""

    SCREEN = "screen"
    PARTICIPANT = "participant"
    STAFF = "staff"
    UNSCREENED = "unscreened"


class AlertState(StrEnum):
    """How far a person has come with an alert."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    CLOSED = "closed"


class Alert(Base):
    """One concern about somebody's safety. Further messages join it while it is open."""

    __tablename__ = "alerts"

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    number: Mapped[int] = mapped_column(unique=True)  # shown as A-1042
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    origin: Mapped[AlertOrigin] = mapped_column(one_of(AlertOrigin))
    tier: Mapped[Tier] = mapped_column(one_of(Tier))
    categories: Mapped[list[Any]]
    reason: Mapped[str]
    state: Mapped[AlertState] = mapped_column(one_of(AlertState), default=AlertState.OPEN)
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[str | None]

    @property
    def reference(self) -> str:
        return f"A-{self.number}"


class AlertMessage(Base):
    """A message that belongs to an alert: a reference to its sealed words, and why the screen fired."""

    __tablename__ = "alert_messages"

    alert_id: Mapped[str] = mapped_column(ForeignKey("alerts.id"), primary_key=True)
    message_id: Mapped[str] = mapped_column(ForeignKey("messages.id"), primary_key=True)
    words_id: Mapped[str | None] = mapped_column(ForeignKey("sealed_words.id"))
    tier: Mapped[Tier] = mapped_column(one_of(Tier))
    categories: Mapped[list[Any]]
    reason: Mapped[str]
    at: Mapped[datetime]


class AlertEvent(Base):
    """One line of an alert's chronology: raised, joined, opened (with the reason), acknowledged."""

    __tablename__ = "alert_events"

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    alert_id: Mapped[str] = mapped_column(ForeignKey("alerts.id"), index=True)
    at: Mapped[datetime]
    actor: Mapped[str]
    what: Mapped[str]
    reason: Mapped[str | None]


class Request(Base):
    """Something a participant asked a person for."""

    __tablename__ = "requests"

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[RequestKind] = mapped_column(one_of(RequestKind))
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    done_by: Mapped[str | None]


class Notification(Base):
    """A line that tells staff that something waits. Names the thing, never its content."""

    __tablename__ = "notifications"

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    role: Mapped[str] = mapped_column(index=True)
    text: Mapped[str]
    subject: Mapped[str]  # "alert:<id>", "request:<id>", "look:<id>", "parked:<id>"
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    seen_by: Mapped[str | None]
