"""Start-up: what the first start makes, what the second leaves alone, and what it must never do to a real round."""

import socket
from datetime import timedelta
from pathlib import Path

import pytest
from rich.console import Console
from sqlalchemy import func, select

from app.heartbeat import EVERY, TURNS, Heart, last_beat
from app.serving import listening_socket
from app.settings import Settings, load_settings
from app.start_up import doors, open_records, prepare_database, prepare_demo
from records.clock import ManualClock
from records.database import Database
from records.errors import ConfigurationError
from records.sealed import KeyRing
from records.tables import Bookmark, Door, Round, Staff
from records.types import ChannelName


@pytest.fixture
def screen() -> Console:
    return Console(quiet=True)


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    given = {"BLETHER_HOME": str(tmp_path / "home"), "BLETHER_DATABASE_URL": database_url, "BLETHER_DEMO": "true"}
    return load_settings(given)


def count(database: Database, table: type) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_the_first_start_makes_a_demo_and_three_accounts_with_passwords_of_their_own(
    settings: Settings, screen: Console
) -> None:
    database = prepare_database(settings, screen)
    accounts = prepare_demo(settings, database, screen)
    database.dispose()
    assert {account.role.value for account in accounts} == {"engagement", "inspector", "safeguarding"}
    assert len({account.password for account in accounts}) == 3


def test_the_second_start_makes_nothing_and_shows_no_password_again(settings: Settings, screen: Console) -> None:
    database = prepare_database(settings, screen)
    prepare_demo(settings, database, screen)
    before = (count(database, Round), count(database, Staff), count(database, Door))
    assert prepare_demo(settings, database, screen) == []
    assert (count(database, Round), count(database, Staff), count(database, Door)) == before
    database.dispose()


def test_no_demo_account_is_made_beside_a_real_round(settings: Settings, screen: Console) -> None:
    database = prepare_database(settings, screen)
    prepare_demo(settings, database, screen)
    with database.write() as unit:
        unit.session.query(Staff).delete()
        unit.session.query(Round).one().is_demo = False
    assert prepare_demo(settings, database, screen) == []
    assert count(database, Staff) == 0
    database.dispose()


def test_an_installation_that_wants_no_demo_gets_none(settings: Settings, screen: Console) -> None:
    serious = settings.model_copy(update={"demo": False})
    database = prepare_database(serious, screen)
    assert prepare_demo(serious, database, screen) == []
    assert count(database, Round) == 0
    database.dispose()


def test_a_start_with_other_keys_is_refused(settings: Settings, clock: ManualClock) -> None:
    """Or people who said stop would not be found, and would be written to again."""
    open_records(settings, clock).dispose()
    settings.keys_file.unlink()
    settings.keys_file.touch(0o600)
    settings.keys_file.write_text(KeyRing.generate().to_json())
    with pytest.raises(ConfigurationError, match="not the keys"):
        open_records(settings, clock)


def test_every_open_channel_has_a_door_and_no_closed_one_has(tmp_path: Path) -> None:
    given = {
        "BLETHER_HOME": str(tmp_path),
        "BLETHER_TELEGRAM_TOKEN": "1:x",
        "BLETHER_TELEGRAM_BOT_NAME": "example_bot",
        "BLETHER_TWILIO_NUMBER": "+447700900123",
    }
    opened = dict(doors(load_settings(given)))
    assert set(opened) == {ChannelName.WEB, ChannelName.TELEGRAM}
    assert opened[ChannelName.TELEGRAM] == "@example_bot"


def test_a_port_that_is_taken_is_said_plainly(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(ConfigurationError, match=f"Port {port} .* --port"):
            listening_socket(load_settings({"BLETHER_HOME": str(tmp_path), "BLETHER_PORT": str(port)}))


def test_a_heart_writes_its_first_beat_at_once_and_later_ones_now_and_then(
    database: Database, clock: ManualClock
) -> None:
    heart, first = Heart(database, TURNS), clock.now()
    heart.beat()
    clock.advance(EVERY / 2)
    heart.beat()
    with database.read() as session:
        assert last_beat(session, TURNS) == first
    clock.advance(EVERY)
    heart.beat()
    with database.read() as session:
        assert last_beat(session, TURNS) == first + EVERY * 1.5
        assert session.get_one(Bookmark, TURNS).value["process"] > 0


def test_a_loop_nobody_heard_of_has_no_beat(database: Database) -> None:
    with database.read() as session:
        assert last_beat(session, TURNS) is None
    assert timedelta(0) < EVERY
