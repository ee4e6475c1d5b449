"""Twilio's two ways in: a text message, and a report on one we sent. 200 means committed, and nothing less."""

import logging

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from channels.errors import Forged, Malformed, NotOurs
from channels.interface import Receiver, StatusRecorder
from channels.sms.config import SmsConfig
from channels.sms.parse import parse, parse_status
from channels.sms.send import STATUS_PATH
from channels.sms.verify import Fields, verified
from channels.web_security import TooLarge, read_body
from records.clock import Clock

INBOUND_PATH = "/twilio/sms"
_LARGEST_BODY = 64 * 1024
_log = logging.getLogger(__name__)


def routes(config: SmsConfig | None, intake: Receiver, record: StatusRecorder, clock: Clock) -> list[Route]:
    """The channel's routes; none when it is closed."""
    if config is None:
        return []
    desk = _Desk(config, intake, record, clock)
    return [
        Route(INBOUND_PATH, desk.inbound, methods=["POST"]),
        Route(STATUS_PATH + "{attempt_id:str}", desk.status, methods=["POST"]),
    ]


class _Desk:
    """Takes Twilio's calls."""

    def __init__(self, config: SmsConfig, intake: Receiver, record: StatusRecorder, clock: Clock) -> None:
        self._config = config
        self._intake = intake
        self._record = record
        self._clock = clock

    async def inbound(self, request: Request) -> Response:
        try:
            fields = await self._fields(request)
            await run_in_threadpool(self._intake.receive, parse(self._config, fields, self._clock.now()))
        except NotOurs as error:
            _log.warning("sms: %s", error)
        except (Forged, Malformed) as error:
            return _refusal(error)
        except Exception as error:  # not committed, so not acknowledged; the list is read again later
            return _failure(error)
        return _answer()

    async def status(self, request: Request) -> Response:
        try:
            report = parse_status(await self._fields(request))
            if report is not None:
                await run_in_threadpool(
                    self._record,
                    attempt_id=request.path_params["attempt_id"],
                    provider_id=report.provider_id,
                    state=report.state,
                    error=report.error,
                )
        except (Forged, Malformed) as error:
            return _refusal(error)
        except Exception as error:
            return _failure(error)
        return _answer()

    async def _fields(self, request: Request) -> Fields:
        body = await read_body(request, _LARGEST_BODY)
        query = request.scope["query_string"].decode("latin-1")
        path = request.scope.get("raw_path", request.url.path.encode()).decode("latin-1")
        return verified(self._config, f"{path}?{query}" if query else path, body, request.headers)


def _answer() -> Response:
    return Response("<Response/>", media_type="text/xml")


def _refusal(error: Forged | Malformed) -> Response:
    _log.warning("sms: %s", error)
    status = 403 if isinstance(error, Forged) else 413 if isinstance(error, TooLarge) else 400
    return PlainTextResponse(error.told, status)


def _failure(error: Exception) -> Response:
    """Only the kind of error is logged: its text may quote what it choked on."""
    _log.error("sms: a call was not taken in: %s", type(error).__name__)
    return PlainTextResponse("Not taken in. Please send it again.", 503)
