"""The whole house: the real web application, dialogue, worker and delivery; people, staff and providers around it.

Everything goes over HTTP. The providers are ours, on this machine's loopback, and no call ever leaves.
"""

import base64
import html
import itertools
import json
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
import uvicorn
from pydantic import SecretStr
from sqlalchemy import func, select
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient
from twilio.request_validator import RequestValidator

from app.house import House, build_house
from app.loops import clocks
from app.settings import Settings, TelegramMode
from app.start_up import doors
from app.web import web_app
from bot.worker import Worker
from console.accounts import create_staff
from engagement.rounds import open_demo_round
from records.clock import ManualClock
from records.sealed import KeyRing
from records.tables import Conversation
from records.types import Role

SITE = "https://blether.example"
ACCOUNT = "AC" + "0" * 32
AUTH_TOKEN = "twilio-token-of-the-tests"
NUMBER = "+447700900001"
BOT = "blether_test_bot"
BOT_TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0"
SECRET = "telegram-secret-of-the-tests"
PASSWORD = "four-blue-boats-sail"
_MOST_ROUNDS = 60


# --- the providers ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Text:
    """One text as it reached a phone."""

    address: str
    words: str
    buttons: tuple[tuple[str, str], ...] = ()
    message_id: int = 0


@dataclass
class Providers:
    """Twilio's and Telegram's own ends: they take what we send and remember it."""

    texts: list[Text] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    url: str = ""

    def app(self) -> Starlette:
        messages = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
        return Starlette(
            routes=[
                Route(messages, self._create, methods=["POST"]),
                Route(messages, self._list, methods=["GET"]),
                Route("/bot{token}/{method}", self._telegram, methods=["POST"]),
            ]
        )

    async def _create(self, request: Request) -> Response:
        fields = dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))
        self.texts.append(Text(fields["To"], fields["Body"]))
        return JSONResponse({"sid": f"SM{len(self.texts):032d}", "status": "sent", "body": fields["Body"]}, 201)

    async def _list(self, request: Request) -> Response:
        return JSONResponse({"messages": [], "page": 0, "page_size": 50, "next_page_uri": None})

    async def _telegram(self, request: Request) -> Response:
        method, fields = request.path_params["method"], await request.form()
        self.calls.append(method)
        if method.lower() != "sendmessage":
            return JSONResponse({"ok": True, "result": True})
        keyboard = json.loads(str(fields.get("reply_markup") or "{}")).get("inline_keyboard", [])
        buttons = tuple((one["text"], one["callback_data"]) for row in keyboard for one in row)
        sent = Text(str(fields["chat_id"]), str(fields["text"]), buttons, 500 + len(self.texts))
        self.texts.append(sent)
        chat = {"id": int(sent.address), "type": "private"}
        result = {"message_id": sent.message_id, "date": 1776247200, "chat": chat, "text": sent.words}
        return JSONResponse({"ok": True, "result": result})

    def to(self, address: str) -> list[Text]:
        """What one phone has got, in order."""
        return [text for text in self.texts if text.address == address]


class _Server(uvicorn.Server):
    def __init__(self, app: Any) -> None:
        config = uvicorn.Config(
            app, host="127.0.0.1", port=0, log_config=None, access_log=False, lifespan="off", ws="none"
        )
        super().__init__(config)
        self.ready = threading.Event()

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        self.ready.set()


@pytest.fixture
def serve() -> Iterator[Callable[[Any], str]]:
    """Serve an application on loopback for the length of a test: `serve(app) -> address`."""
    running: list[tuple[_Server, threading.Thread]] = []

    def start(app: Any) -> str:
        server = _Server(app)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        assert server.ready.wait(10), "the server did not start"
        running.append((server, thread))
        return f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"

    yield start
    for server, thread in running:
        server.should_exit = True
        thread.join(10)


@pytest.fixture
def providers(serve: Callable[[Any], str]) -> Providers:
    made = Providers()
    made.url = serve(made.app())
    return made


# --- the house --------------------------------------------------------------------------------------------------------


