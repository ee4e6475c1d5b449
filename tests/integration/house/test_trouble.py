"""What goes wrong around the house: a screen that hangs, a database that goes away, people who write in a hurry."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url, select
from starlette.testclient import TestClient

from app.house import screen_inbound
from app.loops import clocks, delivery
from app.web import web_app
from channels.intake import Intake
from records.clock import SystemClock
from records.tables import Alert, AuditEntry, Conversation, Message, SealedWords, TranscriptTurn
from records.types import Verdict

PATIENCE = 30.0


@pytest.fixture
def door_opens() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()


def test_a_screen_that_hangs_keeps_nobody_waiting_and_alerts_a_person(town, sms_of, door_opens) -> None:
    def hanging(text: str, **_: Any) -> Verdict:
        door_opens.wait()
        raise AssertionError("too late to matter")

    old = town.house.intake
    with ThreadPoolExecutor(2) as executor:
        ask = partial(screen_inbound, hanging, executor, 0.2)
        house = replace(town.house, intake=Intake(old.database, ask, old.texts))
        client = TestClient(web_app(house), base_url="https://blether.example")
        began = time.monotonic()
        for number in range(4):  # the third and fourth find every thread of the screen taken
            answer = sms_of(client, f"+44770090070{number}", "I am not safe", f"SM{number:032d}")
            assert answer.status_code == 200
        assert time.monotonic() - began < 8
        door_opens.set()
    with town.house.database.read() as session:
        alerts = session.scalars(select(Alert)).all()
        assert {one.reason for one in alerts} == {"unscreened: out of time"}
        assert [(one.origin.value, one.categories) for one in alerts] == [("unscreened", ["unscreened"])] * 4
    town.deliver()
    assert {text.address for text in town.providers.texts} == {f"+44770090070{number}" for number in range(4)}


@pytest.mark.model
def test_two_messages_in_a_hurry_are_one_story(town) -> None:
    phone = town.sms("+447700900123")
    for words in ("hello", "E", "1", "GO", "4"):
        phone.ask(words)
    phone.say("my nurse writes it all down for me")
    town.clock.advance(timedelta(seconds=2))
    phone.say("They come to see me on Tuesdays as well, whatever the weather")
    town.settle()
    with town.house.database.read() as session:
        lines = session.scalars(select(TranscriptTurn).where(TranscriptTurn.message_id.is_not(None))).all()
        assert [line.statement for line in lines[-2:]] == [1, 1]
        assert len({line.response_id for line in lines[-2:]}) == 1
        turns = session.scalars(select(AuditEntry).where(AuditEntry.action == "turn taken")).all()
        assert turns[-1].facts["messages"] == 2
        assert session.scalars(select(Conversation)).one().statement == 2


@pytest.mark.postgres
class TestDatabaseGoesAway:
    """Every connection is cut while the loops run. Nothing is lost, and nobody has to start anything again."""

    @pytest.fixture
    def database_url(self, postgresql_url: str) -> str:
        return postgresql_url

    @pytest.fixture
    def loops(self, town) -> Iterator[list[threading.Thread]]:
        stop = threading.Event()
        running = [threading.Thread(target=loop.run, args=(town.house, stop)) for loop in (delivery, clocks)]
        for thread in running:
            thread.start()
        yield running
        stop.set()
        for thread in running:
            thread.join(10)

    def test_messages_are_taken_in_and_sent_as_before(self, town, loops, database_url) -> None:
        town.sms("+447700900801").say("STOP")
        until(lambda: town.providers.to("+447700900801"))
        for _ in range(3):
            cut_every_connection(database_url)
        phone = town.sms("+447700900802")
        until(lambda: phone.post(phone.fields("STOP")).status_code == 200)
        until(lambda: town.providers.to("+447700900802"))
        assert all(thread.is_alive() for thread in loops)
        until(lambda: "turns" in town.http.get("/healthz").json())

    def test_while_it_is_away_the_provider_is_asked_to_come_again(self, town, database_url) -> None:
        phone = town.sms("+447700900803")
        fields = phone.fields("I am not safe")
        with away(database_url):
            answer = phone.post(fields)
            assert (answer.status_code, "safe" in answer.text) == (503, False)
            assert town.http.get("/healthz").json() == {"healthy": False, "database": False}
        until(lambda: phone.post(fields).status_code == 200)
        with town.house.database.read() as session:
            assert len(session.scalars(select(Message)).all()) == len(session.scalars(select(SealedWords)).all()) == 1


def cut_every_connection(url: str) -> None:
    with psycopg.connect(_server(url), autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (make_url(url).database,)
        )


class away:  # noqa: N801 - reads as a word of the test
    """The database takes nobody, for as long as this lasts."""

    def __init__(self, url: str) -> None:
        self._url = url

    def __enter__(self) -> None:
        self._allow(False)
        cut_every_connection(self._url)

    def __exit__(self, *_: Any) -> None:
        self._allow(True)

    def _allow(self, is_open: bool) -> None:
        name = make_url(self._url).database
        with psycopg.connect(_server(self._url), autocommit=True) as connection:
            connection.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS {str(is_open).lower()}')  # type: ignore[arg-type]


def _server(url: str) -> str:
    return make_url(url).set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)


def until(is_so: Callable[[], Any], seconds: float = PATIENCE) -> None:
    deadline, pause, clock = time.monotonic() + seconds, threading.Event(), SystemClock()
    while not is_so():
        assert time.monotonic() < deadline, f"not so by {clock.now():%H:%M:%S}"
        pause.wait(0.1)
