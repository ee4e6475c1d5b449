"""The reading side of protection: what waits for a person, opened with a reason, acknowledged, cleared, done.

Sealed words are opened here and nowhere else in the console: by a named person, for a reason that is written down,
in the same transaction as the line in the chronology. Nothing but a named person, who has read, closes an alert.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from consent.erasure import release_holds
from engagement.reading import Paged, page_of, readable
from protection.errors import ProtectionError
from records.database import UnitOfWork
from records.tables import (
    Alert,
    AlertEvent,
    AlertMessage,
    AlertState,
    AuditEntry,
    Conversation,
    Look,
    Notification,
    Participant,
    Request,
    SealedWords,
)
from records.types import HoldKind, Tier

OPENED = "words opened"
SHORTEST_REASON = 10
LONGEST_REASON = 500


class ReasonNeeded(ProtectionError):
    """A person must say for what they open somebody's words."""


class NotWaiting(ProtectionError):
    """The look, alert or request is not there, or somebody else has dealt with it."""


class NotRead(ProtectionError):
    """A look cannot be cleared by somebody who has not opened its words."""


class RaiseConcern(Protocol):
    """How a member of staff raises an alert (`protection.raising.raise_by_staff`)."""

    def __call__(
        self, unit: UnitOfWork, *, conversation_id: str, message_id: str | None, staff: str, reason: str
    ) -> Alert: ...


@dataclass(frozen=True, slots=True)
class Queue:
    """How much waits, and how much of it is late."""

    waiting: int
    overdue: int


@dataclass(frozen=True, slots=True)
class AlertFile:
    """One alert with its messages (references only) and its chronology."""

    alert: Alert
    messages: tuple[AlertMessage, ...]
    events: tuple[AlertEvent, ...]
    deleted: bool  # they asked for everything to be deleted; it waits for this alert


def waiting(session: Session, now: datetime) -> Mapping[str, Queue]:
    """The queues by name: alerts, looks, requests."""
    return {
        "alerts": _queue(session, _open_alerts(), Alert.due_at, now),
        "looks": _queue(session, _open_looks(), Look.due_at, now),
        "requests": _queue(session, _open_requests(), Request.due_at, now),
    }


def alerts(session: Session, page: int = 1, *, acknowledged: bool = False) -> Paged[Alert]:
    """Alerts that nobody has acknowledged, what is due first at the top; or the others, newest first."""
    if acknowledged:
        query = select(Alert).where(Alert.state != AlertState.OPEN).order_by(Alert.number.desc())
    else:
        query = _open_alerts().order_by(_calmest_last(), Alert.due_at, Alert.number)
    return _scalars(session, query, page)


def alert_file(session: Session, alert_id: str) -> AlertFile | None:
    """One alert, or None if there is none."""
    alert = session.get(Alert, alert_id)
    if alert is None:
        return None
    messages = select(AlertMessage).where(AlertMessage.alert_id == alert_id).order_by(AlertMessage.at)
    events = select(AlertEvent).where(AlertEvent.alert_id == alert_id).order_by(AlertEvent.at, AlertEvent.id)
    return AlertFile(
        alert,
        tuple(session.scalars(messages)),
        tuple(session.scalars(events)),
        not is_readable(session, alert.conversation_id),
    )


def looks(session: Session, page: int = 1) -> Paged[Look]:
    """Looks that nobody has cleared, what is due first at the top."""
    return _scalars(session, _open_looks().order_by(Look.due_at, Look.id), page)


def look(session: Session, look_id: str) -> Look | None:
    """One look, cleared or not."""
    return session.get(Look, look_id)


def has_opened(session: Session, subject: str, staff: str) -> bool:
    """Has this person opened the words of "look:<id>" or "alert:<id>"? The audit chain knows."""
    found = select(AuditEntry.number).where(
        AuditEntry.subject == subject, AuditEntry.action == OPENED, AuditEntry.actor == staff
    )
    return session.scalar(found.limit(1)) is not None


def is_readable(session: Session, conversation_id: str) -> bool:
    """May staff read the transcript of this conversation?"""
    found = select(Conversation.id).join(Participant, Participant.id == Conversation.participant_id)
    return session.scalar(found.where(Conversation.id == conversation_id, readable())) is not None


