"""What staff read: the queue of conversations, one transcript, and what was said to each statement.

It never shows a turn that is withheld, hidden or superseded, and never anybody who took their agreement back.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session

from records.clock import local
from records.database import UnitOfWork
from records.tables import (
    Conversation,
    Hold,
    Message,
    MessageState,
    Participant,
    Reading,
    Round,
    Speaker,
    TranscriptTurn,
)
from records.types import Audience, ChannelName, HoldKind

PAGE_SIZE = 50
REFERENCE_LETTERS = 6

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Paged(Generic[Item]):
    """One page of a list, counted from 1."""

    items: tuple[Item, ...]
    page: int
    total: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE_SIZE))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which conversations a list is about."""

    unread_only: bool = False
    round_id: str | None = None
    audience: Audience | None = None
    channel: ChannelName | None = None


@dataclass(frozen=True, slots=True)
class ConversationLine:
    """A conversation as a list shows it. `unread` counts their turns nobody has read, `since` is the first of them."""

    id: str
    area: str
    audience: Audience | None
    channel: ChannelName
    turns: int
    month: date
    unread: int
    since: datetime | None

    @property
    def reference(self) -> str:
        """Short enough to say on the telephone; random, as the id is."""
        return reference_of(self.id)


@dataclass(frozen=True, slots=True)
class TurnShown:
    """One line of a transcript as it may be shown. `text` is None when it is withheld, hidden or was changed."""

    id: str
    number: int
    speaker: Speaker
    text: str | None
    statement: int | None
    day: int  # 0 is the day of the first line
    from_message: bool
    unread: bool
    withheld: bool
    hidden: bool
    superseded: bool


@dataclass(frozen=True, slots=True)
class Exchange:
    """What was asked, and what came back: prompt beside answer."""

    statement: int | None
    day: int
    asked: list[TurnShown] = field(default_factory=list)
    answered: list[TurnShown] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Transcript:
    """One conversation, ready to read."""

    line: ConversationLine
    round_id: str
    exchanges: tuple[Exchange, ...]
    last_number: int


def reference_of(conversation_id: str) -> str:
    """The short reference of a conversation: 6 of its random letters."""
    letters = conversation_id[:REFERENCE_LETTERS].upper()
    return f"{letters[:3]}-{letters[3:]}"


def readable() -> ColumnElement[bool]:
    """Participants that staff may read: they agreed, and did not take it back."""
    return and_(Participant.agreed_at.is_not(None), Participant.deleted_at.is_(None), Participant.erased_at.is_(None))


