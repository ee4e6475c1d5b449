"""Sending, registering and long polling through the library's own client, against a Telegram on loopback."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest

from channels.errors import (
    AnotherReader,
    BadAddress,
    BadContent,
    ChannelError,
    NotOurs,
    OurConfiguration,
    StopContact,
    TryAgain,
)
from channels.telegram.api import ALLOWED_UPDATES, TelegramApi
from channels.telegram.config import TelegramConfig
from channels.telegram.polling import poll_once
from channels.telegram.send import TelegramChannel
from records.clock import SystemClock
from records.tables.outbox import OutboxState
from records.types import Button, Outbound

TOKEN = "1:invented-token"


@pytest.fixture
def config(telegram) -> TelegramConfig:
    return TelegramConfig(TOKEN, "@b", "s" * 20, "https://chat.example.org", api_base_url=telegram.url)


@pytest.fixture
def channel(config) -> Iterator[TelegramChannel]:
    channel = TelegramChannel(config)
    yield channel
    channel.close()


@pytest.fixture
def api(config) -> Iterator[TelegramApi]:
    api = TelegramApi(config)
    yield api
    api.close()


def test_a_message_goes_out_as_plain_text_with_its_buttons(channel, telegram) -> None:
    buttons = tuple(Button(title, f"rating:{title.lower()}") for title in ("Agree", "Disagree"))
    sent = channel.send("55", Outbound("*How far* do you <b>agree</b>?", buttons), door="@b", attempt_id="a")
    (call,) = telegram.named("sendMessage")
    assert (sent.provider_id, sent.state) == ("501", OutboxState.SENT)
    assert (call["chat_id"], call["text"]) == ("55", "*How far* do you <b>agree</b>?")
    assert "parse_mode" not in call
    assert call["link_preview_options"] == {"is_disabled": True}
    rows = call["reply_markup"]["inline_keyboard"]
    assert [[(b["text"], b["callback_data"]) for b in row] for row in rows] == [
        [("Agree", "rating:agree"), ("Disagree", "rating:disagree")]
    ]


def test_a_long_label_has_a_line_of_its_own(channel, telegram) -> None:
    channel.send("55", Outbound("?", (Button("Strongly agree", "a"), Button("No", "b"))), door="@b", attempt_id="a")
    assert [len(row) for row in telegram.named("sendMessage")[0]["reply_markup"]["inline_keyboard"]] == [1, 1]


def test_several_messages_share_one_connection_loop(channel, telegram) -> None:
    for number in range(3):
        channel.send("55", Outbound(f"text {number}"), door="@b", attempt_id="a")
    assert [call["text"] for call in telegram.named("sendMessage")] == ["text 0", "text 1", "text 2"]


@pytest.mark.parametrize(
    ("address", "message", "kind"),
    [
        ("55", Outbound(""), BadContent),
        ("55", Outbound("x" * 4097), BadContent),
        ("55", Outbound("👍" * 2049), BadContent),
        ("55", Outbound("?", (Button("a", "x" * 65),)), BadContent),
        ("morag", Outbound("hello"), BadAddress),
    ],
)
def test_what_cannot_be_sent_is_never_handed_over(channel, telegram, address, message, kind) -> None:
    with pytest.raises(kind):
        channel.send(address, message, door="@b", attempt_id="a")
    assert telegram.calls == []


@pytest.mark.filterwarnings("ignore:.*retry_after.*timedelta")  # the library announces its next version
@pytest.mark.parametrize(
    ("status", "answer", "kind", "code"),
    [
        (403, {"description": "Forbidden: bot was blocked by the user"}, StopContact, "403"),
        (403, {"description": "Forbidden: user is deactivated"}, StopContact, "403"),
        (403, {"description": "Forbidden: bot can't initiate conversation with a user"}, BadAddress, "403"),
        (400, {"description": "Bad Request: chat not found"}, BadAddress, "400"),
        (400, {"description": "Bad Request: message is too long"}, BadContent, "400"),
        (400, {"description": "x", "parameters": {"migrate_to_chat_id": -100}}, BadAddress, "400"),
        (429, {"description": "Too Many Requests", "parameters": {"retry_after": 17}}, TryAgain, "429"),
        (401, {"description": "Unauthorized"}, OurConfiguration, "401"),
        (404, {"description": "Not Found"}, OurConfiguration, "401"),
        (409, {"description": "Conflict"}, AnotherReader, "409"),
        (500, {"description": "Internal for 55"}, TryAgain, "connection"),
        (502, {"description": "Bad Gateway"}, TryAgain, "connection"),
    ],
)
def test_what_telegram_refuses_becomes_an_error_of_ours(channel, telegram, status, answer, kind, code) -> None:
    telegram.refusals.append((status, answer))
    with pytest.raises(ChannelError) as caught:
        channel.send("55", Outbound("hello"), door="@b", attempt_id="a")
    assert (type(caught.value), caught.value.code) == (kind, code)
    assert caught.value.__suppress_context__
    if status == 429:
        assert caught.value.retry_after == 17.0
    if status >= 500:
        assert caught.value.uncertain


def test_without_a_connection_it_tries_again(config) -> None:
    channel = TelegramChannel(TelegramConfig(TOKEN, "@b", api_base_url="http://127.0.0.1:9"))
    with pytest.raises(TryAgain):
        channel.send("55", Outbound("hello"), door="@b", attempt_id="a")
    channel.close()


def test_neither_token_nor_words_are_logged(channel, api, config, intake, telegram, caplog) -> None:
    telegram.updates = [update(1, "I am Morag")]
    with caplog.at_level(logging.DEBUG):
        channel.send("55", Outbound("A private matter"), door="@b", attempt_id="a")
        poll_once(api, config, intake, SystemClock(), None, 0)
    assert [word for word in ("invented", "private", "Morag", "55") if word in caplog.text] == []


def test_the_webhook_is_registered_with_its_secret_and_the_updates_we_read(api, config, telegram) -> None:
    api.register_webhook(config)
    (call,) = telegram.named("setWebhook")
    assert call["url"] == "https://chat.example.org/telegram/webhook"
    assert call["secret_token"] == "s" * 20
    assert call["allowed_updates"] == list(ALLOWED_UPDATES)
    assert call.get("drop_pending_updates") != "true"


def test_buttons_are_answered_and_groups_left(api, telegram) -> None:
    api.answer("q1")
    api.leave(-5)
    api.remove_webhook()
    assert telegram.named("answerCallbackQuery")[0]["callback_query_id"] == "q1"
    assert telegram.named("leaveChat")[0]["chat_id"] == "-5"
    assert telegram.named("deleteWebhook")[0].get("drop_pending_updates") != "true"


def update(update_id: int, text: str, chat: int = 55) -> dict[str, Any]:
    person = {"id": chat, "is_bot": False, "first_name": "Morag"}
    message = {
        "message_id": update_id, "date": 1776247200, "text": text, "from": person,
        "chat": {"id": chat, "type": "private"},
    }  # fmt: skip
    return {"update_id": update_id, "message": message}


class TestPolling:
    """The offset moves only after the commit."""

    @pytest.fixture
    def poll(self, api, config, intake, clock):
        return lambda offset=None: poll_once(api, config, intake, clock, offset, 0)

    def test_what_waits_is_taken_in_and_confirmed_by_the_next_call(self, poll, telegram, intake) -> None:
        telegram.updates = [update(10, "one"), update(14, "two")]
        offset = poll()
        assert offset == 15
        assert len(telegram.updates) == 2
        assert poll(offset) is None
        assert telegram.updates == []
        assert [inbound.text for inbound in intake.received] == ["one", "two"]

    def test_it_names_the_updates_it_wants(self, poll, telegram) -> None:
        poll()
        assert telegram.named("getupdates")[0]["allowed_updates"] == list(ALLOWED_UPDATES)

    def test_after_a_crash_before_the_confirmation_it_all_comes_again_once(self, poll, telegram, intake) -> None:
        telegram.updates = [update(10, "one")]
        poll()
        poll()  # a new process knows no offset
        assert len(intake.received) == 1

    def test_ids_that_start_anew_after_a_quiet_week_are_seen(self, poll, telegram, intake) -> None:
        telegram.updates = [update(900, "before")]
        offset = poll(poll())
        telegram.updates = [update(3, "after")]
        poll(offset)
        assert [inbound.text for inbound in intake.received] == ["before", "after"]

    def test_what_was_not_committed_is_not_confirmed(self, poll, telegram, intake) -> None:
        intake.fails_on["two"] = RuntimeError("no")
        telegram.updates = [update(10, "one"), update(11, "two", chat=66), update(12, "three", chat=77)]
        assert poll() == 11
        assert [inbound.text for inbound in intake.received] == ["one", "three"]

    def test_a_stuck_message_holds_back_its_own_chat_and_nobody_elses(self, poll, telegram, intake) -> None:
        intake.fails_on["two"] = RuntimeError("no")
        telegram.updates = [update(11, "two"), update(12, "later, same chat"), update(13, "another chat", chat=66)]
        with pytest.raises(RuntimeError):
            poll()
        assert [inbound.text for inbound in intake.received] == ["another chat"]
        intake.fails_on.clear()
        assert poll() == 14
        assert [inbound.text for inbound in intake.received] == ["another chat", "two", "later, same chat"]

    def test_what_leads_nowhere_or_cannot_be_read_is_passed(self, poll, telegram, intake) -> None:
        intake.fails_on["closed"] = NotOurs("closed")
        telegram.updates = [update(10, "closed"), {"update_id": 11, "telepathy": {}}, update(12, "open")]
        assert poll() == 13
        assert [inbound.text for inbound in intake.received] == ["open"]

    def test_a_second_poller_is_told_so_in_a_plain_sentence(self, poll, telegram) -> None:
        telegram.refusals.append((409, {"description": "Conflict: terminated by other getUpdates request"}))
        with pytest.raises(AnotherReader, match="Another program reads"):
            poll()
