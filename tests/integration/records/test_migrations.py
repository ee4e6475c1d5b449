"""Migrations: an empty database becomes ours, whoever starts first, and the result is what the models say."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, text

from records.database import Database, open_engine
from records.errors import ConfigurationError
from records.migrate import is_current, migrate
from records.tables import Base


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'home' / 'blether.db'}"
    return str(request.getfixturevalue("empty_postgresql_url"))


@pytest.fixture
def engine(empty_url: str) -> Iterator[Engine]:
    engine = open_engine(empty_url)
    yield engine
    engine.dispose()


def test_an_empty_database_is_not_current_and_then_is(engine: Engine) -> None:
    assert not is_current(engine)
    migrate(engine)
    assert is_current(engine)


def test_migrating_twice_changes_nothing(engine: Engine) -> None:
    migrate(engine)
    before = sorted(inspect(engine).get_table_names())
    migrate(engine)
    assert sorted(inspect(engine).get_table_names()) == before


def test_the_tables_are_what_the_models_say(engine: Engine) -> None:
    migrate(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_several_that_start_at_once_all_find_it_ready(empty_url: str) -> None:
    start, failures = threading.Barrier(4), list[Exception]()

    def one() -> None:
        engine = open_engine(empty_url)
        start.wait()
        try:
            migrate(engine)
            assert is_current(engine)
        except Exception as error:
            failures.append(error)
        finally:
            engine.dispose()

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_tables_of_a_newer_version_are_left_alone(database: Database) -> None:
    with database.write() as unit:
        unit.session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(ConfigurationError, match="newer version"):
        migrate(database.engine)
    assert not is_current(database.engine)


def test_the_home_folder_is_for_its_owner_alone(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'home' / 'blether.db'}")
    migrate(engine)
    engine.dispose()
    assert (tmp_path / "home").stat().st_mode & 0o077 == 0