def open_words(unit: UnitOfWork, subject_id: str, staff: str, reason: str) -> list[str]:
    """The words of an alert (in order) or a look, opened by a named person.

    Args: subject_id: the id of an alert or a look; reason: at least 10 characters; written down with the opening.
    Raises: ReasonNeeded; NotWaiting if there is no such alert or look; SealError if the keys are not the right ones.
    """
    reason = checked_reason(reason)
    alert = unit.session.get(Alert, subject_id)
    found = None if alert is not None else unit.session.get(Look, subject_id)
    if alert is not None:
        messages = select(AlertMessage.words_id).where(AlertMessage.alert_id == alert.id).order_by(AlertMessage.at)
        references, subject = list(unit.session.scalars(messages)), f"alert:{alert.id}"
        _event(unit, alert.id, staff, "words opened", reason)
    elif found is not None:
        references, subject = [found.words_id], f"look:{found.id}"
    else:
        raise NotWaiting("That alert or look is not there.")
    words = _open(unit, references)
    unit.audit(OPENED, actor=staff, subject=subject, texts=len(words), reason=_without_numbers(reason))
    return words


def acknowledge(unit: UnitOfWork, alert_id: str, staff: str) -> Alert:
    """A named person has taken an alert on. Raises: NotWaiting if somebody already has."""
    alert = unit.session.get(Alert, alert_id, with_for_update=True)
    if alert is None or alert.state is not AlertState.OPEN:
        raise NotWaiting("Somebody has acknowledged this alert already.")
    now = unit.clock.now()
    alert.state, alert.acknowledged_at, alert.acknowledged_by = AlertState.ACKNOWLEDGED, now, staff
    _event(unit, alert.id, staff, "acknowledged", None)
    _see_all(unit, f"alert:{alert.id}", staff)
    unit.audit("alert acknowledged", actor=staff, subject=f"alert:{alert.id}", late=now > alert.due_at)
    unit.ring("clocks")
    return alert


def close(unit: UnitOfWork, alert_id: str, staff: str, reason: str) -> Alert:
    """A named person is done with an alert, and says what came of it. Its words are let go; its chronology stays.

    Raises: NotWaiting unless it has been acknowledged and is still open; NotRead unless this person has opened the
    words; ReasonNeeded.
    """
    reason = checked_reason(reason)
    alert = unit.session.get(Alert, alert_id, with_for_update=True)
    if alert is None or alert.state is not AlertState.ACKNOWLEDGED:
        raise NotWaiting("Only an alert that somebody has acknowledged, and nobody has closed, can be closed.")
    if not has_opened(unit.session, f"alert:{alert_id}", staff):
        raise NotRead("Read the words first: open them with a reason, then decide.")
    alert.state = AlertState.CLOSED
    release_holds(unit, HoldKind.ALERT, alert.id)
    _event(unit, alert.id, staff, "closed", reason)
    _see_all(unit, f"alert:{alert.id}", staff)
    unit.audit("alert closed", actor=staff, subject=f"alert:{alert.id}", reason=_without_numbers(reason))
    unit.ring("clocks")
    return alert


def clear_look(unit: UnitOfWork, look_id: str, staff: str) -> None:
    """Nothing there: the look is done and lets its words go.

    Raises: NotRead unless this person has opened the words; NotWaiting if it was cleared already.
    """
    found = _uncleared(unit, look_id, staff)
    _clear(unit, found, staff)
    unit.audit("look cleared", actor=staff, subject=f"look:{found.id}", outcome="nothing there")


def raise_from_look(unit: UnitOfWork, look_id: str, staff: str, reason: str, raise_concern: RaiseConcern) -> str:
    """The look turned out to be an alert, which keeps the words from now on. Returns: the alert's id.

    Raises: NotRead, NotWaiting as `clear_look`; ReasonNeeded.
    """
    reason = checked_reason(reason)
    found = _uncleared(unit, look_id, staff)
    alert = raise_concern(
        unit, conversation_id=found.conversation_id, message_id=found.message_id, staff=staff, reason=reason
    )
    found.alert_id = alert.id
    _clear(unit, found, staff)
    unit.audit("look cleared", actor=staff, subject=f"look:{found.id}", outcome="alert", alert=alert.id)
    return alert.id


def requests(session: Session, page: int = 1) -> Paged[Request]:
    """Requests that nobody has answered, what is due first at the top."""
    return _scalars(session, _open_requests().order_by(Request.due_at, Request.id), page)


def finish_request(unit: UnitOfWork, request_id: str, staff: str) -> None:
    """A request has been answered. Raises: NotWaiting if it was already, or is not there."""
    request = unit.session.get(Request, request_id, with_for_update=True)
    if request is None or request.done_at is not None:
        raise NotWaiting("Somebody has answered this request already.")
    request.done_at, request.done_by = unit.clock.now(), staff
    _see_all(unit, f"request:{request.id}", staff)
    unit.audit("request done", actor=staff, subject=f"request:{request.id}", kind=request.kind.value)


