"""The list of stopped addresses: whoever sends or invites looks here first."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.tables import SealedAddress, StoppedAddress


def stopped(session: Session, address: SealedAddress) -> StoppedAddress | None:
    """The entry of an address whose owner said stop and has not come back."""
    found = select(StoppedAddress).where(
        StoppedAddress.lookup == address.lookup, StoppedAddress.channel == address.channel
    )
    return session.scalars(found).first()


def is_stopped(session: Session, address: SealedAddress) -> bool:
    """Has somebody at this address said stop, and not come back?"""
    return stopped(session, address) is not None
