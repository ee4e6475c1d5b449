"""The whole house: the real web application, dialogue, worker and delivery; people, staff and providers around it.

Everything goes over HTTP. The providers are ours, on this machine's loopback, and no call ever leaves.
"""

import base64
import itertools
import json
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import func, select
from starlette.applications import Starlette
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
from tests.integration.house.people import Desk, SmsPhone, TelegramPhone, WebVisitor
from tests.integration.house.providers import (
    _MOST_ROUNDS,
    ACCOUNT,
    AUTH_TOKEN,
    BOT,
    BOT_TOKEN,
    NUMBER,
    PASSWORD,
    SECRET,
    SITE,
    Providers,
    _Server,
)


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
