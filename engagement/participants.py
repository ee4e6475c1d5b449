"""Participants: finding somebody again by the keyed hash of their address, and starting a conversation with them."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.database import UnitOfWork
from records.sealed import SealedBox
from records.tables import Conversation, Participant, Round, SealedAddress, new_id
from records.types import ChannelName, Inbound

TABLE = "sealed_addresses"


def address_lookup(box: SealedBox, channel: ChannelName, address: str) -> str:
    """The keyed hash by which an address is found again."""
    return box.lookup("address", channel.value, address)


def find_address(session: Session, box: SealedBox, channel: ChannelName, address: str) -> SealedAddress | None:
    """The sealed row of an address, if we have met it."""
    found = select(SealedAddress).where(
        SealedAddress.channel == channel, SealedAddress.lookup == address_lookup(box, channel, address)
    )
    return session.scalars(found).first()


def meet_address(unit: UnitOfWork, inbound: Inbound) -> SealedAddress:
    """The sealed row of the address a message came from, made and sealed if it is new."""
    known = find_address(unit.session, unit.box, inbound.channel, inbound.address)
    if known is None:
        row = new_id()
        known = SealedAddress(
            id=row,
            channel=inbound.channel,
            lookup=address_lookup(unit.box, inbound.channel, inbound.address),
            address=unit.box.seal(TABLE, row, "address", inbound.address),
            created_at=unit.clock.now(),
        )
        unit.session.add(known)
    if inbound.display_name and known.display_name is None:
        known.display_name = unit.box.seal(TABLE, known.id, "display_name", inbound.display_name)
    unit.session.flush()
    return known


def open_address(box: SealedBox, row: SealedAddress) -> str:
    """The address itself. Only delivery may ask, to send to it."""
    return box.open(TABLE, row.id, "address", row.address)


def open_display_name(box: SealedBox, row: SealedAddress) -> str | None:
    """The name the channel shows for them. Only the turn may ask, to mask it."""
    return None if row.display_name is None else box.open(TABLE, row.id, "display_name", row.display_name)


def conversation_with(session: Session, address: SealedAddress, round_: Round | None) -> Conversation | None:
    """The conversation with this address in this round; without a round, the one that was heard from last.

    The row is locked until the unit ends, but not against foreign keys: intake never waits for a turn's thinking.
    """
    found = (
        select(Conversation)
        .join(Participant, Participant.id == Conversation.participant_id)
        .where(Participant.address_id == address.id)
        .order_by(Conversation.last_heard_at.desc(), Conversation.created_at.desc())
        .limit(1)
        .with_for_update(of=Conversation, key_share=True)
    )
    if round_ is not None:
        found = found.where(Conversation.round_id == round_.id)
    return session.scalars(found).first()


def start_conversation(
    unit: UnitOfWork, address: SealedAddress, round_: Round, door: str, came_by: str
) -> Conversation:
    """A new participant in a round, and their conversation, at the very beginning."""
    participant = Participant(round_id=round_.id, address_id=address.id, came_by=came_by, created_at=unit.clock.now())
    unit.session.add(participant)
    unit.session.flush()
    conversation = Conversation(
        participant_id=participant.id,
        round_id=round_.id,
        channel=address.channel,
        door=door,
        created_at=unit.clock.now(),
    )
    unit.session.add(conversation)
    unit.session.flush()
    unit.audit("conversation started", actor="participant", subject=f"conversation:{conversation.id}", by=came_by)
    return conversation
