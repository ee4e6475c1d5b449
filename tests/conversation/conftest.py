"""Whole conversations through the real intake, dialogue and delivery: the dialogue is trained and loaded once.

A beginning that many tables share is played once for each channel and kept as a copy of its database.
"""

import itertools
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import update

from app.converse import MORNING, Play
from app.house import furnish
from app.pocket import DOORS, Pocket
from app.script import Script, Starts, parse_script
from app.settings import Settings
from app.start_up import open_records, open_unmigrated
from engagement.rounds import open_demo_round
from records.clock import Clock, ManualClock
from records.database import Database
from records.tables import Round
from records.types import ChannelName

Answers = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Begun:
    """How a conversation begins: where, how, what is typed first, and what is changed about the round."""

    channel: ChannelName
    starts: Starts
    turns: tuple[str, ...]
    round_: tuple[tuple[str, bool], ...]

    def length(self) -> int:
        return len(self.turns)

    def goes_on_from(self, other: "Begun") -> bool:
        """Is the other the first part of this one?"""
        return replace(self, turns=self.turns[: other.length()]) == other


@dataclass(frozen=True, slots=True)
class Kept:
    """A beginning that has been played, kept as files."""

    folder: Path
    moment: datetime
    played: Answers


@dataclass(slots=True)
class Theatre:
    """Plays scripts on stages of their own. Every stage has the demo round, one phone, and a clock moved by hand."""

    folder: Path
    think: Callable[[], Any]
    _kept: dict[Begun, Kept] = field(default_factory=dict)
    _number: Iterator[int] = field(default_factory=itertools.count)

    def perform(
        self, script: Script, opening: Sequence[str] = (), round_: Mapping[str, bool] | None = None
    ) -> tuple[Answers, Answers]:
        """What was said in the opening, and what was said and came of it in the script."""
        begun = Begun(script.channel, script.starts, tuple(opening), tuple(sorted((round_ or {}).items())))
        if not opening:
            with self._stage_after(begun) as play:
                return [], list(play.perform(script))
        kept = self._keep(begun)
        with self._stage_after(begun) as play:
            return kept.played, list(play.perform(Script(script.channel, Starts.WALK_IN, script.turns)))

    def stage(self, channel: ChannelName) -> AbstractContextManager[Play]:
        """A stage where nothing has been said yet."""
        return self._stage_after(Begun(channel, Starts.WALK_IN, (), ()))

    def _keep(self, begun: Begun) -> Kept:
        """Play a beginning, on from the longest part of it that is kept already."""
        if begun not in self._kept:
            earlier = max((one for one in self._kept if begun.goes_on_from(one)), key=Begun.length, default=None)
            before = self._kept[earlier].played if earlier else []
            rest = list(begun.turns[len(before) :])
            starts = Starts.WALK_IN if earlier else begun.starts
            script = parse_script({"channel": begun.channel, "starts": starts, "turns": rest})
            with self._stage_after(earlier or replace(begun, turns=())) as play:
                *played, _ = play.perform(script)
                self._kept[begun] = Kept(play.house.settings.home, play.clock.moment, [*before, *played])
        return self._kept[begun]

    def _stage_after(self, begun: Begun) -> AbstractContextManager[Play]:
        """A stage of its own, where this beginning has been played."""
        folder = self.folder / str(next(self._number))
        folder.mkdir()
        if begun not in self._kept:
            return self._new_stage(folder, begun)
        kept = self._kept[begun]
        for path in kept.folder.iterdir():
            if path.is_file() and not path.name.startswith("play.db"):
                shutil.copy2(path, folder / path.name)
        with (
            closing(sqlite3.connect(kept.folder / "play.db")) as old,
            closing(sqlite3.connect(folder / "play.db")) as new,
        ):
            old.backup(new)
        # a phone that goes on numbers its messages from where no beginning has got to
        return self._play(begun.channel, folder, kept.moment, 1000 * begun.length(), open_unmigrated)

    @contextmanager
    def _new_stage(self, folder: Path, begun: Begun) -> Iterator[Play]:
        with self._play(begun.channel, folder, MORNING, 1, open_records) as play:
            with play.house.database.write() as unit:
                open_demo_round(unit, DOORS.items())
                if begun.round_:
                    unit.session.execute(update(Round).values(**dict(begun.round_)))
            yield play

    @contextmanager
    def _play(
        self,
        channel: ChannelName,
        folder: Path,
        moment: datetime,
        first_id: int,
        open_database: Callable[[Settings, Clock], Database],
    ) -> Iterator[Play]:
        settings = Settings(home=folder, demo=True, database_url=f"sqlite:///{folder}/play.db")
        clock = ManualClock(moment)
        database = open_database(settings, clock)
        pocket = Pocket(channel, clock, _ids=itertools.count(first_id))
        house = furnish(settings, database, {channel: pocket}, rng=Random(1))
        try:
            yield Play(house, pocket, clock, self.think)
        finally:
            house.close()


@pytest.fixture(scope="session")
def theatre(dialogue: Any, tmp_path_factory: pytest.TempPathFactory) -> Theatre:
    """Plays the tables; keeps the beginnings they share."""
    return Theatre(tmp_path_factory.mktemp("theatre"), lambda: dialogue)


@pytest.fixture
def play(theatre: Theatre) -> Iterator[Callable[[ChannelName], Play]]:
    """A stage with a phone on the channel that the test names."""
    with ExitStack() as curtain:
        yield lambda channel: curtain.enter_context(theatre.stage(channel))
