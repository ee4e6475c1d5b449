"""Participants, their sealed addresses, and the list of those who said stop (hashes only; it survives erasure)."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from records.tables.base import Base, new_id, one_of
from records.types import AgeBand, Audience, ChannelName


class SealedAddress(Base):
    """Where somebody can be reached. The only place an address lives, and only as ciphertext."""

    __tablename__ = "sealed_addresses"
    __table_args__ = (UniqueConstraint("channel", "lookup"),)

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    channel: Mapped[ChannelName] = mapped_column(one_of(ChannelName))
    lookup: Mapped[str]  # keyed hash of the address
    address: Mapped[bytes]
    display_name: Mapped[bytes | None]  # as the channel showed it: always masked in what they write
    created_at: Mapped[datetime]


class StoppedAddress(Base):
    """Somebody said stop. Keyed hash only, so that they are never texted again, even after erasure."""

    __tablename__ = "stopped_addresses"

    lookup: Mapped[str] = mapped_column(primary_key=True)
    channel: Mapped[ChannelName] = mapped_column(one_of(ChannelName), primary_key=True)
    since: Mapped[datetime]
    by_provider: Mapped[bool] = mapped_column(default=False)


class Participant(Base):
    """One person in one round. Their name is nowhere; their address is sealed."""

    __tablename__ = "participants"
    __table_args__ = (UniqueConstraint("round_id", "address_id"),)

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    round_id: Mapped[str] = mapped_column(ForeignKey("rounds.id"), index=True)
    address_id: Mapped[str | None] = mapped_column(ForeignKey("sealed_addresses.id"), index=True)  # None once erased
    age_band: Mapped[AgeBand | None] = mapped_column(one_of(AgeBand))
    audience: Mapped[Audience | None] = mapped_column(one_of(Audience))
    has_supporter: Mapped[bool] = mapped_column(default=False)
    came_by: Mapped[str]  # walk-in, invited or deep-link
    safe_contact: Mapped[bool | None]  # their answer to "is this a safe way to contact you?"
    agreed_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]  # hidden from inspectors from this moment
    erased_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
