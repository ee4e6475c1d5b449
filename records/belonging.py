"""Keys and database belong together: the database remembers a keyed hash by which it knows its keys again.

With other keys nothing would open, and worse: people who said stop would not be found, and would be written to again.
"""

from records.database import Database
from records.errors import ConfigurationError
from records.tables import Bookmark

_NAME = "keys"


def settle_keys(database: Database) -> None:
    """Remember the keys of a new database; for any other, check that these are its keys.

    Raises: ConfigurationError when they are not.
    """
    with database.read() as session:
        kept = session.get(Bookmark, _NAME)
    if kept is None:
        kept = _remember(database)
    if kept.value["knows"] != _mark(database):
        raise ConfigurationError(
            "These are not the keys that this database was made with. Nothing is lost: put the right key file back, "
            "or point BLETHER_KEYS at its contents."
        )


def _remember(database: Database) -> Bookmark:
    with database.write() as unit:
        kept = unit.session.get(Bookmark, _NAME)  # another process may have been first
        if kept is None:
            kept = Bookmark(name=_NAME, value={"knows": _mark(database)}, at=unit.clock.now())
            unit.session.add(kept)
        return kept


def _mark(database: Database) -> str:
    return database.box.lookup("these keys")
