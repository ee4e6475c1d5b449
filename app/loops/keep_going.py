"""How every loop goes round: do what is due, wait for the bell, and outlive what passes."""

import logging
import threading
from collections.abc import Callable

from sqlalchemy.exc import DBAPIError

from app.heartbeat import Heart
from records.database import Database

_log = logging.getLogger("blether.loops")

_AFTER_TROUBLE_SECONDS = 2.0


def keep_going(
    database: Database,
    stop: threading.Event,
    *,
    name: str,
    topic: str,
    patience: float,
    work: Callable[[], object],
) -> None:
    """Call `work` again and again until `stop` is set.

    `work` does all that is due and returns. Between two calls the loop waits for `topic` to ring, at most `patience`
    seconds. A database that is away is waited for; anything else that `work` raises ends the loop, loudly.
    """
    heart = Heart(database, name)
    while not stop.is_set():
        seen = database.bell.count(topic)
        try:
            heart.beat()
            work()
        except DBAPIError as error:
            _log.error("%s: the database did not answer (%s); trying again", name, type(error).__name__)
            stop.wait(_AFTER_TROUBLE_SECONDS)
            continue
        if not stop.is_set():
            database.bell.wait(topic, seen, patience)
