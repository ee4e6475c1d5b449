"""Delivery: sends what is in the outbox, per address in order, safety first, and never after STOP.

`sending` and an attempt id are committed before the provider is called. What is promised: never lost; doubled only if
we die between the provider's acceptance and our recording it, and where a provider keeps a list, even that is checked.
"""

import logging
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Case, Select, and_, case, exists, or_, select
from sqlalchemy.orm import aliased

from channels.errors import ChannelError, StopContact, TryAgain, TryOnceLater
from channels.interface import Channel, Sent
from channels.status import move
from consent.stopping import stop
from engagement.participants import open_address
from protection.raising import notify
from records.database import Database, UnitOfWork
from records.stops import is_stopped
from records.tables import OutboxMessage, OutboxState, SealedAddress, new_id
from records.types import Button, ChannelName, Lane, Outbound, Role

_log = logging.getLogger("blether.delivery")

_LEASE = timedelta(seconds=60)  # longer than any provider call may take
_OVERTAKE = timedelta(seconds=15)  # how long an accepted text keeps the next one waiting for its turn
_FIRST_WAIT = timedelta(seconds=2)
_LONGEST_WAIT = timedelta(minutes=15)
_MOST_ATTEMPTS = 12
_LATER = timedelta(hours=1)

_LANES = {Lane.SAFETY: 0, Lane.REPLY: 1, Lane.PROMPT: 2}


@dataclass(frozen=True, slots=True)
class Parcel:
    """One claimed message, ready to hand over. The address is open only here."""

    message_id: str
    attempt_id: str
    address: str = field(repr=False)
    door: str
    outbound: Outbound
    uncertain_since: datetime | None  # an attempt since then may have got through


@dataclass(frozen=True, slots=True)
class Delivery:
    """Carries messages from the outbox to the providers."""

    database: Database
    channels: Mapping[ChannelName, Channel]
    rng: random.Random

    def deliver_due(self, name: ChannelName, most: int = 100) -> int:
        """Send what is due on one channel, at most `most` messages. Returns how many were handled."""
        for done in range(most):
            if not self.deliver_one(name):
                return done
        return most

    def deliver_one(self, name: ChannelName) -> bool:
        """Send one message. False when nothing is due."""
        if not self._anything_due(name):
            return False
        with self.database.write() as unit:
            message = _next_due(unit, name)
            if message is None:
                return False
            parcel = _claim(unit, message)
        if parcel is not None:
            self._hand_over(self.channels[name], parcel)
        return True

    def _anything_due(self, name: ChannelName) -> bool:
        """A look that takes no lock: most times we ask, there is nothing."""
        now = self.database.clock.now()
        with self.database.read() as session:
            return session.scalar(_due(name, now).with_only_columns(OutboxMessage.id).limit(1)) is not None

    def _hand_over(self, channel: Channel, parcel: Parcel) -> None:
        try:
            sent = _find_or_send(channel, parcel)
        except ChannelError as error:
            self._note_failure(parcel, error)
        else:
            with self.database.write() as unit:
                message = unit.session.get_one(OutboxMessage, parcel.message_id, with_for_update=True)
                message.provider_id = sent.provider_id
                if message.state is OutboxState.SENDING:  # a status report may have been quicker
                    move(unit, message, sent.state)

    def _note_failure(self, parcel: Parcel, error: ChannelError) -> None:
        _log.warning("not sent: %s", error)
        with self.database.write() as unit:
            message = unit.session.get_one(OutboxMessage, parcel.message_id, with_for_update=True)
            if message.state is not OutboxState.SENDING:
                return
            wait = self._wait_after(message, error)
            if wait is not None:
                _put_back(unit, message, error, wait)
                return
            move(unit, message, OutboxState.FAILED, error.code)
            if isinstance(error, StopContact):
                stop(unit, unit.session.get_one(SealedAddress, message.address_id), by_provider=True)
            _tell_staff(unit, message, error)

    def _wait_after(self, message: OutboxMessage, error: ChannelError) -> timedelta | None:
        """How long until the next attempt; None when there is none."""
        match error:
            case TryAgain() if message.attempts < _MOST_ATTEMPTS:
                backoff: timedelta = min(_FIRST_WAIT * 2 ** (message.attempts - 1), _LONGEST_WAIT)
                return max(backoff * self.rng.uniform(0.5, 1.0), timedelta(seconds=error.retry_after or 0))
            case TryOnceLater() if message.error != error.code:
                return _LATER
            case _:
                return None


