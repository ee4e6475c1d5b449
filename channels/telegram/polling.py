"""Long polling, for a house without a public address. Telegram keeps an update until we ask from beyond it, so we ask
from beyond an update only once intake has committed it.
"""

import logging
from dataclasses import dataclass, field

from channels.errors import Malformed
from channels.interface import Receiver
from channels.telegram.api import TelegramApi
from channels.telegram.config import TelegramConfig
from channels.telegram.parse import parse
from channels.telegram.routes import respond, take_in
from records.clock import Clock

WAIT_SECONDS = 25
_log = logging.getLogger(__name__)


def poll_once(
    api: TelegramApi,
    config: TelegramConfig,
    intake: Receiver,
    clock: Clock,
    offset: int | None,
    wait_seconds: int = WAIT_SECONDS,
) -> int | None:
    """Ask once, take in what has come, and return the offset for the next time.

    The offset is for the next call only and is never stored: Telegram remembers what was confirmed, what comes twice is
    known by intake, and after a quiet week its ids may start anew, which an old offset would hide. So an empty answer
    gives None.

    Raises: AnotherReader and other ChannelErrors when Telegram cannot be asked; intake's own failure when nothing
    before it was taken in: wait a little, then ask again from the same offset. What intake cannot take in holds back
    that chat's later messages and nobody else's.
    """
    committed_up_to: int | None = None
    stuck = _Stuck()
    for raw in api.updates(offset, wait_seconds):
        _take_in(api, config, intake, clock, raw, stuck)
        if stuck.first is None:
            committed_up_to = _next(raw)
    if stuck.first is not None and committed_up_to is None:
        raise stuck.first
    return committed_up_to


@dataclass(slots=True)
class _Stuck:
    """What could not be taken in this time."""

    first: Exception | None = None
    chats: set[str] = field(default_factory=set)


def _take_in(
    api: TelegramApi, config: TelegramConfig, intake: Receiver, clock: Clock, raw: object, stuck: _Stuck
) -> None:
    try:
        reading = parse(config, raw, clock.now())
    except Malformed as error:
        _log.warning("telegram: %s", error)
        return
    chat = reading.inbound.address if reading.inbound else ""
    if chat in stuck.chats:
        return
    try:
        take_in(intake, reading)
    except Exception as error:  # it stays with Telegram and comes again. Only the kind is logged
        _log.error("telegram: an update was not taken in: %s", type(error).__name__)
        stuck.first = stuck.first or error
        stuck.chats.add(chat)
        return
    respond(api, reading)


def _next(raw: object) -> int | None:
    return raw["update_id"] + 1 if isinstance(raw, dict) and isinstance(raw.get("update_id"), int) else None
