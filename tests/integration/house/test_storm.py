"""Two workers, as processes of their own, are killed in a storm of messages: each message is one turn's, and once."""

import hashlib
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update
from starlette.testclient import TestClient

from app.house import House, build_house
from app.settings import Settings
from app.start_up import doors
from app.web import web_app
from engagement.rounds import open_demo_round
from records import audit
from records.clock import SystemClock
from records.tables import (
    AuditEntry,
    Conversation,
    Message,
    MessageState,
    OutboxMessage,
    OutboxState,
    Response,
    TranscriptTurn,
)
from records.types import ChannelName, Rating, Stage

pytestmark = [pytest.mark.model, pytest.mark.postgres]

Storm = Callable[[str, Sequence[str]], None]

PEOPLE = [f"+4477009005{number:02d}" for number in range(12)]
OPENING = ("hello", "E", "1", "GO")
ANSWER = ("4 - they ring me back the same day",)
EVERYTHING = len(PEOPLE) * len(OPENING + ANSWER)
PATIENCE = 90.0  # seconds, for all of it; it takes about a third on two quiet cores


@pytest.fixture
def database_url(postgresql_url: str) -> str:
    """Several processes share one database: PostgreSQL only."""
    return postgresql_url


@pytest.fixture
def storm_settings(house_settings: Settings, trained_copy: Callable[[Path], None]) -> Settings:
    trained_copy(house_settings.home)
    return house_settings.model_copy(update={"settle_seconds": 0.0, "story_settle_seconds": 0.0})


@pytest.fixture
def house(storm_settings: Settings) -> Iterator[House]:
    house = build_house(storm_settings, SystemClock())
    with house.database.write() as unit:
        open_demo_round(unit, doors(storm_settings))
    yield house
    house.close()


class Crew:
    """The workers. Whoever is killed is replaced."""

    def __init__(self, environment: dict[str, str], home: Path) -> None:
        self._environment = environment
        self._log = (home / "workers.log").open("ab")
        self.at_work: list[subprocess.Popen[bytes]] = []

    def hire(self) -> None:
        command = [sys.executable, "-m", "app", "worker", "turns"]
        worker = subprocess.Popen(command, env=self._environment, stdout=self._log, stderr=self._log)  # noqa: S603
        self.at_work.append(worker)

    def kill_one(self) -> None:
        victim = self.at_work.pop(0)
        victim.kill()  # SIGKILL: it has no say
        victim.wait(10)
        self.hire()

    def dismiss(self) -> None:
        for worker in self.at_work:
            worker.kill()
            worker.wait(10)
        self._log.close()


@pytest.fixture
def crew(storm_settings: Settings, as_environment, tmp_path: Path) -> Iterator[Crew]:
    crew = Crew({**os.environ, **as_environment(storm_settings)}, tmp_path)
    yield crew
    crew.dismiss()


def test_each_message_of_a_storm_is_handled_by_one_turn_though_workers_are_killed(house, crew, sms_storm) -> None:
    crew.hire()
    crew.hire()
    until(lambda: hearts(house) > 0, "no worker came up")
    weather(house, crew, sms_storm, OPENING, kill_after=5)
    house.delivery.deliver_due(ChannelName.SMS, most=1000)
    weather(house, crew, sms_storm, ANSWER, kill_after=len(PEOPLE) * len(OPENING) + 1)
    nothing_was_lost_or_doubled(house)


def weather(house: House, crew: Crew, sms_storm: Storm, said: Sequence[str], kill_after: int) -> None:
    """Everybody says this at once, and a worker dies while it is being handled."""
    before = done(house)
    with ThreadPoolExecutor(4) as hands:
        waves = [hands.submit(sms_storm, number, said) for number in PEOPLE]
        until(lambda: done(house) >= kill_after or leased(house), "nothing is being handled")
        crew.kill_one()
        for wave in waves:
            wave.result()
    expected = before + len(PEOPLE) * len(said)
    until(lambda: done(house) == expected, "messages are left over", each=lambda: let_leases_end(house))


@pytest.fixture
def sms_storm(house: House, sms_of) -> Storm:
    """Sends all that one person says, as fast as it goes."""
    client = TestClient(web_app(house), base_url="https://blether.example")

    def send(number: str, said: Sequence[str]) -> None:
        for words in said:
            sid = "SM" + hashlib.sha256((number + words).encode()).hexdigest()[:32]
            for _ in "once", "the provider again":
                assert sms_of(client, number, words, sid).status_code == 200

    return send


def nothing_was_lost_or_doubled(house: House) -> None:
    with house.database.read() as session:
        assert Counter(session.scalars(select(Message.state))) == {MessageState.DONE: EVERYTHING}
        turns = session.scalars(select(AuditEntry).where(AuditEntry.action == "turn taken")).all()
        assert sum(turn.facts["messages"] for turn in turns) == EVERYTHING
        conversations = session.scalars(select(Conversation)).all()
        assert [one.stage for one in conversations] == [Stage.RATING] * len(PEOPLE)
        assert [one.statement for one in conversations] == [2] * len(PEOPLE)
        answers = session.scalars(select(Response)).all()
        assert [(one.statement, one.rating) for one in answers] == [(1, Rating.AGREE)] * len(PEOPLE)
        lines = session.scalars(select(TranscriptTurn.message_id).where(TranscriptTurn.message_id.is_not(None))).all()
        assert len(lines) == len(set(lines)) == len(PEOPLE)
        for conversation in conversations:
            mine = select(OutboxMessage.text).where(OutboxMessage.conversation_id == conversation.id)
            said = Counter(session.scalars(mine.where(OutboxMessage.state != OutboxState.CANCELLED)))
            assert max(said.values()) == 1, said
        assert audit.verify(session).sound


def until(
    is_so: Callable[[], bool], otherwise: str, each: Callable[[], None] | None = None, seconds: float = PATIENCE
) -> None:
    """Look again and again, a few times a second, but not for ever."""
    deadline, pause = time.monotonic() + seconds, threading.Event()
    while not is_so():
        assert time.monotonic() < deadline, otherwise
        if each is not None:
            each()
        pause.wait(0.1)


def done(house: House) -> int:
    with house.database.read() as session:
        found = select(func.count()).select_from(Message).where(Message.state == MessageState.DONE)
        return session.scalar(found) or 0


def leased(house: House) -> bool:
    """Is somebody thinking at this moment?"""
    with house.database.read() as session:
        now = house.clock.now()
        return session.scalar(select(Conversation.id).where(Conversation.leased_until > now).limit(1)) is not None


def hearts(house: House) -> int:
    from app.heartbeat import TURNS, last_beat

    with house.database.read() as session:
        return int(last_beat(session, TURNS) is not None)


def let_leases_end(house: House) -> None:
    """A minute passes for the leases of the dead, and for nobody else. The living may lose theirs: that is fenced."""
    with house.database.write() as unit:
        unit.session.execute(
            update(Conversation)
            .where(Conversation.leased_until < house.clock.now() + timedelta(seconds=55))
            .values(leased_until=None)
        )
