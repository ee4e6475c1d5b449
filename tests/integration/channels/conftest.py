"""Providers of our own on this machine's loopback: real HTTP, and no call ever leaves."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, parse_qsl

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from records.types import Inbound, Receipt


class _Server(uvicorn.Server):
    """A server that tells when it has started, and where."""

    def __init__(self, app: ASGIApp) -> None:
        super().__init__(
            uvicorn.Config(app, host="127.0.0.1", port=0, log_config=None, access_log=False, lifespan="off", ws="none")
        )
        self.ready = threading.Event()

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.servers[0].sockets[0].getsockname()[1]}"


@pytest.fixture
def serve() -> Iterator[Callable[[ASGIApp], str]]:
    """Serve an application on loopback for the length of a test: `serve(app) -> address`."""
    running: list[tuple[_Server, threading.Thread]] = []

    def start(app: ASGIApp) -> str:
        server = _Server(app)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        assert server.ready.wait(10), "the server did not start"
        running.append((server, thread))
        return server.url

    yield start
    for server, thread in running:
        server.should_exit = True
        thread.join(10)


@dataclass
class KeepingIntake:
    """Keeps what it is given, knows repeats, and fails on the texts it is told to."""

    received: list[Inbound] = field(default_factory=list)
    fails_on: dict[str, Exception] = field(default_factory=dict)

    def receive(self, inbound: Inbound) -> Receipt:
        if inbound.text in self.fails_on:
            raise self.fails_on[inbound.text]
        repeated = any(seen.external_id == inbound.external_id for seen in self.received)
        if not repeated:
            self.received.append(inbound)
        return Receipt(message_id="m", repeated=repeated)


@pytest.fixture
def intake() -> KeepingIntake:
    return KeepingIntake()


@dataclass
class FakeTwilio:
    """Twilio's message resource: takes texts, lists them newest first, and refuses when told to."""

    messages: list[dict[str, Any]] = field(default_factory=list)  # oldest first
    calls: list[dict[str, str]] = field(default_factory=list)
    queries: list[dict[str, str]] = field(default_factory=list)
    refusals: list[tuple[int, dict[str, Any] | str]] = field(default_factory=list)
    page_size: int = 2
    url: str = ""

    def app(self) -> Starlette:
        path = "/2010-04-01/Accounts/AC1/Messages.json"
        return Starlette(routes=[Route(path, self._create, methods=["POST"]), Route(path, self._list, methods=["GET"])])

    async def _create(self, request: Request) -> Response:
        fields = dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))
        self.calls.append(fields)
        if self.refusals:
            status, answer = self.refusals.pop(0)
            return Response(answer, status) if isinstance(answer, str) else JSONResponse(answer, status)
        message = self.add(to=fields["To"], from_=fields.get("From"), body=fields["Body"], direction="outbound-api")
        return JSONResponse(message, 201)

    async def _list(self, request: Request) -> Response:
        query = {name: values[0] for name, values in parse_qs(request.url.query).items()}
        self.queries.append(query)
        if self.refusals:
            status, answer = self.refusals.pop(0)
            return Response(answer, status) if isinstance(answer, str) else JSONResponse(answer, status)
        page = int(query.get("Page", 0))
        matching = [m for m in reversed(self.messages) if query.get("To") in (None, m["to"])]
        shown = matching[page * self.page_size : (page + 1) * self.page_size]
        more = len(matching) > (page + 1) * self.page_size
        after = f"/2010-04-01/Accounts/AC1/Messages.json?Page={page + 1}" if more else None
        if after and "To" in query:
            after += f"&To={query['To'].replace('+', '%2B')}"
        return JSONResponse({"messages": shown, "page": page, "page_size": self.page_size, "next_page_uri": after})

    def add(self, **facts: Any) -> dict[str, Any]:
        """Put one message on the list. Times are as Twilio writes them (RFC 2822)."""
        facts["from"] = facts.pop("from_", "+447700900123")
        message = {
            "sid": f"SM{len(self.messages) + 1}",
            "status": "queued",
            "direction": "inbound",
            "to": "+447700900001",
            "body": "",
            "num_media": "0",
            "date_created": "Wed, 15 Apr 2026 10:00:00 +0000",
            "date_sent": None,
            "messaging_service_sid": None,
            **facts,
        }
        self.messages.append(message)
        return message


@pytest.fixture
def twilio(serve: Callable[[ASGIApp], str]) -> FakeTwilio:
    fake = FakeTwilio()
    fake.url = serve(fake.app())
    return fake


@dataclass
class FakeTelegram:
    """Telegram's Bot API: remembers every call, hands out updates, and refuses when told to."""

    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    updates: list[dict[str, Any]] = field(default_factory=list)
    refusals: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    url: str = ""

    def app(self) -> Starlette:
        return Starlette(routes=[Route("/bot{token}/{method}", self._answer, methods=["POST"])])

    async def _answer(self, request: Request) -> Response:
        method = request.path_params["method"]
        fields = {name: _loaded(value) for name, value in (await request.form()).items()}
        self.calls.append((method, fields))
        if self.refusals:
            status, answer = self.refusals.pop(0)
            return JSONResponse({"ok": False, "error_code": status, **answer}, status)
        return JSONResponse({"ok": True, "result": self._result(method, fields)})

    def _result(self, method: str, fields: dict[str, Any]) -> Any:
        if method == "getupdates":
            offset = int(fields.get("offset", 0))
            if offset:  # asking from an offset confirms everything before it
                self.updates = [update for update in self.updates if update["update_id"] >= offset]
            return self.updates[:100]
        if method == "sendMessage":
            chat = {"id": int(fields["chat_id"]), "type": "private"}
            return {"message_id": 500 + len(self.calls), "date": 1776247200, "chat": chat, "text": fields["text"]}
        return True

    def named(self, method: str) -> list[dict[str, Any]]:
        """The calls of one method."""
        return [fields for name, fields in self.calls if name == method]


def _loaded(value: Any) -> Any:
    try:
        return json.loads(value) if value[:1] in "[{" else value
    except ValueError:
        return value


@pytest.fixture
def telegram(serve: Callable[[ASGIApp], str]) -> FakeTelegram:
    fake = FakeTelegram()
    fake.url = serve(fake.app())
    return fake