@pytest.fixture
def house_settings(tmp_path: Path, database_url: str, keys: KeyRing, providers: Providers) -> Settings:
    """All three channels open, on an empty database of its own."""
    return Settings(
        home=tmp_path,
        database_url=database_url,
        keys=SecretStr(keys.to_json()),
        demo=True,
        public_url=SITE,
        twilio_account_sid=ACCOUNT,
        twilio_auth_token=SecretStr(AUTH_TOKEN),
        twilio_number=NUMBER,
        twilio_api_base_url=providers.url,
        telegram_token=SecretStr(BOT_TOKEN),
        telegram_bot_name=BOT,
        telegram_secret=SecretStr(SECRET),
        telegram_mode=TelegramMode.WEBHOOK,
        telegram_api_base_url=providers.url,
    )


@dataclass
class Town:
    """The house, the people who write to it, and time, which only moves when it is told to."""

    house: House
    clock: ManualClock
    providers: Providers
    app: Starlette
    think: Callable[[], Worker]
    http: TestClient
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    _worker: Worker | None = None

    @property
    def worker(self) -> Worker:
        self._worker = self._worker or self.think()
        return self._worker

    def browser(self) -> TestClient:
        """Another browser: it has cookies of its own."""
        return TestClient(self.app, base_url=SITE, follow_redirects=True)

    def deliver(self) -> int:
        return sum(self.house.delivery.deliver_due(name) for name in self.house.channels)

    def settle(self) -> None:
        """Let time pass until nothing waits any more."""
        self.clock.advance(timedelta(seconds=1))  # an answer is always later than what it answers
        self.deliver()
        for _ in range(_MOST_ROUNDS):
            due = self._next_due()
            if due is None:
                break
            self.clock.moment = max(self.clock.moment, due)
            self.worker.take_all()
            self.deliver()
        else:
            raise AssertionError("the house never comes to rest")
        clocks.tick(self.house)
        self.clock.advance(timedelta(seconds=20))

    def _next_due(self) -> Any:
        with self.house.database.read() as session:
            return session.scalar(select(func.min(Conversation.due_at)))

    def staff(self, role: Role) -> "Desk":
        """Somebody with this role, signed in."""
        username = f"{role.value}-{next(self.numbers)}"
        with self.house.database.write() as unit:
            create_staff(unit, username, f"A {role.value}", [role], PASSWORD)
        desk = Desk(self.browser())
        desk.get("/sign-in")
        assert desk.post("/sign-in", username=username, password=PASSWORD).status_code == 200
        return desk

    def sms(self, number: str) -> "SmsPhone":
        return SmsPhone(self, number)

    def telegram(self, chat: int, **name: str) -> "TelegramPhone":
        return TelegramPhone(self, chat, name or {"first_name": "Guest"})

    def web(self) -> "WebVisitor":
        return WebVisitor(self, self.browser())


@pytest.fixture
def town(
    house_settings: Settings, clock: ManualClock, providers: Providers, request: pytest.FixtureRequest
) -> Iterator[Town]:
    """A whole house with a demo round. The dialogue is only loaded for a test in which somebody is answered."""

    def think() -> Worker:
        from app.loops.turns import worker_with

        return worker_with(house, request.getfixturevalue("dialogue"))

    with ExitStack() as closing:
        house = build_house(house_settings, clock)
        closing.callback(house.close)
        with house.database.write() as unit:
            open_demo_round(unit, doors(house_settings))
        app = web_app(house)
        http = closing.enter_context(TestClient(app, base_url=SITE, follow_redirects=False))
        yield Town(house, clock, providers, app, think, http)


# --- the people -------------------------------------------------------------------------------------------------------


@dataclass
class SmsPhone:
    """A phone that texts. Twilio calls us for it, and signs."""

    town: Town
    number: str
    read: int = 0

    def fields(self, words: str, **given: str) -> dict[str, str]:
        sid = f"SM{next(self.town.numbers):032d}"
        return {
            "MessageSid": sid,
            "SmsSid": sid,
            "AccountSid": ACCOUNT,
            "From": self.number,
            "To": NUMBER,
            "Body": words,
            "NumMedia": "0",
            "NumSegments": "1",
            "FromCity": "",
            "FromState": "",
            **given,
        }

    def post(self, fields: dict[str, str], client: TestClient | None = None) -> Any:
        signature = RequestValidator(AUTH_TOKEN).compute_signature(f"{SITE}/twilio/sms", fields)
        headers = {"X-Twilio-Signature": signature}
        return (client or self.town.http).post("/twilio/sms", data=fields, headers=headers)

    def say(self, words: str, **given: str) -> Any:
        """Send one text; Twilio must be told that it is safe with us."""
        answer = self.post(self.fields(words, **given))
        assert answer.status_code == 200, answer.text
        return answer

    def ask(self, words: str, **given: str) -> list[str]:
        """Send one text and read what comes back."""
        self.say(words, **given)
        self.town.settle()
        return self.inbox()

    def picture(self, caption: str) -> None:
        self.say(caption, NumMedia="1", MediaUrl0=f"https://api.twilio.example/m/{next(self.town.numbers)}")

    def inbox(self) -> list[str]:
        got = [text.words for text in self.town.providers.to(self.number)]
        new, self.read = got[self.read :], len(got)
        return new


