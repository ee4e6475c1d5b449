"""Asks for a person, in its several kinds, and says when to expect one. A request is made once while it is open."""

from datetime import datetime

from bot import memory
from bot.actions.base import Step, facts
from bot.actions.placing import can_go_on
from bot.actions.times import by_when
from bot.turn.effects import AskForPerson
from bot.turn.turn import Turn
from protection.due import request_due
from records.types import RequestKind, Stage


class AskFor(Step):
    """Puts one kind of request in the queue."""

    def __init__(self, step: str, kind: RequestKind, key: str) -> None:
        self._step = step
        self._kind = kind
        self._key = key

    def name(self) -> str:
        """The name in the rules."""
        return self._step

    def act(self, turn: Turn) -> None:
        """Ask once, and say when to expect somebody; while that is still to come, only remind them of it."""
        requested = dict(turn.memory.get(memory.REQUESTED, {}))
        open_until = datetime.fromisoformat(requested[self._kind]) if self._kind in requested else None
        if open_until is not None and open_until > turn.heard.now:
            if not _says_no_contact_here(turn):
                turn.tell("person_asked_already", when=by_when(open_until))
            return
        due = request_due(self._kind, turn.heard.now)
        turn.do(AskForPerson(self._kind))
        turn.memory[memory.REQUESTED] = {**requested, self._kind.value: due.isoformat()}
        if not _says_no_contact_here(turn):
            turn.tell(self._key, when=by_when(due), **facts(turn))


class GoOnMeanwhile(Step):
    """They need not wait for the person to go on."""

    step = "action_go_on_meanwhile"

    def act(self, turn: Turn) -> None:
        """Offer it without asking anything. At the end there is nothing to go on with."""
        if turn.stage is not Stage.FINISHED and can_go_on(turn):
            turn.tell("waiting_unsafe" if turn.is_unsafe else "go_on_meanwhile")


def _says_no_contact_here(turn: Turn) -> bool:
    """After NOT SAFE nobody is promised on this phone: they may reach us when it suits them."""
    if turn.is_unsafe:
        turn.tell("requested_unsafe", **facts(turn))
    return turn.is_unsafe
