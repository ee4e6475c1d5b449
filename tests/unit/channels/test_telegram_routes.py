"""Telegram's calls, from the secret to intake and back."""

import json
import logging
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.testclient import TestClient

from channels.errors import Malformed, NotOurs, TryAgain
from channels.telegram.config import TelegramConfig
from channels.telegram.parse import Reading, parse
from channels.telegram.routes import SECRET, routes
from records.clock import SystemClock
from records.errors import ConfigurationError

CONFIG = TelegramConfig("1:invented", "example_bot", "a-secret-of-ours-1", "https://chat.example.org")
DATE = 1776247200
CASES = yaml.safe_load((Path(__file__).parent / "cases" / "telegram.yml").read_text())
PERSON = {"id": 55, "is_bot": False, "first_name": "Morag", "last_name": "Example", "username": "morag_x"}
PRIVATE = {"id": 55, "type": "private"}


@dataclass
class FakeApi:
    """Remembers what Telegram was told."""

    answered: list[str] = field(default_factory=list)
    left: list[int] = field(default_factory=list)
    failure: Exception | None = None

    def answer(self, callback_id: str) -> None:
        if self.failure:
            raise self.failure
        self.answered.append(callback_id)

    def leave(self, chat_id: int) -> None:
        self.left.append(chat_id)


@pytest.fixture
def api() -> FakeApi:
    return FakeApi()


@pytest.fixture
def client(intake, api, clock):
    return TestClient(Starlette(routes=routes(CONFIG, intake, api, clock)))


def post(client, update: object, secret: str | None = CONFIG.webhook_secret):
    headers = {SECRET: secret} if secret is not None else {}
    return client.post("/telegram/webhook", content=json.dumps(update), headers=headers)


def message(**facts: Any) -> dict[str, Any]:
    return {"message_id": 9, "date": DATE, "from": PERSON, "chat": PRIVATE, **facts}


def update_of(case: dict[str, Any]) -> Any:
    """The whole update that a case stands for."""
    if "raw" in case:
        return case["raw"]
    if "update" in case:
        return {"update_id": 7, **case["update"]}
    for kind in ("message", "edited_message"):
        if kind in case:
            return {"update_id": 7, kind: message(**case[kind])}
    if "member" in case:
        return {"update_id": 7, "my_chat_member": membership(**case["member"])}
    return {"update_id": 7, "callback_query": press(**case["press"])}


def membership(status: str, chat: dict[str, Any] | None = None) -> dict[str, Any]:
    bot = {"id": 1, "is_bot": True, "first_name": "Example"}
    rights = [
        "can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats",
        "can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users",
        "can_post_stories", "can_edit_stories", "can_delete_stories",
    ]  # fmt: skip
    after = {"status": status, "user": bot, "until_date": 0, **dict.fromkeys(rights, False)}
    before = {"status": "left", "user": bot}
    return {
        "chat": chat or PRIVATE, "from": PERSON, "date": DATE, "old_chat_member": before, "new_chat_member": after,
    }  # fmt: skip


def press(
    data: str, chat: dict[str, Any] | None = None, *, inaccessible: bool = False, inline: bool = False
) -> dict[str, Any]:
    keyboard = {"inline_keyboard": [[{"text": "Agree", "callback_data": "rate:agree"}]]}
    under = message(text="How far do you agree?", chat=chat or PRIVATE, reply_markup=keyboard)
    if inaccessible:
        under = {"message_id": 9, "date": 0, "chat": PRIVATE}
    query = {"id": "q1", "from": PERSON, "chat_instance": "c", "data": data}
    return {**query, "inline_message_id": "i"} if inline else {**query, "message": under}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_what_telegram_sends_becomes_what_we_read(case: dict[str, Any], client, intake, api) -> None:
    response = post(client, update_of(case))
    assert response.status_code == case.get("status", 200)
    assert api.answered == ([case["answers"]] if "answers" in case else [])
    assert api.left == ([case["leaves"]] if "leaves" in case else [])
    assert len(intake.received) == ("inbound" in case)
    for inbound in intake.received:
        assert {name: getattr(inbound, name) for name in case["inbound"]} == case["inbound"]
        assert inbound.channel == "telegram"
        assert inbound.sent_at.tzinfo is not None