@dataclass
class TelegramPhone:
    """A phone with Telegram. Telegram calls our webhook for it, with the secret."""

    town: Town
    chat: int
    name: dict[str, str]
    read: int = 0

    def post(self, update: dict[str, Any], secret: str = SECRET) -> Any:
        # as Telegram does: half characters stay escaped
        body = json.dumps({"update_id": next(self.town.numbers), **update}).encode("ascii")
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret, "Content-Type": "application/json"}
        return self.town.http.post("/telegram/webhook", content=body, headers=headers)

    def message(self, **given: Any) -> dict[str, Any]:
        return {
            "message_id": next(self.town.numbers),
            "date": int(self.town.clock.now().timestamp()),
            "chat": {"id": self.chat, "type": "private", **self.name},
            "from": {"id": self.chat, "is_bot": False, **self.name},
            **given,
        }

    def send(self, update: dict[str, Any]) -> None:
        answer = self.post(update)
        assert answer.status_code == 200, answer.text

    def say(self, words: str) -> dict[str, Any]:
        message = self.message(text=words)
        self.send({"message": message})
        return message

    def ask(self, words: str) -> list[str]:
        self.say(words)
        self.town.settle()
        return self.inbox()

    def edit(self, message: dict[str, Any], words: str) -> None:
        self.send({"edited_message": {**message, "text": words, "edit_date": message["date"] + 9}})

    def picture(self, caption: str) -> None:
        photo = [{"file_id": "f", "file_unique_id": "u", "width": 90, "height": 90}]
        self.send({"message": self.message(photo=photo, caption=caption)})

    def press(self, payload: str, label: str = "A label", prompt: int = 1) -> None:
        keyboard = {"inline_keyboard": [[{"text": label, "callback_data": payload}]]}
        shown = {**self.message(text="a question", reply_markup=keyboard), "message_id": prompt}
        who = {"id": self.chat, "is_bot": False, **self.name}
        query = {"id": str(next(self.town.numbers)), "from": who, "chat_instance": "1", "data": payload}
        self.send({"callback_query": {**query, "message": shown}})

    def press_shown(self, payload: str) -> None:
        """Press a button that was really sent to this phone."""
        for text in reversed(self.town.providers.to(str(self.chat))):
            for label, data in text.buttons:
                if data == payload:
                    return self.press(payload, label, text.message_id)
        raise AssertionError(f"no button {payload} was sent")

    def inbox(self) -> list[str]:
        got = [text.words for text in self.town.providers.to(str(self.chat))]
        new, self.read = got[self.read :], len(got)
        return new