def _find_or_send(channel: Channel, parcel: Parcel) -> Sent:
    """Look an uncertain attempt up before sending it again."""
    if parcel.uncertain_since is not None:
        found = channel.find_sent(parcel.address, parcel.attempt_id, parcel.outbound.text, parcel.uncertain_since)
        if found is not None:
            return Sent(found, OutboxState.SENT)
    return channel.send(parcel.address, parcel.outbound, door=parcel.door, attempt_id=parcel.attempt_id)


def _claim(unit: UnitOfWork, message: OutboxMessage) -> Parcel | None:
    """Commit that this message is being sent, unless they have said stop since."""
    address = unit.session.get_one(SealedAddress, message.address_id)
    if not message.despite_stop and is_stopped(unit.session, address):
        move(unit, message, OutboxState.CANCELLED)
        return None
    uncertain_since = message.attempted_at if message.state is OutboxState.SENDING else None
    if uncertain_since is None or message.attempt_id is None:
        message.attempt_id, message.attempted_at = new_id(), unit.clock.now()
    message.state = OutboxState.SENDING
    message.attempts += 1
    message.leased_until = unit.clock.now() + _LEASE
    buttons = tuple(Button(title, payload) for title, payload in message.buttons)
    return Parcel(
        message_id=message.id,
        attempt_id=message.attempt_id,
        address=open_address(unit.box, address),
        door=message.door,
        outbound=Outbound(message.text, buttons),
        uncertain_since=uncertain_since,
    )


def _put_back(unit: UnitOfWork, message: OutboxMessage, error: ChannelError, wait: timedelta) -> None:
    message.error = error.code
    if isinstance(error, TryAgain) and error.uncertain:
        message.leased_until = unit.clock.now() + wait  # stays `sending`: looked up before it is sent again
        return
    message.state, message.leased_until = OutboxState.QUEUED, None
    message.not_before = unit.clock.now() + wait


def _tell_staff(unit: UnitOfWork, message: OutboxMessage, error: ChannelError) -> None:
    if message.lane is Lane.SAFETY:
        notify(
            unit,
            Role.SAFEGUARDING,
            f"A safety reply could not be sent. {error.told}",
            f"conversation:{message.conversation_id}",
        )
    unit.audit("message not sent", actor="delivery", subject=f"outbox:{message.id}", code=error.code)


def _next_due(unit: UnitOfWork, name: ChannelName) -> OutboxMessage | None:
    """The first message that may leave: nothing of the same address is under way or stands before it."""
    rank = _rank(OutboxMessage)
    found = (
        _due(name, unit.clock.now())
        .order_by(rank, OutboxMessage.created_at, OutboxMessage.number)
        .limit(1)
        .with_for_update(skip_locked=True, of=OutboxMessage)
    )
    return unit.session.scalars(found).first()


def _due(name: ChannelName, now: datetime) -> Select[tuple[OutboxMessage]]:
    other = aliased(OutboxMessage)
    rank, other_rank = _rank(OutboxMessage), _rank(other)
    earlier = or_(other_rank < rank, and_(other_rank == rank, other.number < OutboxMessage.number))
    in_the_way = exists().where(
        other.address_id == OutboxMessage.address_id,
        other.id != OutboxMessage.id,
        or_(
            and_(other.state == OutboxState.SENDING, other.leased_until > now),
            and_(other.state == OutboxState.ACCEPTED, other.sent_at > now - _OVERTAKE),
            and_(other.state == OutboxState.QUEUED, earlier),
        ),
    )
    due = or_(
        and_(OutboxMessage.state == OutboxState.QUEUED, OutboxMessage.not_before <= now),
        and_(OutboxMessage.state == OutboxState.SENDING, OutboxMessage.leased_until <= now),
    )
    return select(OutboxMessage).where(OutboxMessage.channel == name, due, ~in_the_way)


def _rank(table: type[OutboxMessage]) -> Case[int]:
    return case(*((table.lane == lane, rank) for lane, rank in _LANES.items()), else_=9)
