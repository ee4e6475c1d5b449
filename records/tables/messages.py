"""Messages as they came in: the fact of each, and its words, sealed, for as long as somebody holds them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from records.tables.base import Base, new_id, one_of
from records.types import HoldKind, Kind, Tier


class MessageState(StrEnum):
    """Where a message stands on its way through the dialogue."""

    DUE = "due"  # waits for a turn
    DONE = "done"  # handled, by a turn or by intake alone
    PARKED = "parked"  # failed three times; a person was told


class Message(Base):
    """The fact that a message came. Its words are in `sealed_words`; a repeat is known by `dedupe`."""

    __tablename__ = "messages"
    __table_args__ = (Index("ix_messages_waiting", "conversation_id", "state"),)

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    dedupe: Mapped[str] = mapped_column(unique=True)  # keyed hash of channel, our end and the provider's id
    number: Mapped[int]  # order of arrival within the conversation
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    kind: Mapped[Kind] = mapped_column(one_of(Kind))
    payload: Mapped[str | None]  # of a button of ours; anything else is words, and sealed
    words_id: Mapped[str | None] = mapped_column(ForeignKey("sealed_words.id"))
    replaces_id: Mapped[str | None] = mapped_column(ForeignKey("messages.id"))
    prompt_id: Mapped[str | None]
    tier: Mapped[Tier] = mapped_column(one_of(Tier))
    answered: Mapped[bool] = mapped_column(default=False)  # by intake itself: the dialogue only records it
    foreign: Mapped[bool] = mapped_column(default=False)  # a language that nobody here reads: withheld
    state: Mapped[MessageState] = mapped_column(one_of(MessageState), default=MessageState.DUE)
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime]
    received_at: Mapped[datetime]
    done_at: Mapped[datetime | None]


class SealedWords(Base):
    """The words of one message. The only place raw words live, and only as ciphertext."""

    __tablename__ = "sealed_words"

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    words: Mapped[bytes]
    created_at: Mapped[datetime]


class Hold(Base):
    """A reason to keep sealed words. When the last one is released and the grace period is over, they are erased."""

    __tablename__ = "holds"

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    words_id: Mapped[str] = mapped_column(ForeignKey("sealed_words.id", ondelete="CASCADE"), index=True)
    kind: Mapped[HoldKind] = mapped_column(one_of(HoldKind))
    subject_id: Mapped[str]  # the conversation, look, alert or turn that holds them
    created_at: Mapped[datetime]
    released_at: Mapped[datetime | None]
