"""Looks and alerts are raised here, inside the transaction that stores the message. A person does the rest.

Everything raised holds a reference to the sealed words and keeps them from being erased.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from protection.due import alert_due, look_due
from protection.errors import NothingToRaise
from records.database import UnitOfWork
from records.holds import hold_words
from records.tables import (
    Alert,
    AlertEvent,
    AlertMessage,
    AlertOrigin,
    AlertState,
    Look,
    Message,
    Notification,
)
from records.types import AgeBand, Category, HoldKind, Role, Tier, Verdict

FIRST_ALERT = 1001
UNDER_18 = (AgeBand.UNDER_12, AgeBand.AGE_12_15, AgeBand.AGE_16_17)


@dataclass(frozen=True, slots=True)
class Raised:
    """What became of a verdict. `times`: how many messages of this conversation have been answered like it before."""

    tier: Tier
    alert_id: str | None = None
    look_id: str | None = None
    times: int = 0


def raise_from_screen(unit: UnitOfWork, message: Message, verdict: Verdict) -> Raised:
    """Raise what the screen's verdict asks for: nothing, a look, or an alert (new, or joined to the open one)."""
    if verdict.tier is Tier.NONE:
        return Raised(Tier.NONE)
    if verdict.tier is Tier.LOOK:
        times = _count(unit, select(Look.id).where(Look.conversation_id == message.conversation_id))
        return Raised(Tier.LOOK, look_id=_look(unit, message, verdict).id, times=times)
    times = _count(unit, _worries(message.conversation_id))
    origin = AlertOrigin.UNSCREENED if Category.UNSCREENED in verdict.categories else AlertOrigin.SCREEN
    alert = _alert(unit, message, verdict, origin, actor="screen")
    return Raised(verdict.tier, alert_id=alert.id, times=times)


def for_their_age(verdict: Verdict, age_band: AgeBand | None) -> Verdict:
    """The same verdict, and a child's too when the person who writes has told us that they are under 18.

    At 16 and 17 staff see both routes, the adult's and the child's.
    """
    if age_band not in UNDER_18 or verdict.tier < Tier.CONCERN or Category.CHILD in verdict.categories:
        return verdict
    if set(verdict.categories) == {Category.UNSCREENED}:
        return verdict
    return replace(verdict, categories=(*verdict.categories, Category.CHILD))


def last_worry(session: Session, conversation_id: str) -> Verdict | None:
    """What the screen said about the last message of this conversation that raised or joined an alert."""
    found = _worries(conversation_id).order_by(AlertMessage.at.desc()).limit(1)
    last = session.scalars(found).first()
    if last is None:
        return None
    return Verdict(last.tier, 1.0, tuple(Category(one) for one in last.categories), last.reason)


def note_on_alert(unit: UnitOfWork, conversation_id: str, what: str) -> None:
    """A line in the chronology of the conversation's open alert, if it has one."""
    alert = _open_alert(unit, conversation_id)
    if alert is not None:
        unit.session.add(AlertEvent(alert_id=alert.id, at=unit.clock.now(), actor="participant", what=what))


def raise_by_staff(unit: UnitOfWork, *, conversation_id: str, message_id: str | None, staff: str, reason: str) -> Alert:
    """A member of staff is worried by a line of a transcript.

    Raises: NothingToRaise when the reason is empty, or the line belongs to no message of the conversation.
    """
    if not reason.strip():
        raise NothingToRaise("Say in a few words what worries you.")
    message = unit.session.get(Message, message_id) if message_id else _last_message(unit, conversation_id)
    if message is None or message.conversation_id != conversation_id:
        raise NothingToRaise("That line belongs to no message of this conversation.")
    verdict = Verdict(Tier.CONCERN, 1.0, (), "raised by a member of staff")
    return _alert(unit, message, verdict, AlertOrigin.STAFF, actor=staff, reason=reason.strip())


def notify(unit: UnitOfWork, role: Role, text: str, subject: str) -> None:
    """Tell a role that something waits. Names the thing, never its content."""
    unit.session.add(Notification(role=role.value, text=text, subject=subject, created_at=unit.clock.now()))


