"""Claim: one short transaction that leases a conversation and reads all that its turn will need.

The lease carries a fencing token; attempts are counted and committed here, so that a worker killed while thinking has
still counted. A conversation is leased, never a message: two quick messages are one turn, by one worker.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from bot.turn.heard import Answer, Heard, RoundFacts, Said
from engagement.participants import open_display_name
from engagement.rounds import frameworks_of
from records.database import Database, UnitOfWork
from records.tables import (
    Conversation,
    Message,
    MessageState,
    OutboxMessage,
    OutboxState,
    Participant,
    Progress,
    Response,
    Round,
    SealedAddress,
    SealedWords,
    TranscriptTurn,
)
from records.types import Asked, Capabilities, ChannelName, Kind, Lane, Tier

MOST_ATTEMPTS = 3
_LEASE = timedelta(seconds=60)
_UNREAD_FOR = timedelta(seconds=4)  # a question that left this short a time ago cannot have been read and answered


@dataclass(frozen=True, slots=True)
class Claimed:
    """A leased conversation, and the messages its turn is about."""

    heard: Heard
    message_ids: tuple[str, ...]
    attempt: int  # the highest count among them, this one included


def claim(database: Database, capabilities: Mapping[ChannelName, Capabilities]) -> Claimed | None:
    """Lease the conversation that has been due longest. None when nothing is due."""
    if not _anything_due(database):
        return None
    with database.write() as unit:
        conversation = _next_due(unit)
        if conversation is None:
            return None
        messages = _waiting(unit.session, conversation)
        if not messages:
            conversation.due_at = None
            return None
        conversation.lease_token += 1
        conversation.leased_until = unit.clock.now() + _LEASE
        for message in messages:
            message.attempts += 1
        heard = _heard(unit, conversation, messages, capabilities[conversation.channel])
        return Claimed(heard, tuple(one.id for one in messages), max(one.attempts for one in messages))


def _anything_due(database: Database) -> bool:
    """A look that takes no lock: most times a worker asks, there is nothing."""
    with database.read() as session:
        return session.scalar(_due(database.clock.now()).with_only_columns(Conversation.id)) is not None


def _next_due(unit: UnitOfWork) -> Conversation | None:
    found = _due(unit.clock.now()).with_for_update(skip_locked=True, key_share=True)
    return unit.session.scalars(found).first()


def _due(now: datetime) -> Select[tuple[Conversation]]:
    free = or_(Conversation.leased_until.is_(None), Conversation.leased_until <= now)
    return select(Conversation).where(Conversation.due_at <= now, free).order_by(Conversation.due_at).limit(1)


def _waiting(session: Session, conversation: Conversation) -> Sequence[Message]:
    """All that waits, in order; after a failure one at a time, so that a poisonous message is alone when parked."""
    found = (
        select(Message)
        .where(Message.conversation_id == conversation.id, Message.state == MessageState.DUE)
        .order_by(Message.number)
    )
    messages = list(session.scalars(found))
    return messages[:1] if any(one.attempts for one in messages) else messages


def _heard(
    unit: UnitOfWork, conversation: Conversation, messages: Sequence[Message], capabilities: Capabilities
) -> Heard:
    session = unit.session
    participant = session.get_one(Participant, conversation.participant_id)
    address = session.get_one(SealedAddress, participant.address_id)
    frameworks = frameworks_of(session, conversation.round_id)
    edition = frameworks.get(participant.audience, (None,))[0] if participant.audience else None
    return Heard(
        conversation_id=conversation.id,
        participant_id=participant.id,
        channel=conversation.channel,
        capabilities=capabilities,
        round=_round_facts(session.get_one(Round, conversation.round_id)),
        frameworks=frameworks,
        age_band=participant.age_band,
        audience=participant.audience,
        agreed=participant.agreed_at is not None,
        stage=conversation.stage,
        resume_stage=conversation.resume_stage,
        statement=conversation.statement,
        plan=tuple(conversation.plan),
        progress=_progress(session, conversation),
        answers=_answers(session, conversation, edition),
        memory=conversation.memory,
        placeholders=conversation.placeholders,
        display_name=open_display_name(unit.box, address),
        tracker=conversation.tracker,
        last_heard_at=_heard_before(session, conversation, messages[0]),
        said=_said(unit, conversation, messages),
        now=unit.clock.now(),
        lease_token=conversation.lease_token,
        interrupts=conversation.interrupts,
        safe_contact=participant.safe_contact,
        asked_last=_asked_last(session, conversation),
    )


def _progress(session: Session, conversation: Conversation) -> dict[int, Asked]:
    found = select(Progress).where(Progress.conversation_id == conversation.id)
    return {row.statement: row.asked for row in session.scalars(found)}


def _round_facts(round_: Round) -> RoundFacts:
    return RoundFacts(
        id=round_.id,
        name=round_.name,
        bodies=round_.bodies,
        area=round_.area,
        ratings=round_.ratings,
        under_18_by_bot=round_.under_18_by_bot,
        delete_until=round_.delete_until,
        contact=round_.contact,
        is_open=round_.is_open,
        is_demo=round_.is_demo,
    )


def _answers(session: Session, conversation: Conversation, edition: str | None) -> dict[int, Answer]:
    """What stands to each statement of the set they are being asked now."""
    told = set(
        session.scalars(
            select(TranscriptTurn.response_id).where(
                TranscriptTurn.conversation_id == conversation.id,
                TranscriptTurn.response_id.is_not(None),
                TranscriptTurn.superseded_at.is_(None),
            )
        )
    )
    responses = select(Response).where(
        Response.conversation_id == conversation.id,
        Response.edition_id == edition,
        Response.superseded_at.is_(None),
    )
    return {
        one.statement: Answer(rating=one.rating, told=one.id in told, declined=one.story_declined)
        for one in session.scalars(responses)
    }


def _heard_before(session: Session, conversation: Conversation, first: Message) -> datetime | None:
    found = select(Message.received_at).where(Message.conversation_id == conversation.id, Message.number < first.number)
    return session.scalar(found.order_by(Message.number.desc()).limit(1))


def _said(unit: UnitOfWork, conversation: Conversation, messages: Sequence[Message]) -> tuple[Said, ...]:
    """Open the words, once. An edit of a message that still waits simply takes its place."""
    prompt_left = _prompt_left(unit.session, conversation)
    waiting = {one.id for one in messages}
    overtaken = {one.replaces_id for one in messages if one.replaces_id in waiting}
    said = []
    for message in messages:
        if message.id in overtaken:
            continue
        unseen = prompt_left is None or message.received_at <= prompt_left + _UNREAD_FOR
        said.append(
            Said(
                message_ids=(message.id,),
                texts=(_open_words(unit, message),),
                kind=message.kind,
                tier=message.tier if message.answered or message.tier is Tier.LOOK else Tier.NONE,
                received_at=message.received_at,
                payload=message.payload if message.kind is Kind.BUTTON else None,
                replaces=None if message.replaces_id in overtaken else message.replaces_id,
                before_prompt=unseen,
                foreign=message.foreign,
                unreadable=message.answered and message.tier is Tier.LOOK,
            )
        )
    return tuple(said)


def _open_words(unit: UnitOfWork, message: Message) -> str:
    if message.words_id is None:
        return ""
    sealed = unit.session.get_one(SealedWords, message.words_id)
    return unit.box.open("sealed_words", sealed.id, "words", sealed.words)


def _asked_last(session: Session, conversation: Conversation) -> bool:
    """Is a question the last thing that went to them? A bare yes answers nothing else."""
    found = (
        select(OutboxMessage.lane)
        .where(OutboxMessage.conversation_id == conversation.id, OutboxMessage.state != OutboxState.CANCELLED)
        .order_by(OutboxMessage.number.desc())
        .limit(1)
    )
    return session.scalar(found) in (None, Lane.PROMPT)


def _prompt_left(session: Session, conversation: Conversation) -> datetime | None:
    """When the question that now stands left us; None when it never did."""
    found = (
        select(OutboxMessage)
        .where(OutboxMessage.conversation_id == conversation.id, OutboxMessage.lane == Lane.PROMPT)
        .order_by(OutboxMessage.number.desc())
        .limit(1)
    )
    prompt = session.scalars(found).first()
    return None if prompt is None or prompt.state is OutboxState.CANCELLED else prompt.sent_at
