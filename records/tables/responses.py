"""Responses and the transcript: what people said, anonymised, beside what they were asked."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from records.tables.base import Base, new_id, one_of
from records.types import Rating


class Speaker(StrEnum):
    """Who said a turn of the transcript."""

    PARTICIPANT = "participant"
    BOT = "bot"
    STAFF = "staff"


class Response(Base):
    """Rating and story to one statement. Its story is the transcript turns that point here and still stand.

    A changed answer supersedes the one before; both are kept, only the last counts.
    """

    __tablename__ = "responses"
    __table_args__ = (Index("ix_responses_statement", "round_id", "statement"),)

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    round_id: Mapped[str] = mapped_column(ForeignKey("rounds.id"))
    participant_id: Mapped[str] = mapped_column(ForeignKey("participants.id"), index=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    edition_id: Mapped[str] = mapped_column(ForeignKey("framework_editions.id"))
    statement: Mapped[int]
    rating: Mapped[Rating | None] = mapped_column(one_of(Rating))
    story_declined: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    superseded_at: Mapped[datetime | None]


class TranscriptTurn(Base):
    """One line of an anonymised transcript. `text` is None while it is withheld."""

    __tablename__ = "transcript_turns"
    __table_args__ = (UniqueConstraint("conversation_id", "number"),)

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    number: Mapped[int]
    speaker: Mapped[Speaker] = mapped_column(one_of(Speaker))
    text: Mapped[str | None]
    statement: Mapped[int | None]
    response_id: Mapped[str | None] = mapped_column(ForeignKey("responses.id"), index=True)
    message_id: Mapped[str | None] = mapped_column(ForeignKey("messages.id"), index=True)
    at: Mapped[datetime]
    withheld_because: Mapped[str | None]  # why a person must look before anybody reads it
    hidden_at: Mapped[datetime | None]  # "this still identifies someone"
    hidden_by: Mapped[str | None]
    superseded_at: Mapped[datetime | None]  # edited or changed by the participant


class Reading(Base):
    """How far a member of staff has read a conversation. Unread is a queue with a clock."""

    __tablename__ = "readings"

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    number: Mapped[int]
    at: Mapped[datetime]
