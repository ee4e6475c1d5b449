"""The people around the house: somebody with a phone, somebody on the web page, somebody at the console."""

import html
import json
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from starlette.testclient import TestClient
from twilio.request_validator import RequestValidator

from tests.integration.house.providers import ACCOUNT, AUTH_TOKEN, NUMBER, SECRET, SITE


@dataclass
class SmsPhone:
    """A phone that texts. Twilio calls us for it, and signs."""

    town: Any  # the house it lives beside
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

    town: Any  # the house it lives beside
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

    town: Any  # the house it lives beside
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
