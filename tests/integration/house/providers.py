"""Twilio's and Telegram's ends, on this machine's loopback, and what both sides know of each other."""

import json
import threading
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

SITE = "https://blether.example"
ACCOUNT = "AC" + "0" * 32
AUTH_TOKEN = "twilio-token-of-the-tests"
NUMBER = "+447700900001"
BOT = "blether_test_bot"
BOT_TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0"
SECRET = "telegram-secret-of-the-tests"
PASSWORD = "four-blue-boats-sail"
_MOST_ROUNDS = 60


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