@pytest.mark.parametrize("secret", [None, "", "wrong", "a-secret-of-ours-", "a-secret-of-ours-1 "])
def test_a_wrong_secret_is_turned_away_and_nothing_is_read(client, intake, secret: str | None) -> None:
    response = post(client, {"update_id": 7, "message": message(text="hi")}, secret and secret.replace(" ", "x"))
    assert (response.status_code, intake.received) == (403, [])


def test_the_same_update_twice_is_one_message(client, intake) -> None:
    update = {"update_id": 7, "message": message(text="hi")}
    assert [post(client, update).status_code for _ in range(2)] == [200, 200]
    assert len(intake.received) == 1


def test_two_presses_are_two_messages_even_when_update_ids_start_anew(client, intake) -> None:
    for query_id in ("q1", "q2"):
        post(client, {"update_id": 7, "callback_query": {**press("go"), "id": query_id}})
    assert [inbound.external_id for inbound in intake.received] == ["press:q1", "press:q2"]


def test_what_was_not_committed_comes_again(client, intake, api, caplog) -> None:
    intake.failure = RuntimeError("no room for Morag")
    with caplog.at_level(logging.DEBUG):
        response = post(client, {"update_id": 7, "callback_query": press("go")})
    assert (response.status_code, api.answered) == (503, [])
    assert "Morag" not in caplog.text + response.text


def test_a_message_that_leads_nowhere_does_not_come_again(client, intake) -> None:
    intake.failure = NotOurs("no open round")
    assert post(client, {"update_id": 7, "message": message(text="hi")}).status_code == 200


def test_a_button_that_cannot_be_answered_is_a_message_all_the_same(client, intake, api) -> None:
    api.failure = TryAgain("connection")
    assert post(client, {"update_id": 7, "callback_query": press("go")}).status_code == 200
    assert len(intake.received) == 1


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000])
def test_a_body_that_is_not_json_is_refused(client, body: bytes) -> None:
    response = client.post("/telegram/webhook", content=body, headers={SECRET: CONFIG.webhook_secret or ""})
    assert response.status_code == 400


def test_a_body_larger_than_any_update_is_not_read(client, intake) -> None:
    assert post(client, {"update_id": 7, "message": message(text="x" * 1_100_000)}).status_code == 413
    assert intake.received == []


@given(
    raw=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=10),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["message", "chat", "id", "type", "text", "from", "date", "update_id", "callback_query"]
                ),
                inner,
                max_size=5,
            )
        ),
        max_leaves=15,
    )
)
def test_no_json_makes_the_parser_fail_in_a_way_of_its_own(raw: Any) -> None:
    clock = SystemClock()
    if isinstance(raw, dict) and raw.get("update_id") is not None:
        raw["update_id"] = 7
    try:
        assert isinstance(parse(CONFIG, raw, clock.now()), Reading)
    except Malformed:
        assert not isinstance(raw, dict) or "update_id" not in raw or raw["update_id"] is None


def test_a_closed_or_polling_channel_has_no_routes(intake, api, clock) -> None:
    assert routes(None, intake, api, clock) == []
    assert routes(TelegramConfig("1:invented", "@b"), intake, api, clock) == []


@pytest.mark.parametrize(
    "changed",
    [
        {"token": "no colon"},
        {"token": ""},
        {"bot_name": "@"},
        {"webhook_secret": None},
        {"public_url": None},
        {"webhook_secret": "short"},
        {"webhook_secret": "has spaces in it, and more"},
        {"public_url": "http://chat.example.org"},
    ],
)
def test_half_a_configuration_is_none(changed: dict[str, str | None]) -> None:
    whole = {"token": "1:x", "bot_name": "b", "webhook_secret": "s" * 20, "public_url": "https://x.example"}
    with pytest.raises(ConfigurationError):
        TelegramConfig(**(whole | changed))


def test_neither_token_nor_secret_is_printed_and_the_bot_has_one_name() -> None:
    assert "invented" not in repr(CONFIG)
    assert "a-secret" not in repr(CONFIG)
    assert CONFIG.bot_name == "@example_bot"
