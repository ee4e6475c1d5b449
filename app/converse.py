"""Runs a scripted conversation through the real intake, worker and delivery, on a throw-away database.

The clock is injected: five days pass in no time. Nothing is sent anywhere and nothing is kept.
"""

import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, TextIO

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import facts
from app.house import House, furnish
from app.loops import clocks
from app.pocket import DOORS, Pocket, Typed
from app.script import Script, Starts, Turn, read_script
from app.settings import Settings, load_settings
from app.start_up import open_records
from bot.worker import Worker
from channels.errors import NotOurs
from consent.notice import fill, load_notices
from engagement.invitations import invite
from engagement.rounds import DEMO, open_demo_round
from records.clock import ManualClock, spoken
from records.tables import Conversation, Round
from records.types import ChannelName

if TYPE_CHECKING:  # Rasa is only loaded when somebody first answers
    from bot.runtime.loading import Dialogue

MORNING = datetime(2026, 5, 12, 9, 30, tzinfo=UTC)  # a Tuesday, half past ten in Scotland
QUICK = timedelta(seconds=12)  # a message that comes sooner than this does not wait for the answer to the last
_MOST_ROUNDS = 40


def run_script(path: Path, out: TextIO) -> None:
    """Run the script in `path`, and print one JSON object for each turn and one with the final facts.

    Raises: ScriptError when the script cannot be read.
    """
    script = read_script(path)
    for answer in converse(script, load_settings()):
        print(json.dumps(answer, ensure_ascii=False), file=out, flush=True)


def converse(script: Script, settings: Settings) -> Iterator[dict[str, Any]]:
    """The objects that `run_script` prints, one by one."""
    with stage(script.channel, settings) as play:
        yield from play.perform(script)


@contextmanager
def stage(channel: ChannelName, settings: Settings, think: Callable[[], "Dialogue"] | None = None) -> Iterator["Play"]:
    """A house on a throw-away database, with the demo round and one phone. `think` gives a dialogue loaded before."""
    with tempfile.TemporaryDirectory() as folder:
        clock = ManualClock(MORNING)
        thrown_away = settings.model_copy(
            update={"database_url": f"sqlite:///{folder}/play.db", "home": Path(folder), "keys": None}
        )
        database = open_records(thrown_away, clock)
        with database.write() as unit:
            open_demo_round(unit, DOORS.items())
        pocket = Pocket(channel, clock)
        house = furnish(thrown_away, database, {channel: pocket}, rng=Random(1))
        try:
            yield Play(house, pocket, clock, think or partial(_load_dialogue, settings.home))
        finally:
            house.close()


class Play:
    """One phone, one house, and a clock that is moved by hand."""

    def __init__(self, house: House, pocket: Pocket, clock: ManualClock, think: Callable[[], "Dialogue"]) -> None:
        self.house = house
        self.pocket = pocket
        self.clock = clock
        self._think = think
        self._worker: Worker | None = None

    @property
    def worker(self) -> Worker:
        """The worker, with the dialogue; loaded when it is first needed."""
        if self._worker is None:
            from app.loops.turns import worker_with

            self._worker = worker_with(self.house, self._think())
        return self._worker

    def perform(self, script: Script) -> Iterator[dict[str, Any]]:
        """Play the script: one object for each turn, then the final facts."""
        ids: list[str] = []
        self.begin(script.starts)
        for number, turn in enumerate(script.turns):
            following = script.turns[number + 1] if number + 1 < len(script.turns) else None
            yield self._play(turn, ids, hurried=following is not None and following.after < QUICK)
        self.until_quiet()
        with self.house.database.read() as session:
            yield facts.final(session)

    def begin(self, starts: Starts) -> None:
        """Invite them, let them follow a deep link, or wait for them to write."""
        match starts:
            case Starts.DEEP_LINK:
                self.hear(Typed(start=DEMO))
                self.until_quiet()
            case Starts.INVITED:
                self._invite()
                self.deliver()
            case Starts.WALK_IN:
                pass

    def _invite(self) -> None:
        with self.house.database.write() as unit:
            round_ = unit.session.get_one(Round, _round_id(unit.session))
            texts = load_notices().text("invitation", self.pocket.channel)
            values = {"bodies": round_.bodies, "area": round_.area, "delete_until": spoken(round_.delete_until)}
            filled = [fill(text, **values) for text in texts]
            channel = self.pocket.channel
            invite(unit, round_, channel, DOORS[channel], self.pocket.address, filled)

    def _play(self, turn: Turn, ids: list[str], *, hurried: bool) -> dict[str, Any]:
        self.clock.advance(turn.after)
        with self.house.database.read() as session:
            before, known = facts.recorded(session), {key for key, _ in facts.raised(session)}
        edits = ids[turn.edits - 1] if turn.edits else None
        again = ids[turn.repeats - 1] if turn.repeats else None
        ids.append(self.hear(Typed(turn.user, turn.picture, turn.group, press=turn.press, edits=edits, message=again)))
        if hurried:
            self.deliver()
        else:
            self.until_quiet()
        with self.house.database.read() as session:
            conversation = facts.conversation_of(session)
            return {
                "user": turn.user,
                "replies": [outbound.text for outbound in self.pocket.take()],
                "statement": facts.statement_of(conversation),
                "recorded": facts.change(before, facts.recorded(session)),
                "alerts": [alert for key, alert in facts.raised(session) if key not in known],
                "state": conversation.stage.value if conversation else "none",
            }

    def hear(self, typed: Typed) -> str:
        """Send one message. What the channel or intake refuses is answered with nothing."""
        message, inbound = self.pocket.type(typed)
        if inbound is not None:
            with suppress(NotOurs):
                self.house.intake.receive(inbound)
        return message

    def until_quiet(self) -> None:
        """Let time pass until nothing waits any more: turns, replies, what falls due."""
        self.deliver()
        for _ in range(_MOST_ROUNDS):
            due = self._next_due()
            if due is None:
                break
            self.clock.moment = max(self.clock.moment, due)
            self.worker.take_all()
            self.deliver()
        clocks.tick(self.house)

    def deliver(self) -> None:
        """Send what is due now."""
        self.house.delivery.deliver_due(self.pocket.channel)

    def _next_due(self) -> datetime | None:
        with self.house.database.read() as session:
            return session.scalar(select(func.min(Conversation.due_at)))


def _load_dialogue(home: Path) -> "Dialogue":
    from app.loops.turns import load_dialogue

    return load_dialogue(home)


def _round_id(session: Session) -> str:
    return str(session.scalar(select(Round.id).where(Round.key == DEMO)))