def page_of(session: Session, query: Select[Any], page: int) -> Paged[Any]:
    """One page of a query's rows (whole rows, not scalars)."""
    total = session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    page = min(max(page, 1), max(1, -(-total // PAGE_SIZE)))
    rows = session.execute(query.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)).all()
    return Paged(tuple(rows), page, total)


def conversations(session: Session, wanted: Wanted, page: int = 1) -> Paged[ConversationLine]:
    """Conversations with something in their transcript: those that wait longest first."""
    found = page_of(session, _lines(wanted), page)
    return Paged(tuple(_line(row) for row in found.items), found.page, found.total)


def unread_since(session: Session) -> list[datetime]:
    """For every conversation with unread turns, the moment of the first of them."""
    return [line.since for row in session.execute(_lines(Wanted(unread_only=True))) if (line := _line(row)).since]


def next_unread(session: Session, after: str) -> str | None:
    """The conversation that waits longest to be read, other than `after`."""
    query = _lines(Wanted(unread_only=True)).where(Conversation.id != after).limit(1)
    row = session.execute(query).first()
    return None if row is None else str(row[0].id)


def transcript(session: Session, conversation_id: str) -> Transcript | None:
    """One transcript, or None if there is none that staff may read."""
    row = session.execute(_lines(Wanted()).where(Conversation.id == conversation_id)).first()
    if row is None:
        return None
    read = session.scalar(select(func.max(Reading.number)).where(Reading.conversation_id == conversation_id)) or 0
    found = select(TranscriptTurn).where(TranscriptTurn.conversation_id == conversation_id)
    turns = session.scalars(found.order_by(TranscriptTurn.number)).all()
    return Transcript(
        line=_line(row),
        round_id=row[0].round_id,
        exchanges=tuple(_exchanges(_shown(turns, read))),
        last_number=turns[-1].number,
    )


def mark_read(unit: UnitOfWork, conversation_id: str, staff_id: str, number: int, *, actor: str) -> None:
    """A member of staff has read a conversation up to turn `number`; what was kept for that is let go.

    Words whose turn comes later, or that the dialogue has not handled, stay held.
    """
    session, now = unit.session, unit.clock.now()
    newest = select(func.max(TranscriptTurn.number)).where(TranscriptTurn.conversation_id == conversation_id)
    number = min(number, session.scalar(newest) or 0)
    reading = session.get(Reading, (conversation_id, staff_id))
    if reading is None:
        reading = Reading(conversation_id=conversation_id, staff_id=staff_id, number=0, at=now)
        session.add(reading)
    reading.number, reading.at = max(reading.number, number), now
    for hold in session.scalars(_held_for_reading(conversation_id, reading.number)):
        hold.released_at = now
    unit.audit("conversation read", actor=actor, subject=f"conversation:{conversation_id}", up_to=reading.number)


def _held_for_reading(conversation_id: str, number: int) -> Select[tuple[Hold]]:
    turns = select(TranscriptTurn).where(TranscriptTurn.conversation_id == conversation_id)
    read_at = (
        turns.with_only_columns(func.max(TranscriptTurn.at)).where(TranscriptTurn.number <= number).scalar_subquery()
    )
    later = turns.with_only_columns(TranscriptTurn.message_id).where(
        TranscriptTurn.number > number, TranscriptTurn.message_id.is_not(None)
    )
    return (
        select(Hold)
        .join(Message, Message.words_id == Hold.words_id)
        .where(Hold.kind == HoldKind.UNREAD, Hold.subject_id == conversation_id, Hold.released_at.is_(None))
        .where(Message.state == MessageState.DONE, Message.received_at <= read_at, Message.id.not_in(later))
    )


def _lines(wanted: Wanted) -> Select[Any]:
    read = select(Reading.conversation_id, func.max(Reading.number).label("number"))
    read_up_to = read.group_by(Reading.conversation_id).subquery()
    turns = (
        select(TranscriptTurn.conversation_id, func.count().label("turns"), func.min(TranscriptTurn.at).label("first"))
        .where(TranscriptTurn.speaker == Speaker.PARTICIPANT, TranscriptTurn.superseded_at.is_(None))
        .group_by(TranscriptTurn.conversation_id)
        .subquery()
    )
    unread = (
        select(TranscriptTurn.conversation_id, func.count().label("unread"), func.min(TranscriptTurn.at).label("since"))
        .outerjoin(read_up_to, read_up_to.c.conversation_id == TranscriptTurn.conversation_id)
        .where(TranscriptTurn.speaker == Speaker.PARTICIPANT, TranscriptTurn.superseded_at.is_(None))
        .where(TranscriptTurn.number > func.coalesce(read_up_to.c.number, 0))
        .group_by(TranscriptTurn.conversation_id)
        .subquery()
    )
    query = (
        select(Conversation, Participant, Round, turns.c.turns, turns.c.first, unread.c.unread, unread.c.since)
        .join(Participant, Participant.id == Conversation.participant_id)
        .join(Round, Round.id == Conversation.round_id)
        .join(turns, turns.c.conversation_id == Conversation.id)
        .outerjoin(unread, unread.c.conversation_id == Conversation.id)
        .where(readable())
        .order_by(unread.c.since.is_(None), unread.c.since, Conversation.created_at.desc(), Conversation.id)
    )
    for condition in _conditions(wanted, unread.c.since):
        query = query.where(condition)
    return query


def _conditions(wanted: Wanted, since: ColumnElement[datetime]) -> Iterator[ColumnElement[bool]]:
    if wanted.unread_only:
        yield since.is_not(None)
    if wanted.round_id is not None:
        yield Conversation.round_id == wanted.round_id
    if wanted.audience is not None:
        yield Participant.audience == wanted.audience
    if wanted.channel is not None:
        yield Conversation.channel == wanted.channel


def _line(row: Any) -> ConversationLine:
    conversation, participant, round_, turns, first, unread, since = row
    return ConversationLine(
        id=conversation.id,
        area=round_.area,
        audience=participant.audience,
        channel=conversation.channel,
        turns=turns,
        month=local(first).date().replace(day=1),
        unread=unread or 0,
        since=since,
    )


def _shown(turns: Sequence[TranscriptTurn], read: int) -> Iterator[TurnShown]:
    first = local(turns[0].at).date()
    for turn in turns:
        withheld = turn.text is None or turn.withheld_because is not None
        hidden, superseded = turn.hidden_at is not None, turn.superseded_at is not None
        yield TurnShown(
            id=turn.id,
            number=turn.number,
            speaker=turn.speaker,
            text=None if withheld or hidden or superseded else turn.text,
            statement=turn.statement,
            day=(local(turn.at).date() - first).days,
            from_message=turn.message_id is not None,
            unread=turn.speaker is Speaker.PARTICIPANT and turn.number > read and not superseded,
            withheld=withheld,
            hidden=hidden,
            superseded=superseded,
        )


def _exchanges(turns: Iterator[TurnShown]) -> Iterator[Exchange]:
    """Cut a transcript before every question that follows an answer, and wherever the statement or the day changes."""
    current: Exchange | None = None
    for turn in turns:
        asks = turn.speaker is Speaker.BOT
        moved = current is not None and (turn.statement, turn.day) != (current.statement, current.day)
        if current is None or moved or (asks and current.answered):
            if current is not None:
                yield current
            current = Exchange(turn.statement, turn.day)
        (current.asked if asks else current.answered).append(turn)
    if current is not None:
        yield current
