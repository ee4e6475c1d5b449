"""The outbox: everything that is to be sent, and what became of it. Replies leave only from here."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from records.tables.base import Base, new_id, one_of
from records.types import ChannelName, Lane


class OutboxState(StrEnum):
    """Where an outgoing message stands. The provider's word only moves it forward."""

    QUEUED = "queued"
    SENDING = "sending"  # committed before the provider is called
    ACCEPTED = "accepted"  # the provider has it, and has not passed it on yet
    SENT = "sent"  # on its way, or shown
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"
    CANCELLED = "cancelled"  # the world moved on, or they said stop

    @property
    def is_final(self) -> bool:
        return self in (OutboxState.READ, OutboxState.FAILED, OutboxState.CANCELLED)


class OutboxMessage(Base):
    """One text to one address. Fixed or anonymised words only; never a participant's own."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_waiting", "state", "not_before"),
        Index("ix_outbox_address", "address_id", "state"),
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    number: Mapped[int]  # order within the address
    address_id: Mapped[str] = mapped_column(ForeignKey("sealed_addresses.id"))
    conversation_id: Mapped[str | None] = mapped_column(ForeignKey("conversations.id"), index=True)
    channel: Mapped[ChannelName] = mapped_column(one_of(ChannelName))
    door: Mapped[str]
    lane: Mapped[Lane] = mapped_column(one_of(Lane))
    text: Mapped[str]
    buttons: Mapped[list[Any]] = mapped_column(default=list)  # [title, payload] pairs
    despite_stop: Mapped[bool] = mapped_column(default=False)  # the one confirmation of STOP, and safety replies
    state: Mapped[OutboxState] = mapped_column(one_of(OutboxState), default=OutboxState.QUEUED)
    attempt_id: Mapped[str | None] = mapped_column(index=True)  # in the status callback's address
    attempted_at: Mapped[datetime | None]  # when the attempt of this id began
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    provider_id: Mapped[str | None] = mapped_column(index=True)
    error: Mapped[str | None]  # the provider's code; never its text, which may quote an address
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    final_at: Mapped[datetime | None]
