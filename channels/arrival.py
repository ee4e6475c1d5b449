"""Arrival: who a message is from, and which conversation it belongs to."""

from dataclasses import dataclass

from channels.errors import NotOurs
from engagement.participants import conversation_with, meet_address, start_conversation
from engagement.rounds import newest_round, round_behind, round_invited
from records.database import UnitOfWork
from records.stops import is_stopped
from records.tables import Conversation, Participant, Round, SealedAddress
from records.types import Inbound, Kind


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message's sender, as our tables know them."""

    address: SealedAddress
    participant: Participant
    conversation: Conversation
    round: Round
    stopped: bool


def arrive(unit: UnitOfWork, inbound: Inbound, *, worrying: bool) -> Arrival:
    """Find the conversation a message belongs to, or begin one.

    An invitation's code decides first; then the door it came through; then, for a door that leads nowhere any more,
    the conversation we already have with this address. A worrying message is never turned away: if nothing else
    fits, it belongs to the newest round.
    Raises: NotOurs when none of them leads to a round.
    """
    round_, came_by = _round_of(unit, inbound)
    address = meet_address(unit, inbound)
    conversation = conversation_with(unit.session, address, round_)
    if conversation is None:
        round_ = round_ or (newest_round(unit.session) if worrying else None)
        if round_ is None:
            raise NotOurs("no round behind this door")
        conversation = start_conversation(unit, address, round_, inbound.to, came_by)
    conversation.door = inbound.to
    participant = unit.session.get_one(Participant, conversation.participant_id)
    its_round = unit.session.get_one(Round, conversation.round_id)
    return Arrival(address, participant, conversation, its_round, is_stopped(unit.session, address))


def _round_of(unit: UnitOfWork, inbound: Inbound) -> tuple[Round | None, str]:
    if inbound.kind is Kind.START and inbound.payload:
        invited = round_invited(unit, inbound.payload)
        if invited is not None:
            return invited, "deep-link"
    return round_behind(unit.session, inbound.channel, inbound.to), "walk-in"
