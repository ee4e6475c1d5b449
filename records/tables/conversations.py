"""Conversations: where each one stands, who is thinking about it, and how far it has come."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from records.tables.base import Base, new_id, one_of
from records.types import Asked, ChannelName, Stage


class Conversation(Base):
    """One participant's conversation. Leased by one worker at a time; `interrupts` says that the world moved on."""

    __tablename__ = "conversations"
    __table_args__ = (Index("ix_conversations_due", "due_at", "leased_until"),)

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    participant_id: Mapped[str] = mapped_column(ForeignKey("participants.id"), unique=True)
    round_id: Mapped[str] = mapped_column(ForeignKey("rounds.id"), index=True)
    channel: Mapped[ChannelName] = mapped_column(one_of(ChannelName))
    door: Mapped[str]  # our end, as they wrote to it

    stage: Mapped[Stage] = mapped_column(one_of(Stage), default=Stage.WELCOME)
    resume_stage: Mapped[Stage | None] = mapped_column(one_of(Stage))  # where PAUSED, SAFETY and STOPPED go back to
    statement: Mapped[int | None]
    plan: Mapped[list[Any]] = mapped_column(default=list)  # statement numbers, in the order they are asked
    tracker: Mapped[dict[str, Any] | None]  # the dialogue's compacted state: slots, no words
    memory: Mapped[dict[str, Any]] = mapped_column(
        default=dict
    )  # wording variants used, an open edit question; no words
    placeholders: Mapped[dict[str, Any]] = mapped_column(default=dict)  # keyed hash -> number

    interrupts: Mapped[int] = mapped_column(default=0)
    lease_token: Mapped[int] = mapped_column(default=0)  # fencing: grows with every claim
    leased_until: Mapped[datetime | None]
    due_at: Mapped[datetime | None]  # when the messages that wait should be taken; None: none wait

    last_heard_at: Mapped[datetime | None]
    last_turn: Mapped[int] = mapped_column(default=0)  # sequence of the last transcript turn
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class Progress(Base):
    """What is known about one statement in one conversation: not asked, asked, answered or skipped."""

    __tablename__ = "progress"

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), primary_key=True)
    statement: Mapped[int] = mapped_column(primary_key=True)
    asked: Mapped[Asked] = mapped_column(one_of(Asked), default=Asked.NOT_ASKED)
    changed_at: Mapped[datetime]
