"""The doctor looks and changes nothing: what it says of a new laptop, of a house in order, and of what can go wrong."""

import random
from collections.abc import Mapping
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from app.doctor import Finding, State, examine, show
from app.heartbeat import CLOCKS, DELIVERY, TURNS, Heart
from app.settings import Settings, load_settings
from app.start_up import open_records, open_unmigrated
from console.accounts import demo_accounts
from engagement.rounds import open_demo_round
from records.clock import ManualClock
from records.database import Database
from records.sealed import KeyRing
from records.tables import Round
from records.types import ChannelName

SECRET = "hunter2"


def settings_for(home: Path, **given: str) -> Settings:
    named = {f"BLETHER_{name.upper()}": value for name, value in given.items()}
    return load_settings({"BLETHER_HOME": str(home), **named})


def looked_at(settings: Settings, clock: ManualClock) -> Mapping[str, Finding]:
    return {finding.what: finding for finding in examine(settings, clock)}


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    return settings_for(tmp_path / "home", database_url=database_url)


@pytest.fixture
def house(settings: Settings, clock: ManualClock) -> Database:
    """A house in order: a demo round, and all hearts beating."""
    database = open_records(settings, clock)
    with database.write() as unit:
        open_demo_round(unit, [(ChannelName.WEB, "web")])
    for name in (TURNS, f"{DELIVERY}:web", CLOCKS):
        Heart(database, name).beat()
    return database


def test_a_new_laptop_has_nothing_broken_and_looking_makes_nothing(tmp_path: Path, clock: ManualClock) -> None:
    found = looked_at(settings_for(tmp_path / "home"), clock)
    assert [finding for finding in found.values() if finding.is_broken] == []
    assert found["Database"].state is found["Keys"].state is State.CLOSED
    assert not (tmp_path / "home").exists()


def test_a_house_in_order_has_nothing_broken(house: Database, settings: Settings, clock: ManualClock) -> None:
    house.dispose()
    found = looked_at(settings, clock)
    assert [finding for finding in found.values() if finding.is_broken] == []
    for what in ("Keys", "Database", "Round", "Loop: turns", "Loop: delivery web", "Loop: clocks", "Outbox"):
        assert found[what].state is State.GOOD, what


def test_a_loop_that_fell_silent_is_broken(house: Database, settings: Settings, clock: ManualClock) -> None:
    clock.advance(timedelta(minutes=5))
    Heart(house, CLOCKS).beat()
    house.dispose()
    found = looked_at(settings, clock)
    assert found["Loop: turns"].is_broken
    assert "15 April, 11:00" in found["Loop: turns"].found
    assert found["Loop: clocks"].state is State.GOOD


def test_demo_accounts_beside_a_real_round_are_broken(house: Database, settings: Settings, clock: ManualClock) -> None:
    with house.write() as unit:
        demo_accounts(unit, random.Random(1))
    with house.write() as unit:
        round_ = unit.session.query(Round).one()
        round_.is_demo = False
    house.dispose()
    assert looked_at(settings, clock)["Demo accounts"].is_broken


def test_a_real_round_without_anybody_for_safeguarding_is_broken(
    house: Database, settings: Settings, clock: ManualClock
) -> None:
    with house.write() as unit:
        unit.session.query(Round).one().is_demo = False
    house.dispose()
    assert looked_at(settings, clock)["Safeguarding"].is_broken


def test_other_keys_than_the_databases_are_broken(
    house: Database, settings: Settings, clock: ManualClock, tmp_path: Path
) -> None:
    house.dispose()
    other = settings_for(tmp_path / "home", database_url=settings.database_url, keys=KeyRing.generate().to_json())
    assert "not the keys" in looked_at(other, clock)["Database"].found


def test_tables_of_another_version_are_broken(settings: Settings, clock: ManualClock) -> None:
    database = open_unmigrated(settings, clock)
    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    database.dispose()
    assert "migrate" in looked_at(settings, clock)["Database"].to_do


def test_a_database_that_does_not_answer_is_broken_and_its_password_stays_out(
    tmp_path: Path, clock: ManualClock, keys: KeyRing
) -> None:
    away = f"postgresql://me:{SECRET}@127.0.0.1:1/blether"
    found = looked_at(settings_for(tmp_path, database_url=away, keys=keys.to_json()), clock)
    assert found["Database"].is_broken
    assert SECRET not in str(found)


def test_key_and_settings_files_that_others_can_read_are_broken(tmp_path: Path, clock: ManualClock) -> None:
    open_records(settings_for(tmp_path), clock).dispose()
    (tmp_path / "keys.json").chmod(0o644)
    (tmp_path / "blether.env").write_text("BLETHER_PORT=8001\n")
    (tmp_path / "blether.env").chmod(0o644)
    found = looked_at(settings_for(tmp_path), clock)
    assert "chmod 600" in found["Keys"].found
    assert "chmod 600" in found["Settings"].to_do


def test_a_channel_that_is_half_set_up_is_broken_and_names_what_is_missing(tmp_path: Path, clock: ManualClock) -> None:
    found = looked_at(settings_for(tmp_path, twilio_auth_token=SECRET), clock)
    assert found["SMS"].is_broken
    assert "BLETHER_TWILIO_ACCOUNT_SID" in found["SMS"].to_do
    assert found["Telegram"].state is State.CLOSED


def test_an_open_channel_without_a_round_behind_it_is_broken(
    house: Database, tmp_path: Path, settings: Settings, clock: ManualClock
) -> None:
    house.dispose()
    bot = {"telegram_token": f"1:{SECRET}", "telegram_bot_name": "@example_bot"}
    found = looked_at(settings_for(tmp_path / "home", database_url=settings.database_url, **bot), clock)
    assert found["Telegram"].state is State.GOOD
    assert found["Door"].is_broken


def test_nothing_secret_is_printed(house: Database, settings: Settings, clock: ManualClock, tmp_path: Path) -> None:
    house.dispose()
    secrets = {"twilio_auth_token": SECRET, "telegram_token": f"1:{SECRET}", "telegram_secret": SECRET * 4}
    everything = settings_for(tmp_path / "home", database_url=settings.database_url, **secrets)
    printed = StringIO()
    show(examine(everything, clock), Console(width=200, file=printed))
    assert SECRET not in printed.getvalue()
    assert "to put right" in printed.getvalue()
