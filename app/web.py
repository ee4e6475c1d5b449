"""The web application: the channels' webhooks, the chat page, the console and a health check. It never imports Rasa."""

from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial

from sqlalchemy.exc import DBAPIError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from anonymise.anonymiser import default_anonymiser
from anonymise.placeholders import Placeholders
from app.heartbeat import CLOCKS, DELIVERY, LATE, TURNS
from app.house import House
from channels import status
from channels.sms.routes import routes as sms_routes
from channels.telegram.api import TelegramApi
from channels.telegram.routes import routes as telegram_routes
from channels.web.config import WebConfig
from channels.web.routes import routes as chat_routes
from channels.web_security import PAGE_HEADERS
from console.house import ConsoleHouse
from console.pages import routes as console_routes
from records.database import Database
from records.tables import Bookmark


def web_app(house: House) -> Starlette:
    """Everything that is reached over HTTP."""
    api = TelegramApi(house.telegram) if house.telegram is not None and house.telegram.uses_webhook else None
    routes: list[BaseRoute] = [
        Route("/", _to_chat, methods=["GET"]),
        Route("/healthz", partial(_health, house), methods=["GET"]),
        *chat_routes(_chat_config(house), house.database, house.intake, house.clock),
        *sms_routes(house.sms, house.intake, partial(status.record, house.database), house.clock),
        *telegram_routes(house.telegram, house.intake, api, house.clock),
        Mount("/console", routes=console_routes(_console_house(house))),
    ]
    return Starlette(routes=routes, middleware=[Middleware(Strict)], lifespan=_lifespan(api))


class Strict:
    """Sees that every answer, a stranger's 404 too, carries the headers that keep browsers strict."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on, and add what an answer lacks."""

        async def strictly(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in PAGE_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, strictly)


def _chat_config(house: House) -> WebConfig:
    return WebConfig(public_url=house.settings.site, session_key=house.database.box.session_key)


def _console_house(house: House) -> ConsoleHouse:
    key = house.database.box.placeholder_key
    return ConsoleHouse(house.database, house.database.box, house.clock, partial(remask, key))


def remask(key: bytes, masked: str, chosen: Sequence[str]) -> str:
    """Mask the words that a person chose in a text that is masked already."""
    return default_anonymiser().response(masked, Placeholders(key), deny=tuple(chosen)).text


async def _to_chat(request: Request) -> Response:
    return RedirectResponse("/chat", 302)


async def _health(house: House, request: Request) -> Response:
    """Is the database there, and does every loop's heart beat? Nothing else is said."""
    found = await run_in_threadpool(_hearts, house.database, house.channels)
    healthy = all(found.values())
    return JSONResponse({"healthy": healthy, **found}, 200 if healthy else 503)


def _hearts(database: Database, channels: Iterable[str]) -> dict[str, bool]:
    """Every open channel has a delivery of its own, and each of them has to beat."""
    try:
        with database.read() as session:
            late = database.clock.now() - LATE
            beating = {row.name for row in session.query(Bookmark) if row.at > late}
    except DBAPIError:
        return {"database": False}
    wanted = {"turns": [TURNS], "delivery": [f"{DELIVERY}:{name}" for name in channels], "clocks": [CLOCKS]}
    return {"database": True, **{loop: beating.issuperset(names) for loop, names in wanted.items()}}


def _lifespan(api: TelegramApi | None) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        yield
        if api is not None:
            await run_in_threadpool(api.close)

    return lifespan
