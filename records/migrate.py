"""Brings a database to the tables of this version. Safe to run at every start, and by several processes at once."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, text

from records.errors import ConfigurationError

_HERE = Path(__file__).parent / "migrations"
_LOCK = 4_217_001  # any number of ours: one migrating process at a time on PostgreSQL


def configure(connection: Connection) -> Config:
    """Alembic's configuration, with the connection it works on."""
    config = Config()
    config.set_main_option("script_location", str(_HERE))
    config.attributes["connection"] = connection
    return config


def migrate(engine: Engine) -> None:
    """Upgrade to the newest tables, in one transaction.

    Raises: ConfigurationError when the tables were made by a newer version than this one.
    """
    with engine.execution_options(writing=True).begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        try:
            command.upgrade(configure(connection), "head")
        except CommandError:
            raise ConfigurationError(
                "The database was made by a newer version of Blether. Nothing was changed. Start that version instead."
            ) from None


def is_current(engine: Engine) -> bool:
    """Are the tables those of this version?"""
    with engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
        newest = ScriptDirectory.from_config(configure(connection)).get_current_head()
        return bool(found == newest)
