"""Sending and catching up through Twilio's own client, against a Twilio on loopback."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from channels.errors import (
    BadAddress,
    BadContent,
    ChannelError,
    NotOurs,
    OurConfiguration,
    StopContact,
    TryAgain,
)
from channels.sms.config import SmsConfig
from channels.sms.reconcile import OVERLAP, reconcile
from channels.sms.send import SmsChannel
from records.tables.outbox import OutboxState
from records.types import Button, Kind, Outbound

NUMBER, PERSON = "+447700900001", "+447700900123"
NOW = datetime(2026, 4, 15, 10, 0, tzinfo=UTC)


@pytest.fixture
def config(twilio) -> SmsConfig:
    return SmsConfig("AC1", "invented", "https://chat.example.org", number=NUMBER, api_base_url=twilio.url)


@pytest.fixture
def channel(config) -> SmsChannel:
    return SmsChannel(config)


def test_a_text_goes_out_with_its_attempt_in_the_callback_address(channel, twilio) -> None:
    message = Outbound("Hello. Text GO to start.", (Button("Go", "go"),))
    sent = channel.send(PERSON, message, door=NUMBER, attempt_id="attempt7")
    assert (sent.provider_id, sent.state) == ("SM1", OutboxState.ACCEPTED)
    assert twilio.calls == [
        {
            "To": PERSON,
            "From": NUMBER,
            "Body": "Hello. Text GO to start.",
            "StatusCallback": "https://chat.example.org/twilio/status/attempt7",
        }
    ]


def test_a_messaging_service_chooses_the_number_itself(channel, twilio) -> None:
    channel.send(PERSON, Outbound("Hello"), door="MG1", attempt_id="a")
    assert twilio.calls[0]["MessagingServiceSid"] == "MG1"
    assert "From" not in twilio.calls[0]


@pytest.mark.parametrize("text", ["", "  \n", "x" * 1601])
def test_a_text_that_cannot_be_sent_is_never_handed_over(channel, twilio, text: str) -> None:
    with pytest.raises(BadContent):
        channel.send(PERSON, Outbound(text), door=NUMBER, attempt_id="a")
    assert twilio.calls == []


@pytest.mark.parametrize(
    ("status", "answer", "kind"),
    [
        (400, {"code": 21610, "message": f"{PERSON} is unsubscribed", "status": 400}, StopContact),
        (400, {"code": 21211, "message": f"{PERSON} is no number", "status": 400}, BadAddress),
        (401, {"code": 20003, "message": "Authenticate", "status": 401}, OurConfiguration),
        (400, {"code": 21617, "message": "Too long", "status": 400}, BadContent),
        (429, {"code": 20429, "message": "Too many", "status": 429}, TryAgain),
        (500, {"code": 20500, "message": "Oh dear", "status": 500}, TryAgain),
        (503, "<html>Busy</html>", TryAgain),
        (400, {"code": 12345, "message": f"New for {PERSON}", "status": 400}, ChannelError),
    ],
)
def test_what_twilio_refuses_becomes_an_error_of_ours_without_the_number(
    channel, twilio, caplog, status: int, answer: object, kind: type[ChannelError]
) -> None:
    twilio.refusals.append((status, answer))
    with caplog.at_level(logging.DEBUG), pytest.raises(kind) as caught:
        channel.send(PERSON, Outbound("Hello"), door=NUMBER, attempt_id="a")
    assert type(caught.value) is kind
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
    assert "900123" not in caplog.text + str(caught.value) + repr(caught.value)


def test_without_a_connection_it_tries_again_and_does_not_know_whether_it_was_sent() -> None:
    closed = SmsConfig("AC1", "t", "https://x.example", number=NUMBER, api_base_url="http://127.0.0.1:9")
    with pytest.raises(TryAgain) as caught:
        SmsChannel(closed).send(PERSON, Outbound("Hello"), door=NUMBER, attempt_id="a")
    assert caught.value.uncertain


def test_a_sending_logs_neither_number_nor_words(channel, caplog) -> None:
    with caplog.at_level(logging.DEBUG):
        channel.send(PERSON, Outbound("A private matter"), door=NUMBER, attempt_id="a")
        channel.find_sent(PERSON, "a", "A private matter", NOW)
    assert "900123" not in caplog.text
    assert "private matter" not in caplog.text


class TestFindSent:
    """Was an attempt taken before we died? The same text to the same number since then says so."""

    def listed(self, twilio, minutes: int, body: str = "Hello", **facts: object) -> str:
        created = format_datetime(NOW + timedelta(minutes=minutes))
        facts = {"direction": "outbound-api", "to": PERSON, "body": body, "date_created": created, **facts}
        return twilio.add(**facts)["sid"]

    def test_the_attempt_is_found_on_a_later_page(self, channel, twilio) -> None:
        sid = self.listed(twilio, 1)
        for minutes in (2, 3, 4, 5):
            self.listed(twilio, minutes, body="Another")
        assert channel.find_sent(PERSON, "a", "Hello", NOW) == sid

    def test_an_older_text_with_the_same_words_is_not_it(self, channel, twilio) -> None:
        self.listed(twilio, -5)
        assert channel.find_sent(PERSON, "a", "Hello", NOW) is None

    @pytest.mark.parametrize(
        "facts",
        [
            {"body": "Hello!"},
            {"to": "+447700900124"},
            {"direction": "inbound"},
            {"status": "failed"},
            {"status": "canceled"},
        ],
    )
    def test_another_message_is_not_it(self, channel, twilio, facts: dict[str, str]) -> None:
        self.listed(twilio, 1, **facts)
        assert channel.find_sent(PERSON, "a", "Hello", NOW) is None

    def test_when_twilio_cannot_be_asked_nobody_says_no(self, channel, twilio) -> None:
        twilio.refusals.append((503, "busy"))
        with pytest.raises(TryAgain):
            channel.find_sent(PERSON, "a", "Hello", NOW)


class TestReconcile:
    """Nothing that people wrote while we were down is lost."""

    @pytest.fixture
    def arrived(self, twilio) -> Callable[..., str]:
        def arrive(minutes: int, body: str, **facts: object) -> str:
            sent = format_datetime(NOW + timedelta(minutes=minutes))
            return str(twilio.add(body=body, date_sent=sent, **facts)["sid"])

        return arrive

    def test_every_page_goes_through_intake_oldest_first(self, config, intake, arrived) -> None:
        sids = [arrived(minutes, f"text {minutes}") for minutes in range(5)]
        assert reconcile(config, intake, NOW, NOW + timedelta(hours=1)) == 5
        assert [inbound.external_id for inbound in intake.received] == sids
        assert [inbound.sent_at for inbound in intake.received][:2] == [NOW, NOW + timedelta(minutes=1)]

    def test_what_the_webhook_brought_is_not_counted_again(self, config, intake, arrived) -> None:
        arrived(0, "seen")
        reconcile(config, intake, NOW, NOW)
        arrived(1, "new")
        assert reconcile(config, intake, NOW, NOW) == 1
        assert [inbound.text for inbound in intake.received] == ["seen", "new"]

    def test_it_asks_from_a_little_before_the_bookmark(self, config, intake, twilio) -> None:
        reconcile(config, intake, NOW, NOW)
        assert twilio.queries[0]["DateSent>"] == (NOW - OVERLAP).strftime("%Y-%m-%dT%H:%M:%SZ")

    def test_our_own_texts_and_other_channels_stay_out(self, config, intake, arrived) -> None:
        arrived(0, "ours", direction="outbound-api")
        arrived(1, "reply", direction="outbound-reply")
        arrived(2, "elsewhere", from_="whatsapp:+447700900123")
        assert reconcile(config, intake, NOW, NOW) == 0
        assert intake.received == []

    def test_a_picture_stays_a_picture(self, config, intake, arrived) -> None:
        arrived(0, "", num_media="1")
        reconcile(config, intake, NOW, NOW)
        assert intake.received[0].kind is Kind.MEDIA

    def test_the_door_is_the_one_the_webhook_would_name(self, config, intake, arrived) -> None:
        service = SmsConfig("AC1", "t", "https://x.example", messaging_service="MG1", api_base_url=config.api_base_url)
        arrived(0, "hello", messaging_service_sid="MG1")
        reconcile(service, intake, NOW, NOW)
        assert intake.received[0].to == "MG1"

    def test_a_text_that_leads_nowhere_keeps_no_other_out(self, config, intake, arrived) -> None:
        arrived(0, "closed")
        arrived(1, "open")
        intake.fails_on["closed"] = NotOurs("closed")
        assert reconcile(config, intake, NOW, NOW) == 1

    def test_a_text_that_cannot_be_taken_in_keeps_no_other_out_and_stops_the_bookmark(
        self, config, intake, arrived
    ) -> None:
        arrived(0, "poison")
        arrived(1, "fine")
        intake.fails_on["poison"] = RuntimeError("no")
        with pytest.raises(RuntimeError):
            reconcile(config, intake, NOW, NOW)
        assert [inbound.text for inbound in intake.received] == ["fine"]

    def test_when_twilio_is_down_the_bookmark_stays(self, config, intake, twilio) -> None:
        twilio.refusals.append((503, "busy"))
        with pytest.raises(TryAgain):
            reconcile(config, intake, NOW, NOW)
