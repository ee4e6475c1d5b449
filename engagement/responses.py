"""Responses: ratings and stories as they are recorded, changed and taken back.

What is superseded is kept, but not counted.
"""

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from records.database import UnitOfWork
from records.tables import Conversation, Progress, Response, TranscriptTurn
from records.types import Asked, Rating


def current_response(session: Session, conversation_id: str, edition_id: str, statement: int) -> Response | None:
    """The response that counts for one statement of one set: who answers two sets has two answers to number 3."""
    found = select(Response).where(
        Response.conversation_id == conversation_id,
        Response.edition_id == edition_id,
        Response.statement == statement,
        Response.superseded_at.is_(None),
    )
    return session.scalars(found).first()


def record_rating(
    unit: UnitOfWork, conversation: Conversation, edition_id: str, statement: int, rating: Rating
) -> Response:
    """Record a rating. A rating that was given before is superseded; the story stays."""
    response = current_response(unit.session, conversation.id, edition_id, statement)
    if response is not None and response.rating is not None and response.rating is not rating:
        response = _supersede(unit, response)
    response = response or _new_response(unit, conversation, edition_id, statement)
    response.rating, response.changed_at = rating, unit.clock.now()
    unit.audit("rating recorded", actor="participant", subject=f"response:{response.id}", statement=statement)
    return response


def record_story(
    unit: UnitOfWork,
    conversation: Conversation,
    edition_id: str,
    statement: int,
    turns: Sequence[TranscriptTurn],
    *,
    anew: bool,
) -> Response:
    """Let transcript turns stand as the story to a statement; `anew` supersedes the story that stood before."""
    response = current_response(unit.session, conversation.id, edition_id, statement)
    response = response or _new_response(unit, conversation, edition_id, statement)
    if anew:
        _supersede_story(unit, response)
    for turn in turns:
        turn.response_id = response.id
    response.story_declined, response.changed_at = False, unit.clock.now()
    unit.audit("story recorded", actor="participant", subject=f"response:{response.id}", statement=statement)
    return response


def decline_story(unit: UnitOfWork, conversation: Conversation, edition_id: str, statement: int) -> None:
    """They would rather not tell more about a statement."""
    response = current_response(unit.session, conversation.id, edition_id, statement)
    response = response or _new_response(unit, conversation, edition_id, statement)
    response.story_declined, response.changed_at = True, unit.clock.now()


def set_progress(unit: UnitOfWork, conversation: Conversation, statement: int, asked: Asked) -> None:
    """What is now known about a statement."""
    row = unit.session.get(Progress, (conversation.id, statement))
    if row is None:
        row = Progress(conversation_id=conversation.id, statement=statement)
        unit.session.add(row)
    row.asked, row.changed_at = asked, unit.clock.now()


def _new_response(unit: UnitOfWork, conversation: Conversation, edition_id: str, statement: int) -> Response:
    now = unit.clock.now()
    response = Response(
        round_id=conversation.round_id,
        participant_id=conversation.participant_id,
        conversation_id=conversation.id,
        edition_id=edition_id,
        statement=statement,
        created_at=now,
        changed_at=now,
    )
    unit.session.add(response)
    unit.session.flush()
    return response


def _supersede(unit: UnitOfWork, old: Response) -> Response:
    """A new response in the old one's place, with its story."""
    now = unit.clock.now()
    old.superseded_at = now
    new = Response(
        round_id=old.round_id,
        participant_id=old.participant_id,
        conversation_id=old.conversation_id,
        edition_id=old.edition_id,
        statement=old.statement,
        story_declined=old.story_declined,
        created_at=now,
        changed_at=now,
    )
    unit.session.add(new)
    unit.session.flush()
    unit.session.execute(update(TranscriptTurn).where(TranscriptTurn.response_id == old.id).values(response_id=new.id))
    return new


def _supersede_story(unit: UnitOfWork, response: Response) -> None:
    unit.session.execute(
        update(TranscriptTurn)
        .where(TranscriptTurn.response_id == response.id, TranscriptTurn.superseded_at.is_(None))
        .values(superseded_at=unit.clock.now())
    )
