"""Commit: one short transaction, fenced by the lease's token and the interrupts counter, that makes a turn real.

If the world moved on while the turn was thinking, nothing of it is kept and it is thought again.
"""

from datetime import timedelta

from sqlalchemy import select, update

from bot.claim import Claimed
from bot.effects import apply_effects
from bot.turn.turn import Turn
from consent.erasure import release_holds
from engagement.transcript import add_turn
from records.database import Database, UnitOfWork
from records.errors import LostLease
from records.holds import hold_words
from records.outbox import post
from records.tables import Conversation, Message, MessageState, Speaker, TranscriptTurn
from records.types import HoldKind, Kind, Lane, Outbound, Stage

_FOREIGN = "a language that nobody here reads"
_BETWEEN_TRIES = timedelta(seconds=5)


def commit(database: Database, claimed: Claimed, turn: Turn) -> None:
    """Write a whole turn. Raises: LostLease when somebody else has the conversation or a message came meanwhile."""
    with database.write() as unit:
        conversation = _fenced(unit, claimed)
        _keep_state(conversation, turn)
        lines = _transcribe(unit, conversation, turn)
        apply_effects(unit, conversation, turn, lines)
        _post(unit, conversation, turn)
        _done(unit, conversation, claimed.message_ids)
        unit.audit(
            "turn taken",
            actor="dialogue",
            subject=f"conversation:{conversation.id}",
            messages=len(claimed.message_ids),
            actions=turn.actions,
            stage=turn.stage.value,
        )


def give_back(database: Database, claimed: Claimed) -> None:
    """The world moved on: let the conversation be claimed again at once, and do not count this as a failure."""
    with database.write() as unit:
        conversation = _leased(unit, claimed)
        if conversation is not None:
            conversation.leased_until = None
            unit.session.execute(
                update(Message).where(Message.id.in_(claimed.message_ids)).values(attempts=Message.attempts - 1)
            )
            unit.ring("turns")


def put_off(database: Database, claimed: Claimed) -> None:
    """The turn failed: try it again in a little while."""
    with database.write() as unit:
        conversation = _leased(unit, claimed)
        if conversation is not None:
            conversation.leased_until = None
            conversation.due_at = unit.clock.now() + claimed.attempt * _BETWEEN_TRIES


def _fenced(unit: UnitOfWork, claimed: Claimed) -> Conversation:
    conversation = _leased(unit, claimed)
    if conversation is None or conversation.interrupts != claimed.heard.interrupts:
        raise LostLease("The conversation moved on while its turn was being thought.")
    return conversation


def _leased(unit: UnitOfWork, claimed: Claimed) -> Conversation | None:
    """The conversation, locked, if this claim still holds its lease."""
    found = (
        select(Conversation)
        .where(
            Conversation.id == claimed.heard.conversation_id,
            Conversation.lease_token == claimed.heard.lease_token,
        )
        .with_for_update(key_share=True)
    )
    return unit.session.scalars(found).first()


def _keep_state(conversation: Conversation, turn: Turn) -> None:
    conversation.stage = turn.stage
    conversation.resume_stage = turn.resume_stage
    conversation.statement = turn.statement
    conversation.plan = list(turn.plan)
    conversation.memory = dict(turn.memory)
    conversation.placeholders = dict(turn.placeholders.state())
    conversation.tracker = None if turn.tracker is None else dict(turn.tracker)


def _transcribe(unit: UnitOfWork, conversation: Conversation, turn: Turn) -> dict[str, TranscriptTurn]:
    """The masked lines of this turn, by message. Nothing is kept of what was said before agreement."""
    lines = {}
    for said in turn.heard.said:
        for message_id, text in zip(said.message_ids, said.texts, strict=True):
            if text and message_id in turn.kept and said.kind is not Kind.START:
                lines[message_id] = _line(unit, conversation, turn, message_id, text, foreign=said.foreign)
    return lines


def _line(
    unit: UnitOfWork, conversation: Conversation, turn: Turn, message_id: str, text: str, *, foreign: bool
) -> TranscriptTurn:
    masked = turn.masked(message_id, text)
    withheld_because = masked.reason if masked.held else _FOREIGN if foreign else None
    line = add_turn(
        unit,
        conversation,
        Speaker.PARTICIPANT,
        masked.text if withheld_because is None else None,
        statement=turn.statement_of.get(message_id),
        message_id=message_id,
        withheld_because=withheld_because,
    )
    if withheld_because is not None:
        hold_words(unit, unit.session.get_one(Message, message_id).words_id, HoldKind.RELEASE, line.id)
    return line


def _post(unit: UnitOfWork, conversation: Conversation, turn: Turn) -> None:
    """The replies in one text, then the question, which can be cancelled by itself."""
    despite_stop = turn.stage is Stage.STOPPED  # the one confirmation
    if turn.replies:
        post(unit, conversation, turn.packed_replies(), Lane.REPLY, despite_stop=despite_stop)
    if turn.prompt is not None:
        post(unit, conversation, [turn.prompt], Lane.PROMPT)
    if turn.agreed:
        for outbound in (*turn.packed_replies(), *((turn.prompt,) if turn.prompt else ())):
            _say(unit, conversation, turn, outbound)


def _say(unit: UnitOfWork, conversation: Conversation, turn: Turn, outbound: Outbound) -> None:
    add_turn(unit, conversation, Speaker.BOT, outbound.text, statement=turn.statement)


def _done(unit: UnitOfWork, conversation: Conversation, message_ids: tuple[str, ...]) -> None:
    """Mark the messages handled, let go of their words, and look whether more wait."""
    now = unit.clock.now()
    unit.session.execute(
        update(Message).where(Message.id.in_(message_ids)).values(state=MessageState.DONE, done_at=now)
    )
    conversation.leased_until = None
    left = select(Message.id).where(Message.conversation_id == conversation.id, Message.state == MessageState.DUE)
    if unit.session.scalar(left.limit(1)) is None:
        conversation.due_at = None
        release_holds(unit, HoldKind.TURN, conversation.id)
    else:
        unit.ring("turns")
