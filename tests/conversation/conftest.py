"""Whole conversations through the real intake, dialogue and delivery: the dialogue is trained and loaded once.

A beginning that many tables share is played once for each channel and kept as a copy of its database.
"""

import itertools
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from dataclasses import dataclass, field
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
_FIRST_ID = 1000  # a phone that goes on from a kept beginning numbers its messages from here


@dataclass(frozen=True, slots=True)
class Beginning:
    """A conversation that has come to a certain point, kept as files."""

    folder: Path
    moment: datetime
    played: Answers


@dataclass(slots=True)
class Theatre:
    """Plays scripts on stages of their own. Every stage has the demo round, one phone, and a clock moved by hand."""

    folder: Path
    home: Path
    think: Callable[[], Any]
    _kept: dict[tuple[Any, ...], Beginning] = field(default_factory=dict)
    _number: Iterator[int] = field(default_factory=itertools.count)

    def perform(
        self, script: Script, opening: list[str] | None = None, round_: Mapping[str, bool] | None = None
    ) -> tuple[Answers, Answers]:
        """What was said in the opening, and what was said and came of it in the script."""
        if not opening:
            with self.stage(script.channel, round_ or {}) as play:
                return [], list(play.perform(script))
        kept = self._beginning(script.channel, script.starts, opening, round_ or {})
        with self._stage_from(kept, script.channel) as play:
            return kept.played, list(play.perform(Script(script.channel, Starts.WALK_IN, script.turns)))

    @contextmanager
    def stage(self, channel: ChannelName, round_: Mapping[str, bool], folder: Path | None = None) -> Iterator[Play]:
        """A stage where nothing has been said yet. `round_` changes columns of the demo round, such as `ratings`."""
        with self._play(channel, folder or self._new_folder(), ManualClock(MORNING), 1) as play:
            with play.house.database.write() as unit:
                open_demo_round(unit, DOORS.items())
                if round_:
                    unit.session.execute(update(Round).values(**round_))
            yield play

    def _beginning(
        self, channel: ChannelName, starts: Starts, opening: list[str], round_: Mapping[str, bool]
    ) -> Beginning:
        key = (channel, starts, tuple(opening), tuple(sorted(round_.items())))
        if key not in self._kept:
            script = parse_script({"channel": channel, "starts": starts, "turns": opening})
            folder = self._new_folder()
            with self.stage(channel, round_, folder) as play:
                *played, _ = play.perform(script)
                moment = play.clock.moment
            self._kept[key] = Beginning(folder, moment, played)
        return self._kept[key]

    def _stage_from(self, kept: Beginning, channel: ChannelName) -> AbstractContextManager[Play]:
        folder = self._new_folder()
        for path in kept.folder.iterdir():
            if path.is_file() and not path.name.startswith("play.db"):
                shutil.copy2(path, folder / path.name)
        with (
            closing(sqlite3.connect(kept.folder / "play.db")) as old,
            closing(sqlite3.connect(folder / "play.db")) as new,
        ):
            old.backup(new)
        clock = ManualClock(kept.moment)
        return self._play(channel, folder, clock, _FIRST_ID, open_unmigrated)

    @contextmanager
    def _play(
        self,
        channel: ChannelName,
        folder: Path,
        clock: ManualClock,
        first_id: int,
        open_database: Callable[[Settings, Clock], Database] = open_records,
    ) -> Iterator[Play]:
        settings = Settings(home=folder, demo=True, database_url=f"sqlite:///{folder}/play.db")
        database = open_database(settings, clock)
        pocket = Pocket(channel, clock, _ids=itertools.count(first_id))
        house = furnish(settings, database, {channel: pocket}, rng=Random(1))
        try:
            yield Play(house, pocket, clock, self.think)
        finally:
            house.close()

    def _new_folder(self) -> Path:
        folder = self.folder / str(next(self._number))
        folder.mkdir()
        return folder


@pytest.fixture(scope="session")
def trained_home() -> Path:
    """Where this checkout keeps its trained dialogue: trained once, again when its files change."""
    return Path(__file__).parents[2] / "var" / "tests"


@pytest.fixture(scope="session")
def dialogue(trained_home: Path) -> Iterator[Any]:
    from app.loops.turns import load_dialogue

    loaded = load_dialogue(trained_home)
    yield loaded
    loaded.close()


@pytest.fixture(scope="session")
def theatre(dialogue: Any, trained_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Theatre:
    """Plays the tables; keeps the beginnings they share."""
    return Theatre(tmp_path_factory.mktemp("theatre"), trained_home, lambda: dialogue)


@pytest.fixture
def play(theatre: Theatre) -> Iterator[Callable[[ChannelName], Play]]:
    """A stage with a phone on the channel that the test names."""
    with ExitStack() as curtain:
        yield lambda channel: curtain.enter_context(theatre.stage(channel, {}))
