"""Takes turns: claim, think, commit. No transaction is open while anything thinks.

A worker killed at any instruction leaves either a whole turn or nothing. What fails three times is parked, a person is
told, and the participant gets a fixed reply.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.claim import MOST_ATTEMPTS, Claimed, claim
from bot.commit import commit, give_back, put_off
from bot.turn.heard import Heard
from bot.turn.turn import Turn
from consent.erasure import release_holds
from protection.raising import notify, raise_from_screen
from records.database import Database, UnitOfWork
from records.errors import LostLease
from records.outbox import post
from records.tables import Conversation, Message, MessageState
from records.types import (
    Capabilities,
    Category,
    ChannelName,
    HoldKind,
    Lane,
    Outbound,
    Role,
    Tier,
    Verdict,
)

_log = logging.getLogger("blether.turns")


@dataclass(frozen=True, slots=True)
class Worker:
    """One worker. `think` is the dialogue: from what was heard to what is to be done, in memory."""

    database: Database
    capabilities: Mapping[ChannelName, Capabilities]
    think: Callable[[Heard], Turn]
    parked_reply: Callable[[ChannelName], tuple[Outbound, ...]]

    def take_one(self) -> bool:
        """Take one turn. False when none is due."""
        claimed = claim(self.database, self.capabilities)
        if claimed is None:
            return False
        try:
            turn = self.think(claimed.heard)
            commit(self.database, claimed, turn)
        except LostLease:
            give_back(self.database, claimed)
        except Exception as error:
            # The message may quote what somebody wrote: only the kind of error and the place are logged.
            _log.error("a turn failed (%s), attempt %d", _place(error), claimed.attempt)
            self._after_failure(claimed)
        return True

    def take_all(self, most: int = 1000) -> int:
        """Take turns until none is due. Returns how many."""
        for taken in range(most):
            if not self.take_one():
                return taken
        return most

    def _after_failure(self, claimed: Claimed) -> None:
        if claimed.attempt < MOST_ATTEMPTS:
            put_off(self.database, claimed)
            return
        with self.database.write() as unit:
            self._park(unit, claimed)

    def _park(self, unit: UnitOfWork, claimed: Claimed) -> None:
        conversation = unit.session.get_one(
            Conversation, claimed.heard.conversation_id, with_for_update={"key_share": True}
        )
        conversation.leased_until, conversation.due_at = None, unit.clock.now()
        for message_id in claimed.message_ids:
            message = unit.session.get_one(Message, message_id)
            message.state, message.done_at = MessageState.PARKED, unit.clock.now()
            raise_from_screen(unit, message, Verdict(Tier.LOOK, 0.0, (Category.UNREADABLE,), "the dialogue failed"))
            notify(
                unit, Role.ENGAGEMENT, "A message could not be handled and waits for a person.", f"parked:{message_id}"
            )
            unit.audit("message parked", actor="dialogue", subject=f"message:{message_id}")
        release_holds(unit, HoldKind.TURN, conversation.id)
        post(unit, conversation, self.parked_reply(conversation.channel), Lane.REPLY)
        unit.ring("turns")


def _place(error: BaseException) -> str:
    """The kind of an error and where it arose: never its text."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f"{trace.tb_frame.f_code.co_name}:{trace.tb_lineno}" if trace is not None else "nowhere"
    return f"{type(error).__name__} in {where}"
