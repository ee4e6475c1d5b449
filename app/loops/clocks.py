"""The loop for what falls due by itself: erasures, words nobody holds, messages that came while we were away."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from app.heartbeat import CLOCKS
from app.house import House
from app.loops.keep_going import keep_going
from channels.errors import ChannelError
from channels.sms.reconcile import reconcile
from channels.telegram.api import TelegramApi
from channels.telegram.config import TelegramConfig
from channels.telegram.polling import poll_once
from consent.erasure import erase_unheld_words, erase_what_is_due
from engagement.rounds import close_past_rounds
from records.database import Database
from records.tables import Bookmark

_log = logging.getLogger("blether.clocks")

_PATIENCE_SECONDS = 5.0
_RECONCILE_EVERY = timedelta(minutes=5)
_RECONCILED = "reconciled:sms"
_LONGEST_OUTAGE = timedelta(days=7)
_AFTER_TROUBLE_SECONDS = 5.0


def run(house: House, stop: threading.Event) -> None:
    """Look after what falls due until `stop` is set."""
    listener = _listen_to_telegram(house, stop)
    keep_going(
        house.database,
        stop,
        name=CLOCKS,
        topic="clocks",
        patience=_PATIENCE_SECONDS,
        work=lambda: tick(house),
    )
    if listener is not None:
        listener.join()


def tick(house: House) -> None:
    """Do once what is due now."""
    with house.database.write() as unit:
        close_past_rounds(unit)
        erased = erase_what_is_due(unit)
    with house.database.write() as unit:
        erased += erase_unheld_words(unit, timedelta(days=house.settings.grace_days))
    if erased and not house.database.overwrite_erased():
        _log.warning("what was erased still lies in the database's log; it goes with the next erasure or restart")
    reconcile_sms(house)


def reconcile_sms(house: House) -> int:
    """Every few minutes, and at the start, read the provider's list for what we never heard. Returns how many."""
    if house.sms is None:
        return 0
    now = house.clock.now()
    last = _last(house.database, _RECONCILED)
    if last is not None and now - last < _RECONCILE_EVERY:
        return 0
    since = max(last, now - _LONGEST_OUTAGE) if last is not None else now - timedelta(days=1)
    try:
        found = reconcile(house.sms, house.intake, since, now)
    except ChannelError as error:
        _log.warning("reconciling: %s", error)
        return 0
    with house.database.write() as unit:
        unit.session.merge(Bookmark(name=_RECONCILED, value={"found": found}, at=now))
    return found


def _last(database: Database, name: str) -> datetime | None:
    with database.read() as session:
        bookmark = session.get(Bookmark, name)
        return bookmark.at if bookmark is not None else None


def _listen_to_telegram(house: House, stop: threading.Event) -> threading.Thread | None:
    """Hear from Telegram, in a thread of its own: told where to call, or asked again and again."""
    if house.telegram is None:
        return None
    thread = threading.Thread(target=_hear, args=(house, house.telegram, stop), name="telegram")
    thread.start()
    return thread


def _hear(house: House, config: TelegramConfig, stop: threading.Event) -> None:
    api = TelegramApi(config)
    try:
        if config.uses_webhook:
            _until_done(stop, lambda: api.register_webhook(config))
        else:
            _until_done(stop, api.remove_webhook)
            _poll(house, config, api, stop)
    finally:
        api.close()


def _poll(house: House, config: TelegramConfig, api: TelegramApi, stop: threading.Event) -> None:
    offset: int | None = None
    while not stop.is_set():
        try:
            offset = poll_once(api, config, house.intake, house.clock, offset)
        except ChannelError as error:
            _log.warning("telegram: %s", error)
            stop.wait(_AFTER_TROUBLE_SECONDS)
        except Exception as error:  # intake failed: nothing was confirmed, so it comes again. Only the kind is logged
            _log.error("telegram: not taken in (%s)", type(error).__name__)
            stop.wait(_AFTER_TROUBLE_SECONDS)


def _until_done(stop: threading.Event, call: Callable[[], None]) -> None:
    """Make one call, again after trouble, until it is done or we stop."""
    while not stop.is_set():
        try:
            call()
            return
        except ChannelError as error:
            _log.warning("telegram: %s", error)
            stop.wait(_AFTER_TROUBLE_SECONDS)
