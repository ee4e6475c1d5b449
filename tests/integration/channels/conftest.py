"""Providers of our own on this machine's loopback: real HTTP, and no call ever leaves."""

import json
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape
from random import Random
from typing import Any
from urllib.parse import parse_qs, parse_qsl

import httpx
import pytest
import uvicorn
from sqlalchemy import select
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import ASGIApp

from bot.words import Words
from channels.delivery import Delivery
from channels.intake import Intake
from channels.replies import FixedReplies
from channels.web.config import WebConfig
from channels.web.desk import Limits
from channels.web.limits import Limit, Limiter
from channels.web.routes import routes
from channels.web.send import WebChannel
from engagement.rounds import open_demo_round
from records.clock import ManualClock
from records.database import Database
from records.outbox import post
from records.tables import Conversation, Message, MessageState, OutboxMessage, OutboxState, Round
from records.types import Button, ChannelName, Inbound, Lane, Outbound, Receipt, Tier, Verdict


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


SITE = "https://chat.example.org"
GO = Button("Go", "go")


@dataclass
class WatchedIntake:
    """The real intake, with an ear at the door and a way to make it fail."""

    real: Intake
    received: list[Inbound] = field(default_factory=list)
    failure: Exception | None = None

    def receive(self, inbound: Inbound) -> Receipt:
        if self.failure:
            raise self.failure
        receipt = self.real.receive(inbound)
        if not receipt.repeated:
            self.received.append(inbound)
        return receipt


@dataclass
class ChatHouse:
    """One installation with a chat page."""

    database: Database
    clock: ManualClock
    intake: WatchedIntake
    app: Starlette

    def browser(self) -> "Browser":
        """A new browser, as one person has it."""
        return Browser(TestClient(self.app, base_url=SITE, follow_redirects=False))

    def say(self, *messages: Outbound, deliver: bool = True, lane: Lane = Lane.REPLY) -> None:
        """The dialogue's answer to whoever wrote last, a second later; everything that waited is done."""
        self.clock.advance(timedelta(seconds=1))
        with self.database.write() as unit:
            newest = select(Conversation).order_by(Conversation.last_heard_at.desc()).limit(1)
            conversation = unit.session.scalars(newest).one()
            for message in unit.session.scalars(select(Message).where(Message.state == MessageState.DUE)):
                message.state = MessageState.DONE
            post(unit, conversation, messages, lane)
        if deliver:
            self.deliver()
        self.clock.advance(timedelta(seconds=1))

    def deliver(self) -> None:
        Delivery(self.database, {ChannelName.WEB: WebChannel()}, Random(1)).deliver_due(ChannelName.WEB)

    def states(self) -> list[OutboxState]:
        with self.database.read() as session:
            return list(session.scalars(select(OutboxMessage.state).order_by(OutboxMessage.number)))

    def close_round(self) -> None:
        with self.database.write() as unit:
            for round_ in unit.session.scalars(select(Round)):
                round_.is_open = False


@dataclass
class Browser:
    """A browser without a script: it reads pages and sends the forms that stand in them."""

    client: TestClient
    page: str = ""

    def open(self, path: str = "/chat") -> httpx.Response:
        response = self.client.get(path)
        self.page = response.text
        return response

    def send(self, path: str = "/chat/send", **fields: str) -> httpx.Response:
        """Send a form of the page that is open, and go where it leads."""
        form = {name: self.hidden(name) for name in ("key", "form", "code")} | fields
        response = self.client.post(path, data=form, headers={"Origin": SITE})
        if response.status_code == 303:
            self.open(response.headers["location"])
        else:
            self.page = response.text
        return response

    def start(self) -> httpx.Response:
        self.open()
        return self.send("/chat/start")

    def press(self, payload: str) -> httpx.Response:
        return self.send("/chat/press", payload=payload, prompt=self.hidden("prompt"))

    def hidden(self, name: str) -> str:
        found = re.search(rf'name="{name}" value="([^"]*)"', self.page)
        return unescape(found[1]) if found else ""

    @property
    def lines(self) -> list[str]:
        """The bubbles, as they are read out."""
        bubbles = re.findall(r'<p class="bubble[^>]*>(.*?)</p>', self.page, re.DOTALL)
        return [" ".join(unescape(re.sub(r"<[^>]+>", "", bubble)).split()) for bubble in bubbles]

    @property
    def box(self) -> str:
        found = re.search(r"<textarea[^>]*>(.*?)</textarea>", self.page, re.DOTALL)
        return unescape(found[1]) if found else ""

    @property
    def problem(self) -> str:
        found = re.search(r'id="problem-text">(.*?)</span>', self.page, re.DOTALL)
        return unescape(found[1]) if found else ""

    def json(self, path: str, **fields: str) -> httpx.Response:
        """What the page's script would send."""
        headers = {"Origin": SITE, "Accept": "application/json"}
        if not fields:
            return self.client.get(path, headers=headers)
        return self.client.post(path, data={"key": self.hidden("key")} | fields, headers=headers)


@pytest.fixture
def house(database, clock, keys) -> ChatHouse:
    with database.write() as unit:
        open_demo_round(unit, [(ChannelName.WEB, "chat")])
    intake = WatchedIntake(Intake(database, lambda *_: Verdict(Tier.NONE, 0.0), FixedReplies(Words.load())))
    limits = Limits(writing=Limiter(Limit(burst=20, per_second=0.5)))
    pages = routes(WebConfig(SITE, keys.session), database, intake, clock, limits=limits)
    return ChatHouse(database, clock, intake, Starlette(routes=pages))


@pytest.fixture
def browser(house) -> Browser:
    return house.browser()