def notifications(session: Session, roles: Iterable[str], page: int = 1) -> Paged[Notification]:
    """What these roles have been told and nobody has seen, the newest first."""
    query = select(Notification).where(Notification.role.in_(sorted(roles)), Notification.seen_at.is_(None))
    return _scalars(session, query.order_by(Notification.created_at.desc(), Notification.id), page)


def see_notification(unit: UnitOfWork, notification_id: str, roles: Iterable[str], staff: str) -> None:
    """Somebody of the role has seen a notification. Raises: NotWaiting if it is not there, or not theirs."""
    found = unit.session.get(Notification, notification_id)
    if found is None or found.role not in set(roles):
        raise NotWaiting("That notification is not there.")
    if found.seen_at is None:
        found.seen_at, found.seen_by = unit.clock.now(), staff


def checked_reason(reason: str) -> str:
    """A reason that says something. Raises: ReasonNeeded if it is too short or too long."""
    reason = " ".join(reason.split())
    if len(reason) < SHORTEST_REASON or len(set(reason.lower()) - {" "}) < 4:
        raise ReasonNeeded(f"Say in a few words what you need this for (at least {SHORTEST_REASON} letters).")
    if len(reason) > LONGEST_REASON:
        raise ReasonNeeded(f"Keep the reason to {LONGEST_REASON} letters.")
    return reason


def _open(unit: UnitOfWork, references: Sequence[str | None]) -> list[str]:
    sealed = [unit.session.get(SealedWords, one) for one in references if one is not None]
    return [unit.box.open("sealed_words", one.id, "words", one.words) for one in sealed if one is not None]


def _uncleared(unit: UnitOfWork, look_id: str, staff: str) -> Look:
    found = unit.session.get(Look, look_id, with_for_update=True)
    if found is None or found.cleared_at is not None:
        raise NotWaiting("Somebody has dealt with this look already.")
    if not has_opened(unit.session, f"look:{look_id}", staff):
        raise NotRead("Read the words first: open them with a reason, then decide.")
    return found


def _clear(unit: UnitOfWork, found: Look, staff: str) -> None:
    found.cleared_at, found.cleared_by = unit.clock.now(), staff
    release_holds(unit, HoldKind.LOOK, found.id)
    unit.ring("clocks")
    _see_all(unit, f"look:{found.id}", staff)


def _event(unit: UnitOfWork, alert_id: str, staff: str, what: str, reason: str | None) -> None:
    unit.session.add(AlertEvent(alert_id=alert_id, at=unit.clock.now(), actor=staff, what=what, reason=reason))


def _see_all(unit: UnitOfWork, subject: str, staff: str) -> None:
    told = select(Notification).where(Notification.subject == subject, Notification.seen_at.is_(None))
    for one in unit.session.scalars(told):
        one.seen_at, one.seen_by = unit.clock.now(), staff


def _without_numbers(reason: str) -> str:
    """The chain is never erased: a number in a reason does not go into it."""
    return re.sub(r"\d", "#", reason)


def _scalars(session: Session, query: Select[Any], page: int) -> Paged[Any]:
    found = page_of(session, query, page)
    return Paged(tuple(row[0] for row in found.items), found.page, found.total)


def _queue(session: Session, query: Select[Any], due: Any, now: datetime) -> Queue:
    late = func.sum(case((due < now, 1), else_=0))
    row = session.execute(query.with_only_columns(func.count(), late, maintain_column_froms=True)).one()
    return Queue(waiting=row[0], overdue=int(row[1] or 0))


def _open_alerts() -> Select[tuple[Alert]]:
    return select(Alert).where(Alert.state == AlertState.OPEN)


def _open_looks() -> Select[tuple[Look]]:
    return select(Look).where(Look.cleared_at.is_(None))


def _open_requests() -> Select[tuple[Request]]:
    """Of people who are still with us; before they agree they may ask as well."""
    return (
        select(Request)
        .join(Conversation, Conversation.id == Request.conversation_id)
        .join(Participant, Participant.id == Conversation.participant_id)
        .where(Request.done_at.is_(None), Participant.deleted_at.is_(None))
    )


def _calmest_last() -> Any:
    return case((Alert.tier == Tier.IMMEDIATE, 0), else_=1)
