"""What the provider says became of a message. Reports come late, twice, out of order: they only move it forward."""

from sqlalchemy import or_, select

from records.database import Database, UnitOfWork
from records.tables import OutboxMessage, OutboxState

_RANK = {
    OutboxState.QUEUED: 0,
    OutboxState.SENDING: 1,
    OutboxState.ACCEPTED: 2,
    OutboxState.SENT: 3,
    OutboxState.CANCELLED: 4,
    OutboxState.FAILED: 4,
    OutboxState.DELIVERED: 5,  # a network that first said "failed" may still say "delivered": then it was
    OutboxState.READ: 6,
}

_LEFT = (OutboxState.ACCEPTED, OutboxState.SENT, OutboxState.DELIVERED, OutboxState.READ)


def record(
    database: Database, *, attempt_id: str | None, provider_id: str | None, state: OutboxState, error: str | None
) -> bool:
    """Move a message forward to `state`. False when no message of ours goes by these ids."""
    with database.write() as unit:
        message = _find(unit, attempt_id, provider_id)
        if message is None:
            return False
        if provider_id and message.provider_id is None:
            message.provider_id = provider_id
        if _RANK[state] > _RANK[message.state]:
            move(unit, message, state, error)
        return True


def move(unit: UnitOfWork, message: OutboxMessage, state: OutboxState, error: str | None = None) -> None:
    """Set the state, and the times that go with it."""
    now = unit.clock.now()
    message.state, message.error, message.leased_until = state, error, None
    if state in _LEFT and message.sent_at is None:
        message.sent_at = now
    if state in (OutboxState.DELIVERED, OutboxState.READ, OutboxState.FAILED, OutboxState.CANCELLED):
        message.final_at = now
    unit.ring("outbox")


def _find(unit: UnitOfWork, attempt_id: str | None, provider_id: str | None) -> OutboxMessage | None:
    wanted = []
    if attempt_id:
        wanted.append(OutboxMessage.attempt_id == attempt_id)
    if provider_id:
        wanted.append(OutboxMessage.provider_id == provider_id)
    if not wanted:
        return None
    found = select(OutboxMessage).where(or_(*wanted)).limit(1).with_for_update()
    return unit.session.scalars(found).first()
