"""What tests of every room share: a clock that stands still, keys, a sealed box, and a database of each kind.

Each test has a database of its own, made by copying one that was migrated once.
"""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url

from records.clock import ManualClock
from records.database import Database, open_engine
from records.migrate import migrate
from records.sealed import KeyRing, SealedBox
from records.tables import new_id

if TYPE_CHECKING:  # Rasa is only loaded for the tests that talk
    from bot.runtime.loading import Dialogue

_SERVERS = ("postgresql://postgres@127.0.0.1/postgres", "postgresql:///postgres")
_MUST_RUN_ALL = os.environ.get("CI") == "true"


@pytest.fixture
def clock() -> ManualClock:
    """A Wednesday in spring, eleven in the morning in Scotland."""
    return ManualClock(datetime(2026, 4, 15, 10, 0, tzinfo=UTC))


@pytest.fixture(scope="session")
def keys() -> KeyRing:
    return KeyRing.generate()


@pytest.fixture(scope="session")
def box(keys: KeyRing) -> SealedBox:
    return SealedBox(keys)


@pytest.fixture(scope="session")
def trained_home() -> Path:
    """Where this checkout keeps its trained dialogue: trained once, again when its files change."""
    return Path(__file__).parents[1] / "var" / "tests"


@pytest.fixture(scope="session")
def dialogue(trained_home: Path) -> "Iterator[Dialogue]":
    """The trained dialogue, loaded once."""
    from app.loops.turns import load_dialogue

    loaded = load_dialogue(trained_home)
    yield loaded
    loaded.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a migrated, empty database: SQLite, then PostgreSQL."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def database(database_url: str, box: SealedBox, clock: ManualClock) -> Iterator[Database]:
    """A migrated, empty database: the test runs on SQLite, then on PostgreSQL."""
    database = Database(open_engine(database_url), box, clock)
    yield database
    database.dispose()


@pytest.fixture(scope="session")
def _migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("migrated") / "blether.db"
    engine = open_engine(f"sqlite:///{file}")
    migrate(engine)
    engine.dispose()
    return file


@pytest.fixture
def sqlite_url(_migrated_file: Path, tmp_path: Path) -> str:
    """A migrated, empty SQLite file."""
    return f"sqlite:///{shutil.copy(_migrated_file, tmp_path / 'blether.db')}"


@pytest.fixture(scope="session")
def postgresql_server() -> str:
    """A PostgreSQL server where databases can be made: BLETHER_TEST_POSTGRES, or this machine's."""
    given = os.environ.get("BLETHER_TEST_POSTGRES")
    for url in (given,) if given else _SERVERS:
        try:
            psycopg.connect(url, connect_timeout=3).close()
        except psycopg.OperationalError:
            continue
        return url
    message = "no PostgreSQL server answers; say where one is: BLETHER_TEST_POSTGRES=postgresql://..."
    if _MUST_RUN_ALL:
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
def _migrated_template(postgresql_server: str) -> Iterator[str]:
    name = f"blether_template_{new_id()}"
    _manage(postgresql_server, "CREATE DATABASE {}", name)
    engine = open_engine(_named(postgresql_server, name))
    migrate(engine)
    engine.dispose()
    yield name
    _manage(postgresql_server, "DROP DATABASE {} WITH (FORCE)", name)


@pytest.fixture
def postgresql_url(postgresql_server: str, _migrated_template: str) -> Iterator[str]:
    """A migrated, empty PostgreSQL database."""
    name = f"blether_test_{new_id()}"
    _manage(postgresql_server, "CREATE DATABASE {} TEMPLATE {}", name, _migrated_template)
    yield _named(postgresql_server, name)
    _manage(postgresql_server, "DROP DATABASE {} WITH (FORCE)", name)


@pytest.fixture
def empty_postgresql_url(postgresql_server: str) -> Iterator[str]:
    """A PostgreSQL database without tables."""
    name = f"blether_test_{new_id()}"
    _manage(postgresql_server, "CREATE DATABASE {}", name)
    yield _named(postgresql_server, name)
    _manage(postgresql_server, "DROP DATABASE {} WITH (FORCE)", name)


def _manage(server: str, statement: str, *names: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def _named(server: str, name: str) -> str:
    return make_url(server).set(database=name).render_as_string(hide_password=False)