@dataclass
class WebVisitor:
    """A browser without a script: pages and forms only."""

    town: Town
    client: TestClient
    page: str = ""
    read: int = 0

    def open(self, path: str = "/chat") -> str:
        self.page = self.client.get(path).text
        return self.page

    def hidden(self, name: str) -> str:
        found = re.search(rf'name="{name}" value="([^"]*)"', self.page)
        assert found, f"the page has no {name}"
        return html.unescape(found[1])

    def post(self, path: str, **fields: str) -> Any:
        if not self.page:
            self.open()
        known = {name: self.hidden(name) for name in ("key", "form", "code")}
        answer = self.client.post(path, data={**known, **fields}, headers={"Origin": SITE})
        self.page = answer.text
        return answer

    def say(self, words: str) -> Any:
        self.town.clock.advance(timedelta(seconds=3))  # nobody types faster, and the page would slow them
        answer = self.post("/chat/send", text=words)
        assert answer.status_code == 200, (answer.status_code, self.problem)
        return answer

    def start(self, path: str = "/chat") -> None:
        self.open(path)
        assert self.post("/chat/start").status_code == 200

    def press(self, payload: str) -> None:
        """Press a button of the page."""
        forms = re.findall(r"<form[^>]*/chat/press.*?</form>", self.page, re.DOTALL)
        for form in forms:
            fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
            if fields.get("payload") == payload or f'value="{payload}"' in form:
                fields["payload"] = payload
                answer = self.client.post("/chat/press", data=fields, headers={"Origin": SITE})
                assert answer.status_code == 200, answer.text
                return
        raise AssertionError(f"the page has no button {payload}")

    def ask(self, words: str) -> list[str]:
        self.say(words)
        self.town.settle()
        return self.inbox()

    @property
    def problem(self) -> str:
        found = re.search(r'id="problem-text">([^<]*)<', self.page)
        return html.unescape(found[1]) if found else ""

    @property
    def token(self) -> str:
        return str(self.client.cookies.get("__Host-chat"))

    def inbox(self) -> list[str]:
        """New lines of ours, as the script would read them."""
        answer = self.client.get("/chat/messages").json()["messages"]
        self.open()
        got = ["".join(part["text"] for part in line["parts"]) for line in answer]
        new, self.read = got[self.read :], len(got)
        return new


@dataclass
class Desk:
    """A member of staff at the console."""

    client: TestClient
    page: str = ""

    def get(self, path: str) -> Any:
        return self._noted(self.client.get(f"/console{path}"))

    def post(self, path: str, **fields: str) -> Any:
        sent = {"csrf": self.token, **fields}
        return self._noted(self.client.post(f"/console{path}", data=sent, headers={"Origin": SITE}))

    @property
    def token(self) -> str:
        found = re.search(r'name="csrf" value="([^"]+)"', self.page)
        return found[1] if found else ""

    @property
    def text(self) -> str:
        """The words of the page, without its markup."""
        return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", self.page)))

    def links(self, prefix: str) -> list[str]:
        """Where the page leads, below `prefix`, each once."""
        found = re.findall(rf'href="/console({re.escape(prefix)}[^"#?]*(?:\?[^"]*)?)"', self.page)
        return list(dict.fromkeys(html.unescape(one) for one in found))

    def _noted(self, answer: Any) -> Any:
        if "text/html" in answer.headers.get("content-type", ""):
            self.page = answer.text
        return answer


@pytest.fixture
def sms_of() -> Callable[..., Any]:
    """One signed call of Twilio's: `sms_of(client, number, words, sid) -> answer`."""

    def send(client: TestClient, number: str, words: str, sid: str) -> Any:
        fields = {"MessageSid": sid, "AccountSid": ACCOUNT, "From": number, "To": NUMBER, "Body": words}
        signature = RequestValidator(AUTH_TOKEN).compute_signature(f"{SITE}/twilio/sms", fields)
        return client.post("/twilio/sms", data=fields, headers={"X-Twilio-Signature": signature})

    return send


@pytest.fixture
def trained_copy(trained_home: Path) -> Callable[[Path], None]:
    """Puts the trained dialogue into another home, for workers that run as processes of their own."""

    def copy(home: Path) -> None:
        from bot.runtime.training import train

        model = train(trained_home, lambda step, done: None)
        (home / "models").mkdir(parents=True, exist_ok=True)
        shutil.copy(model, home / "models" / model.name)

    return copy


@pytest.fixture
def as_environment() -> Callable[[Settings], dict[str, str]]:
    """The settings as a process of its own is given them."""

    def written(settings: Settings) -> dict[str, str]:
        found = {}
        for name, value in settings.model_dump().items():
            plain = value.get_secret_value() if isinstance(value, SecretStr) else value
            if plain not in (None, ""):
                found[f"BLETHER_{name.upper()}"] = str(plain)
        return found

    return written


@pytest.fixture
def encodings() -> Callable[[str], set[bytes]]:
    """The ways in which a text may lie in a file: plain, in a web address, in JSON, in base64."""
    from urllib.parse import quote, quote_plus

    def ways(text: str) -> set[bytes]:
        plain = text.encode("utf-8", "surrogatepass")
        inner = base64.b64encode(plain)[:-4] if len(plain) > 8 else plain
        return {plain, json.dumps(text)[1:-1].encode(), quote(plain).encode(), quote_plus(plain).encode(), inner}

    return ways
