"""What the page shows: the bot's messages from the outbox, and that somebody wrote, never what.

Their own words are sealed and are not opened for the page; after a reload it says only that they wrote.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from channels.status import move
from channels.web.config import PAGE
from channels.web.visitor import Visitor
from engagement.rounds import round_behind
from records.database import Database
from records.tables import (
    Conversation,
    Invitation,
    Message,
    MessageState,
    OutboxMessage,
    OutboxState,
    Participant,
    Round,
    SealedAddress,
)
from records.types import Button, ChannelName, Kind

_SHOWN = (OutboxState.SENT, OutboxState.DELIVERED, OutboxState.READ)
_COMING = (OutboxState.QUEUED, OutboxState.SENDING)
_PATIENCE = timedelta(minutes=1)  # after that the page no longer says that an answer is on its way


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the chat. `text` is None for what they wrote themselves."""

    key: str
    is_ours: bool
    text: str | None
    at: datetime
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class View:
    """What a browser may see. Ask again from `cursor`: a line may come twice, and is known by its key."""

    lines: tuple[Line, ...] = ()
    cursor: int = 0
    waiting: bool = False
    started: bool = False


def read_chat(database: Database, visitor: Visitor, after: int = 0) -> View:
    """The chat of one browser, from the outbox number `after` on, in the order in which it happened.

    What is shown counts as delivered.
    """
    with database.read() as session:
        address_id = _address_of(database, session, visitor)
        if address_id is None:
            return View()
        outbox = _outbox(session, address_id)
        shown = [row for row in outbox if row.state in _SHOWN and row.number > after]
        own = _own_messages(session, address_id)
        lines = [_our_line(row) for row in shown] + _own_lines(own, outbox)
        view = View(
            lines=tuple(sorted(lines, key=lambda line: line.at)),
            cursor=_cursor(outbox, after),
            waiting=_is_waiting(outbox, own, database.clock.now()),
            started=bool(own or shown),
        )
        fresh = [row.id for row in shown if row.state is OutboxState.SENT]
    _mark_delivered(database, fresh)
    return view


def button_behind(database: Database, visitor: Visitor, prompt_id: str, payload: str) -> Button | None:
    """The button of ours that was pressed, if this browser was ever shown it."""
    with database.read() as session:
        address_id = _address_of(database, session, visitor)
        row = session.get(OutboxMessage, prompt_id) if prompt_id else None
        if row is None or address_id is None or row.address_id != address_id:
            return None
        return next((button for button in _buttons(row) if button.payload == payload), None)


def is_open(database: Database, visitor: Visitor, code: str | None) -> bool:
    """May this browser write? A round is open behind the page or the invitation, or it has written before."""
    with database.read() as session:
        invited = select(Round).join(Invitation, Invitation.round_id == Round.id).where(Invitation.code == code)
        rounds = (round_behind(session, ChannelName.WEB, PAGE), session.scalars(invited).first() if code else None)
        if any(found is not None and found.is_open for found in rounds):
            return True
        return _address_of(database, session, visitor) is not None


def _address_of(database: Database, session: Session, visitor: Visitor) -> str | None:
    lookup = database.box.lookup("address", ChannelName.WEB.value, visitor.token)
    return session.scalar(
        select(SealedAddress.id).where(SealedAddress.channel == ChannelName.WEB, SealedAddress.lookup == lookup)
    )


def _outbox(session: Session, address_id: str) -> Sequence[OutboxMessage]:
    rows = select(OutboxMessage).where(
        OutboxMessage.address_id == address_id, OutboxMessage.state.in_(_SHOWN + _COMING)
    )
    return session.scalars(rows.order_by(OutboxMessage.number)).all()


def _own_messages(session: Session, address_id: str) -> Sequence[Message]:
    theirs = exists().where(
        Conversation.id == Message.conversation_id,
        Participant.id == Conversation.participant_id,
        Participant.address_id == address_id,
    )
    return session.scalars(select(Message).where(theirs).order_by(Message.received_at, Message.number)).all()


def _our_line(row: OutboxMessage) -> Line:
    return Line(row.id, True, row.text, row.sent_at or row.created_at, _buttons(row))


def _buttons(row: OutboxMessage) -> tuple[Button, ...]:
    return tuple(Button(title, payload) for title, payload in row.buttons)


def _own_lines(own: Sequence[Message], outbox: Sequence[OutboxMessage]) -> list[Line]:
    titles = {(row.id, button.payload): button.title for row in outbox for button in _buttons(row)}
    return [
        Line(
            message.id,
            False,
            titles.get((message.prompt_id or "", message.payload or "")) if message.kind is Kind.BUTTON else None,
            message.received_at,
        )
        for message in own
        if message.kind is not Kind.START
    ]


def _cursor(outbox: Sequence[OutboxMessage], after: int) -> int:
    """Just before the first message that is still on its way: a safety reply may overtake it."""
    coming = [row.number for row in outbox if row.state in _COMING]
    shown = [row.number for row in outbox if row.state in _SHOWN]
    return max(after, min(coming) - 1) if coming else max([after, *shown])


def _is_waiting(outbox: Sequence[OutboxMessage], own: Sequence[Message], now: datetime) -> bool:
    soon = any(row.state in _COMING and row.not_before <= now < row.created_at + _PATIENCE for row in outbox)
    due = any(row.state is MessageState.DUE and now < row.received_at + _PATIENCE for row in own)
    return soon or due


def _mark_delivered(database: Database, ids: Sequence[str]) -> None:
    if not ids:
        return
    with database.write() as unit:
        rows = select(OutboxMessage).where(OutboxMessage.id.in_(ids), OutboxMessage.state == OutboxState.SENT)
        for row in unit.session.scalars(rows.with_for_update()):
            move(unit, row, OutboxState.DELIVERED)
