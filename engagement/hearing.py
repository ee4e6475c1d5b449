"""What people said to each statement of a set: how many were heard, how they rated it, and their masked stories.

Counts are made safe before they leave this module, and nothing here ever suggests a grade.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from engagement.framework import Framework, Statement
from engagement.reading import Paged, page_of, readable
from engagement.rounds import frameworks_of
from engagement.suppression import IN_CONSOLE, Protected, protect
from records.tables import Conversation, Participant, Response, Round, Speaker, TranscriptTurn
from records.types import Audience, ChannelName, Rating

NOT_RATED = "not_rated"
CELLS = (*(rating.value for rating in Rating), NOT_RATED)


@dataclass(frozen=True, slots=True)
class Heard:
    """One statement, and how many people said what about it, as far as that may be shown."""

    statement: Statement
    counts: Protected


@dataclass(frozen=True, slots=True)
class Set:
    """The statements of one audience in one round."""

    round: Round
    audience: Audience
    edition_id: str
    framework: Framework


def sets_of(session: Session, round_id: str) -> Mapping[Audience, Set]:
    """The sets a round asks from, in the order of audiences."""
    found = session.get(Round, round_id)
    if found is None:
        return {}
    frameworks = frameworks_of(session, round_id)
    return {one: Set(found, one, *frameworks[one]) for one in Audience if one in frameworks}


def rounds(session: Session) -> Sequence[Round]:
    """All rounds, the newest first."""
    return session.scalars(select(Round).order_by(Round.created_at.desc(), Round.id)).all()


def heard(session: Session, chosen: Set, threshold: int = IN_CONSOLE) -> list[Heard]:
    """For each statement of a set: people by channel and rating, made safe at `threshold`."""
    tables = _tables(session, chosen)
    return [Heard(one, protect(tables[one.number], threshold)) for one in chosen.framework.statements]


def stories(
    session: Session, chosen: Set, number: int, page: int = 1, channel: ChannelName | None = None
) -> Paged[str]:
    """The masked stories to one statement, in an order that says nothing about who came when."""
    query = _stories(chosen).where(Response.statement == number)
    if channel is not None:
        query = query.where(Conversation.channel == channel)
    ids = select(query.order_by(None).subquery().c.response_id).distinct().order_by("response_id")
    found = page_of(session, ids, page)
    words = story_words(session, [row[0] for row in found.items])
    return Paged(tuple(words[row[0]] for row in found.items), found.page, found.total)


def story_words(session: Session, response_ids: Sequence[str]) -> Mapping[str, str]:
    """The masked words of responses: their turns that still stand, in order."""
    query = (
        select(TranscriptTurn)
        .where(TranscriptTurn.response_id.in_(response_ids), *_stands())
        .order_by(TranscriptTurn.conversation_id, TranscriptTurn.number)
    )
    words: dict[str, str] = {}
    for turn in session.scalars(query):
        key = str(turn.response_id)
        words[key] = f"{words[key]}\n{turn.text}" if key in words else str(turn.text)
    return words


def _stands() -> tuple[Any, ...]:
    return (
        TranscriptTurn.speaker == Speaker.PARTICIPANT,
        TranscriptTurn.text.is_not(None),
        TranscriptTurn.withheld_because.is_(None),
        TranscriptTurn.hidden_at.is_(None),
        TranscriptTurn.superseded_at.is_(None),
    )


def _stories(chosen: Set) -> Select[Any]:
    return (
        select(TranscriptTurn.response_id)
        .join(Response, Response.id == TranscriptTurn.response_id)
        .join(Conversation, Conversation.id == Response.conversation_id)
        .join(Participant, Participant.id == Response.participant_id)
        .where(*_answers(chosen), *_stands())
    )


def _answers(chosen: Set) -> tuple[Any, ...]:
    return (
        Response.round_id == chosen.round.id,
        Response.edition_id == chosen.edition_id,
        Response.superseded_at.is_(None),
        Participant.audience == chosen.audience,
        readable(),
    )


def _tables(session: Session, chosen: Set) -> dict[int, dict[ChannelName, dict[str, int]]]:
    """statement -> channel -> rating -> people; each person counts once per statement, with their last answer."""
    last = func.row_number().over(
        partition_by=(Response.participant_id, Response.statement),
        order_by=(Response.changed_at.desc(), Response.id),
    )
    answers = (
        select(Response.statement, Response.rating, Conversation.channel, last.label("nth"))
        .join(Conversation, Conversation.id == Response.conversation_id)
        .join(Participant, Participant.id == Response.participant_id)
        .where(*_answers(chosen), or_(Response.rating.is_not(None), Response.story_declined.is_(False)))
        .subquery()
    )
    grouped = (
        select(answers.c.statement, answers.c.channel, answers.c.rating, func.count())
        .where(answers.c.nth == 1)
        .group_by(answers.c.statement, answers.c.channel, answers.c.rating)
    )
    tables: dict[int, dict[ChannelName, dict[str, int]]] = {
        one.number: {channel: dict.fromkeys(CELLS, 0) for channel in ChannelName} for one in chosen.framework.statements
    }
    for statement, channel, rating, count in session.execute(grouped):
        tables[statement][channel][NOT_RATED if rating is None else rating.value] = count
    return tables
