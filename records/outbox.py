"""Putting texts into the outbox: the only way anything is ever sent."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, func, select, update

from records.database import UnitOfWork
from records.tables import Conversation, OutboxMessage, OutboxState, Participant
from records.types import Lane, Outbound


def post(
    unit: UnitOfWork,
    conversation: Conversation,
    messages: Iterable[Outbound],
    lane: Lane,
    *,
    despite_stop: bool = False,
) -> list[OutboxMessage]:
    """Queue texts to the participant of a conversation, in order. Nothing is queued for an erased address."""
    participant = unit.session.get_one(Participant, conversation.participant_id)
    if participant.address_id is None:
        return []
    first = _last_number(unit, participant.address_id) + 1
    posted = []
    for number, message in enumerate(messages, start=first):
        row = OutboxMessage(
            number=number,
            address_id=participant.address_id,
            conversation_id=conversation.id,
            channel=conversation.channel,
            door=conversation.door,
            lane=lane,
            text=message.text,
            buttons=[[button.title, button.payload] for button in message.buttons],
            despite_stop=despite_stop,
            not_before=unit.clock.now(),
            created_at=unit.clock.now(),
        )
        unit.session.add(row)
        posted.append(row)
    unit.session.flush()
    if posted:
        unit.ring("outbox")
    return posted


def cancel_prompts(unit: UnitOfWork, conversation: Conversation) -> None:
    """They wrote again: the question that has not left yet is not asked any more."""
    cancel_unsent(unit, OutboxMessage.conversation_id == conversation.id, OutboxMessage.lane == Lane.PROMPT)


def cancel_safety(unit: UnitOfWork, conversation: Conversation) -> None:
    """They have answered the safety question: what of the safety reply has not left yet is not said any more."""
    cancel_unsent(unit, OutboxMessage.conversation_id == conversation.id, OutboxMessage.lane == Lane.SAFETY)


def cancel_unsent(unit: UnitOfWork, *which: ColumnElement[bool]) -> None:
    """Cancel what waits in the outbox and matches `which`."""
    unit.session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.state == OutboxState.QUEUED, *which)
        .values(state=OutboxState.CANCELLED, final_at=unit.clock.now())
    )


def _last_number(unit: UnitOfWork, address_id: str) -> int:
    newest = select(func.max(OutboxMessage.number)).where(OutboxMessage.address_id == address_id)
    return unit.session.scalar(newest) or 0
