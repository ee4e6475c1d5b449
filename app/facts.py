"""What a conversation has come to, as plain data: what `blether converse` prints. Masked words only."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.tables import (
    AlertMessage,
    ConsentEvent,
    Conversation,
    Erasure,
    Look,
    OutboxMessage,
    OutboxState,
    Participant,
    Progress,
    Request,
    Response,
    TranscriptTurn,
)
from records.types import Stage

_ASKING = (Stage.RATING, Stage.STORY, Stage.PAUSED, Stage.SAFETY)


def conversation_of(session: Session) -> Conversation | None:
    """The one conversation of a throw-away database; the newest, if somebody began anew."""
    return session.scalars(select(Conversation).order_by(Conversation.created_at.desc()).limit(1)).first()


def statement_of(conversation: Conversation | None) -> int | None:
    """The statement that is being talked about."""
    return conversation.statement if conversation is not None and conversation.stage in _ASKING else None


def raised(session: Session) -> list[tuple[str, dict[str, Any]]]:
    """Every look, alert and joined message so far, by id, with its tier and categories."""
    looks = [
        (f"look:{one.id}", {"tier": "look", "categories": one.categories})
        for one in session.scalars(select(Look).order_by(Look.created_at))
    ]
    alerts = [
        (f"alert:{one.alert_id}:{one.message_id}", {"tier": one.tier.value, "categories": one.categories})
        for one in session.scalars(select(AlertMessage).order_by(AlertMessage.at))
    ]
    return [*alerts, *looks]


def recorded(session: Session) -> dict[str, dict[str, Any]]:
    """What stands to each statement of each set. Progress is that of the set they are being asked now."""
    stands = list(
        session.scalars(select(Response).where(Response.superseded_at.is_(None)).order_by(Response.created_at))
    )
    answers = {f"{one.statement} of {one.edition_id}": _response(session, one) for one in stands}
    newest = {one.statement: f"{one.statement} of {one.edition_id}" for one in stands}
    for row in session.scalars(select(Progress).order_by(Progress.statement)):
        key = newest.get(row.statement, str(row.statement))
        answer = answers.setdefault(key, {"statement": row.statement, "rating": None, "stories": []})
        answer["progress"] = row.asked.value
    return dict(sorted(answers.items(), key=lambda item: item[1]["statement"]))


def change(before: dict[str, dict[str, Any]], after: dict[str, dict[str, Any]]) -> dict[str, Any] | None:
    """What one turn recorded: the statement's answer as it stands now, or None when nothing was recorded.

    That a statement was asked is progress, not an answer.
    """
    changed = [number for number in after if _essence(after[number]) != _essence(before.get(number))]
    return {**after[changed[0]]} if changed else None


def _essence(answer: dict[str, Any] | None) -> Any:
    if answer is None or (answer["rating"] is None and not answer["stories"] and not answer.get("declined")):
        return "skipped" if answer and answer.get("progress") == "skipped" else None
    return [answer["rating"], answer["stories"], answer.get("declined"), answer.get("withheld")]


def _response(session: Session, response: Response) -> dict[str, Any]:
    turns = select(TranscriptTurn).where(
        TranscriptTurn.response_id == response.id, TranscriptTurn.superseded_at.is_(None)
    )
    lines = list(session.scalars(turns.order_by(TranscriptTurn.number)))
    return {
        "statement": response.statement,
        "rating": response.rating.value if response.rating else None,
        "stories": [line.text for line in lines if line.text is not None],
        "withheld": sum(line.text is None for line in lines),
        "declined": response.story_declined,
    }


def final(session: Session) -> dict[str, Any]:
    """Everything that is known at the end."""
    conversation = conversation_of(session)
    participant = session.get(Participant, conversation.participant_id) if conversation else None
    return {
        "state": conversation.stage.value if conversation else None,
        "age_band": participant.age_band.value if participant and participant.age_band else None,
        "audience": participant.audience.value if participant and participant.audience else None,
        "safe_contact": participant.safe_contact if participant else None,
        "consent": [_consent(one) for one in _all(session, ConsentEvent, ConsentEvent.at)],
        "responses": list(recorded(session).values()),
        "transcript": [_line(one) for one in _all(session, TranscriptTurn, TranscriptTurn.number)],
        "alerts": [alert for _, alert in raised(session)],
        "requests": [one.kind.value for one in _all(session, Request, Request.created_at)],
        "erasures": [_erasure(one) for one in _all(session, Erasure, Erasure.requested_at)],
        "outbox": [one.text for one in _waiting(session)],
    }


def _all(session: Session, table: Any, order: Any) -> Sequence[Any]:
    return session.scalars(select(table).order_by(order)).all()


def _waiting(session: Session) -> Sequence[OutboxMessage]:
    states = (OutboxState.QUEUED, OutboxState.SENDING)
    return session.scalars(select(OutboxMessage).where(OutboxMessage.state.in_(states))).all()


def _consent(event: ConsentEvent) -> dict[str, Any]:
    return {
        "kind": event.kind.value,
        "purpose": event.purpose,
        "notice": event.notice,
        "version": event.version,
        "channel": event.channel.value,
        "at": event.at.isoformat(),
    }


def _line(turn: TranscriptTurn) -> dict[str, Any]:
    return {
        "who": turn.speaker.value,
        "text": turn.text,
        "statement": turn.statement,
        "withheld": turn.withheld_because,
        "superseded": turn.superseded_at is not None,
    }


def _erasure(erasure: Erasure) -> dict[str, Any]:
    return {"done": erasure.done_at is not None, "waits_for": erasure.waits_for, "erased": erasure.erased}
