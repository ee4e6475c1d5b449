"""STOP and START. The list of stopped addresses holds keyed hashes only, and survives erasure."""

from records.database import UnitOfWork
from records.outbox import cancel_unsent
from records.stops import is_stopped, stopped
from records.tables import OutboxMessage, SealedAddress, StoppedAddress


def stop(unit: UnitOfWork, address: SealedAddress, *, by_provider: bool = False) -> None:
    """Nothing leaves for this address any more: it goes on the list, and what is unsent is cancelled.

    What was queued to leave despite a stop still leaves: a safety reply, the one confirmation.
    """
    if not is_stopped(unit.session, address):
        unit.session.add(
            StoppedAddress(
                lookup=address.lookup, channel=address.channel, since=unit.clock.now(), by_provider=by_provider
            )
        )
    cancel_unsent(unit, OutboxMessage.address_id == address.id, ~OutboxMessage.despite_stop)


def restart(unit: UnitOfWork, address: SealedAddress) -> None:
    """They came back by themselves."""
    row = stopped(unit.session, address)
    if row is not None:
        unit.session.delete(row)
