"""A database knows its keys again, and refuses to work with others."""

import pytest

from records.belonging import settle_keys
from records.database import Database
from records.errors import ConfigurationError
from records.sealed import KeyRing, SealedBox


def with_keys(database: Database, keys: KeyRing) -> Database:
    return Database(database.engine, SealedBox(keys), database.clock)


def test_the_same_keys_are_welcome_again(database: Database) -> None:
    settle_keys(database)
    settle_keys(database)


def test_other_keys_are_refused_and_the_right_ones_still_welcome(database: Database) -> None:
    settle_keys(database)
    with pytest.raises(ConfigurationError, match="not the keys"):
        settle_keys(with_keys(database, KeyRing.generate()))
    settle_keys(database)


def test_a_rotated_ring_is_still_the_same_keys(database: Database, keys: KeyRing) -> None:
    settle_keys(database)
    settle_keys(with_keys(database, keys.rotated()))
