"""Inviting somebody: their conversation is begun and the first text put in the outbox, by day and never after STOP."""

from collections.abc import Sequence
from datetime import time

from engagement.errors import EngagementError
from engagement.participants import conversation_with, meet_address, start_conversation
from records.clock import local
from records.database import UnitOfWork
from records.outbox import post
from records.stops import is_stopped
from records.tables import Conversation, Round
from records.types import ChannelName, Inbound, Kind, Lane, Outbound

FIRST_HOUR, LAST_HOUR = time(9), time(20)  # unasked texts go out between 9am and 8pm only


class MayNotInvite(EngagementError):
    """This person may not be written to now: they said stop, they are in the round already, or it is night."""


def invite(
    unit: UnitOfWork, round_: Round, channel: ChannelName, door: str, address: str, texts: Sequence[str]
) -> Conversation:
    """Begin a conversation with somebody whose address we were given, and queue the invitation.

    Raises: MayNotInvite.
    """
    now = unit.clock.now()
    if not FIRST_HOUR <= local(now).time() < LAST_HOUR:
        raise MayNotInvite("Invitations go out between 9am and 8pm. Nothing was sent.")
    row = meet_address(unit, Inbound(channel, "", door, address, Kind.START, now))
    if is_stopped(unit.session, row):
        raise MayNotInvite("They said stop, so nothing was sent.")
    if conversation_with(unit.session, row, round_) is not None:
        raise MayNotInvite("They are in this round already.")
    conversation = start_conversation(unit, row, round_, door, "invited")
    post(unit, conversation, [Outbound(text) for text in texts], Lane.PROMPT)
    return conversation
