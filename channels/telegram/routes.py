"""Telegram's one way in by webhook. 200 means committed; anything else makes Telegram bring it again for a day."""

import json
import logging

from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from channels.errors import ChannelError, Forged, Malformed, NotOurs
from channels.interface import Receiver
from channels.telegram.api import PATH, TelegramApi
from channels.telegram.config import TelegramConfig
from channels.telegram.parse import Reading, parse
from channels.web_security import TooLarge, read_body, same_secret
from records.clock import Clock

SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 (the header's name)
_LARGEST_BODY = 1024 * 1024
_log = logging.getLogger(__name__)


def routes(config: TelegramConfig | None, intake: Receiver, api: TelegramApi | None, clock: Clock) -> list[Route]:
    """The channel's route; none when it is closed or asks by long polling."""
    if config is None or api is None or not config.uses_webhook:
        return []
    return [Route(PATH, _Desk(config, intake, api, clock).update, methods=["POST"])]


class _Desk:
    """Takes Telegram's calls."""

    def __init__(self, config: TelegramConfig, intake: Receiver, api: TelegramApi, clock: Clock) -> None:
        self._config = config
        self._intake = intake
        self._api = api
        self._clock = clock

    async def update(self, request: Request) -> Response:
        try:
            reading = await self._read(request)
            await run_in_threadpool(take_in, self._intake, reading)
        except (Forged, Malformed) as error:
            _log.warning("telegram: %s", error)
            status = 403 if isinstance(error, Forged) else 413 if isinstance(error, TooLarge) else 400
            return PlainTextResponse(error.told, status)
        except Exception as error:  # not committed, so Telegram must bring it again. Only the kind is logged
            _log.error("telegram: an update was not taken in: %s", type(error).__name__)
            return PlainTextResponse("Not taken in. Please bring it again.", 503)
        return Response(background=BackgroundTask(respond, self._api, reading))

    async def _read(self, request: Request) -> Reading:
        if not same_secret(request.headers.get(SECRET, ""), self._config.webhook_secret or ""):
            raise Forged("secret")
        body = await read_body(request, _LARGEST_BODY)
        try:
            raw = json.loads(body)
        except (ValueError, RecursionError):
            raise Malformed("not JSON") from None
        return parse(self._config, raw, self._clock.now())


def take_in(intake: Receiver, reading: Reading) -> None:
    """Give intake the message of an update, if it is one. Raises: whatever intake raises, but NotOurs."""
    if reading.inbound is None:
        if reading.why:
            _log.info("telegram: nothing to take in: %s", reading.why)
        return
    try:
        intake.receive(reading.inbound)
    except NotOurs as error:
        _log.warning("telegram: %s", error)


def respond(api: TelegramApi, reading: Reading) -> None:
    """Tell Telegram what it waits for. Worth one try: the message itself is safe already."""
    try:
        if reading.answers is not None:
            api.answer(reading.answers)
        if reading.leaves is not None:
            api.leave(reading.leaves)
    except ChannelError as error:
        _log.warning("telegram: %s", error)
