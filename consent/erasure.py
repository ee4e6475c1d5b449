"""DELETE: hidden from inspectors at once; erased from every store once nobody holds the words; a list of what went.

What stays holds no words and names nobody: the audit chain, the erasure's own list, the fact that messages came (so
that a redelivery is not taken for a new one), an alert's chronology without its words (a record the law asks for), and
the keyed hash that keeps a stopped address from being texted again. An alert or look still open is waited for.
"""

from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, Delete, Select, delete, exists, select, update
from sqlalchemy.orm import Session

from records.database import UnitOfWork
from records.tables import (
    Alert,
    AlertMessage,
    AlertState,
    ConsentEvent,
    Conversation,
    Erasure,
    Hold,
    Look,
    Message,
    OutboxMessage,
    OutboxState,
    Participant,
    Progress,
    Reading,
    Request,
    Response,
    SealedAddress,
    SealedWords,
    TranscriptTurn,
)
from records.types import HoldKind


def request_erasure(unit: UnitOfWork, participant: Participant) -> Erasure:
    """Hide everything of a participant at once, and ask for it to be erased."""
    participant.deleted_at = participant.deleted_at or unit.clock.now()
    waiting = unit.session.scalars(
        select(Erasure).where(Erasure.participant_id == participant.id, Erasure.done_at.is_(None))
    ).first()
    if waiting is not None:
        return waiting
    erasure = Erasure(participant_id=participant.id, requested_at=unit.clock.now(), waits_for=[], erased={})
    unit.session.add(erasure)
    unit.session.flush()
    unit.audit("erasure asked for", actor="participant", subject=f"participant:{participant.id}")
    return erasure


def erase_what_is_due(unit: UnitOfWork) -> int:
    """Carry out every erasure that nothing stands in the way of any more. Returns how many were done."""
    done = 0
    for erasure in unit.session.scalars(select(Erasure).where(Erasure.done_at.is_(None))):
        participant = unit.session.get_one(Participant, erasure.participant_id)
        erasure.waits_for = what_holds(unit.session, participant)
        if not erasure.waits_for:
            _erase(unit, erasure, participant)
            done += 1
    return done


def what_holds(session: Session, participant: Participant) -> list[str]:
    """What must be finished first: an open alert, an open look, a safety reply on its way."""
    conversations = _conversations(participant)
    open_alert = select(Alert.id).where(Alert.conversation_id.in_(conversations), Alert.state != AlertState.CLOSED)
    open_look = select(Look.id).where(Look.conversation_id.in_(conversations), Look.cleared_at.is_(None))
    on_its_way = select(OutboxMessage.id).where(
        OutboxMessage.conversation_id.in_(conversations),
        OutboxMessage.state.in_((OutboxState.QUEUED, OutboxState.SENDING)),
    )
    reasons = {"an open alert": open_alert, "an open look": open_look, "a reply on its way": on_its_way}
    return [reason for reason, found in reasons.items() if session.scalar(found.limit(1)) is not None]


def erase_unheld_words(unit: UnitOfWork, grace: timedelta) -> int:
    """Erase sealed words whose last hold was released longer ago than the grace period. Returns how many."""
    before = unit.clock.now() - grace
    held = exists().where(Hold.words_id == SealedWords.id, (Hold.released_at.is_(None)) | (Hold.released_at > before))
    doomed = list(unit.session.scalars(select(SealedWords.id).where(SealedWords.created_at <= before, ~held)))
    _erase_words(unit, doomed)
    if doomed:
        unit.audit("sealed words erased", actor="clock", subject="words", rows=len(doomed))
    return len(doomed)


def release_holds(unit: UnitOfWork, kind: HoldKind, subject: str, at: datetime | None = None) -> None:
    """Let go of the words that a turn, look, alert or unread conversation held."""
    unit.session.execute(
        update(Hold)
        .where(Hold.kind == kind, Hold.subject_id == subject, Hold.released_at.is_(None))
        .values(released_at=at or unit.clock.now())
    )


def _erase(unit: UnitOfWork, erasure: Erasure, participant: Participant) -> None:
    counted: dict[str, int] = {}
    session = unit.session
    conversations = _conversations(participant)
    words = list(
        session.scalars(
            select(Message.words_id).where(Message.conversation_id.in_(conversations), Message.words_id.is_not(None))
        )
    )
    for statement in _everything_of(participant):
        counted[statement.table.description] = cast(CursorResult[Any], session.execute(statement)).rowcount
    counted["sealed_words"] = _erase_words(unit, [word for word in words if word])
    counted["sealed_addresses"] = _erase_address(unit, participant)
    _forget(unit, participant)
    erasure.erased, erasure.done_at = {name: rows for name, rows in counted.items() if rows}, unit.clock.now()
    unit.audit("erased", actor="clock", subject=f"participant:{participant.id}", rows=erasure.erased)


def _everything_of(participant: Participant) -> list[Delete]:
    """In an order that no foreign key minds."""
    mine = _conversations(participant)
    return [
        delete(Look).where(Look.conversation_id.in_(mine)),
        delete(Request).where(Request.conversation_id.in_(mine)),
        delete(Reading).where(Reading.conversation_id.in_(mine)),
        delete(TranscriptTurn).where(TranscriptTurn.conversation_id.in_(mine)),
        delete(Response).where(Response.participant_id == participant.id),
        delete(Progress).where(Progress.conversation_id.in_(mine)),
        delete(OutboxMessage).where(OutboxMessage.conversation_id.in_(mine)),
        delete(ConsentEvent).where(ConsentEvent.participant_id == participant.id),
    ]


def _conversations(participant: Participant) -> Select[tuple[str]]:
    return select(Conversation.id).where(Conversation.participant_id == participant.id)


def _erase_words(unit: UnitOfWork, words: list[str]) -> int:
    if not words:
        return 0
    for table in (Message, Look, AlertMessage):
        unit.session.execute(update(table).where(table.words_id.in_(words)).values(words_id=None))
    unit.session.execute(delete(Hold).where(Hold.words_id.in_(words)))
    unit.session.execute(delete(SealedWords).where(SealedWords.id.in_(words)))
    return len(words)


def _erase_address(unit: UnitOfWork, participant: Participant) -> int:
    """The address goes when no other round of theirs needs it. Its hash stays on the stop list if they stopped."""
    address_id, participant.address_id = participant.address_id, None
    unit.session.flush()
    if address_id is None:
        return 0
    elsewhere = select(Participant.id).where(Participant.address_id == address_id).limit(1)
    if unit.session.scalar(elsewhere) is not None:
        return 0
    unit.session.execute(delete(OutboxMessage).where(OutboxMessage.address_id == address_id))
    unit.session.execute(delete(SealedAddress).where(SealedAddress.id == address_id))
    return 1


def _forget(unit: UnitOfWork, participant: Participant) -> None:
    """What is left is a fact without a person: somebody took part and took it back."""
    mine = _conversations(participant)
    unit.session.execute(update(Message).where(Message.conversation_id.in_(mine)).values(payload=None))
    unit.session.execute(
        update(Conversation)
        .where(Conversation.participant_id == participant.id)
        .values(tracker=None, memory={}, placeholders={}, plan=[], statement=None, door="")
    )
    participant.age_band = participant.audience = participant.safe_contact = participant.agreed_at = None
    participant.has_supporter = False
    participant.erased_at = unit.clock.now()