def _look(unit: UnitOfWork, message: Message, verdict: Verdict) -> Look:
    now = unit.clock.now()
    look = Look(
        conversation_id=message.conversation_id,
        message_id=message.id,
        words_id=message.words_id,
        categories=_values(verdict.categories),
        reason=verdict.reason,
        score=verdict.score,
        created_at=now,
        due_at=look_due(verdict.categories, now),
    )
    unit.session.add(look)
    unit.session.flush()
    hold_words(unit, message.words_id, HoldKind.LOOK, look.id)
    notify(unit, Role.SAFEGUARDING, "A message needs a look.", f"look:{look.id}")
    unit.audit("look raised", actor="screen", subject=f"look:{look.id}", categories=look.categories)
    return look


def _alert(
    unit: UnitOfWork, message: Message, verdict: Verdict, origin: AlertOrigin, *, actor: str, reason: str | None = None
) -> Alert:
    alert = _open_alert(unit, message.conversation_id)
    joined = alert is not None
    alert = _join(unit, alert, verdict) if alert is not None else _new_alert(unit, message, verdict, origin)
    _attach(unit, alert, message, verdict)
    what = "a further message joined" if joined else "raised"
    unit.session.add(AlertEvent(alert_id=alert.id, at=unit.clock.now(), actor=actor, what=what, reason=reason))
    notify(unit, Role.SAFEGUARDING, f"An alert needs you: {alert.reference}", f"alert:{alert.id}")
    unit.audit(
        "alert joined" if joined else "alert raised",
        actor=actor,
        subject=f"alert:{alert.id}",
        tier=verdict.tier.value,
        categories=_values(verdict.categories),
    )
    unit.ring("clocks")
    return alert


def _open_alert(unit: UnitOfWork, conversation_id: str) -> Alert | None:
    found = select(Alert).where(Alert.conversation_id == conversation_id, Alert.state != AlertState.CLOSED)
    return unit.session.scalars(found.order_by(Alert.number.desc()).limit(1).with_for_update()).first()


def _new_alert(unit: UnitOfWork, message: Message, verdict: Verdict, origin: AlertOrigin) -> Alert:
    now = unit.clock.now()
    newest = unit.session.scalar(select(func.max(Alert.number)))
    alert = Alert(
        number=FIRST_ALERT if newest is None else newest + 1,
        conversation_id=message.conversation_id,
        origin=origin,
        tier=verdict.tier,
        categories=_values(verdict.categories),
        reason=verdict.reason,
        created_at=now,
        due_at=alert_due(verdict.tier, verdict.categories, now),
    )
    unit.session.add(alert)
    unit.session.flush()
    return alert


def _join(unit: UnitOfWork, alert: Alert, verdict: Verdict) -> Alert:
    """Never calmer than before: the tier only rises, the clock only shortens, and it must be acknowledged again."""
    now = unit.clock.now()
    alert.tier = max(alert.tier, verdict.tier)
    alert.categories = sorted({*alert.categories, *_values(verdict.categories)})
    due = alert_due(verdict.tier, verdict.categories, now)
    alert.due_at = due if alert.state is AlertState.ACKNOWLEDGED else min(alert.due_at, due)
    alert.state = AlertState.OPEN
    return alert


def _attach(unit: UnitOfWork, alert: Alert, message: Message, verdict: Verdict) -> None:
    if unit.session.get(AlertMessage, (alert.id, message.id)) is not None:
        return
    unit.session.add(
        AlertMessage(
            alert_id=alert.id,
            message_id=message.id,
            words_id=message.words_id,
            tier=verdict.tier,
            categories=_values(verdict.categories),
            reason=verdict.reason,
            at=unit.clock.now(),
        )
    )
    hold_words(unit, message.words_id, HoldKind.ALERT, alert.id)


def _worries(conversation_id: str) -> Select[tuple[AlertMessage]]:
    of_theirs = Alert.conversation_id == conversation_id
    return select(AlertMessage).join(Alert, Alert.id == AlertMessage.alert_id).where(of_theirs)


def _count(unit: UnitOfWork, found: Select[Any]) -> int:
    return unit.session.scalar(select(func.count()).select_from(found.subquery())) or 0


def _last_message(unit: UnitOfWork, conversation_id: str) -> Message | None:
    found = select(Message).where(Message.conversation_id == conversation_id)
    return unit.session.scalars(found.order_by(Message.number.desc()).limit(1)).first()


def _values(categories: Sequence[Category]) -> list[str]:
    return [category.value for category in categories]
