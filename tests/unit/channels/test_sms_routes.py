"""Twilio's calls, from the signature to intake and back."""

import base64
import hashlib
import hmac
import json
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import yaml
from starlette.applications import Starlette
from starlette.testclient import TestClient

from channels.errors import NotOurs
from channels.sms.config import SmsConfig
from channels.sms.routes import routes
from records.tables.outbox import OutboxState

PUBLIC = "https://chat.example.org"
CONFIG = SmsConfig("AC1", "invented-token", PUBLIC, number="+447700900001", messaging_service="MG1")
ORDINARY = {
    "MessageSid": "SM1",
    "SmsSid": "SM1",
    "AccountSid": "AC1",
    "From": "+447700900123",
    "To": "+447700900001",
    "Body": "Hello",
    "NumMedia": "0",
    "NumSegments": "1",
}
CASES = yaml.safe_load((Path(__file__).parent / "cases" / "sms.yml").read_text())


def sign(url: str, fields: Mapping[str, str] | None = None, token: str = CONFIG.auth_token) -> str:
    """Twilio's signature, written from its description rather than with its library."""
    signed = url + "".join(name + value for name, value in sorted((fields or {}).items()))
    return base64.b64encode(hmac.new(token.encode(), signed.encode(), hashlib.sha1).digest()).decode()


@pytest.fixture
def client(intake, recorder, clock):
    return TestClient(Starlette(routes=routes(CONFIG, intake, recorder, clock)), base_url="http://10.0.0.7:8000")


def post(client, fields: Mapping[str, str], path: str = "/twilio/sms", *, signature: str | None = None, **headers: str):
    signature = signature if signature is not None else sign(PUBLIC + path, fields)
    headers = {
        "X-Twilio-Signature": signature,
        "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
        **headers,
    }
    return client.post(path, content=urlencode(fields), headers=headers)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_what_twilio_sends_becomes_what_we_read(case: dict[str, Any], client, intake, clock) -> None:
    fields = {name: value for name, value in (ORDINARY | case["fields"]).items() if value is not None}
    response = post(client, fields)
    if "inbound" not in case:
        assert (response.status_code, intake.received) == (case["status"], [])
        return
    assert response.status_code == 200
    (inbound,) = intake.received
    assert {name: getattr(inbound, name) for name in case["inbound"]} == case["inbound"]
    assert (inbound.channel, inbound.sent_at) == ("sms", clock.now())


def test_the_answer_is_an_empty_response_and_nothing_is_said_by_it(client) -> None:
    response = post(client, ORDINARY)
    assert response.text == "<Response/>"
    assert response.headers["content-type"].startswith("text/xml")


@pytest.mark.parametrize("signature", ["", "x", "é", sign(PUBLIC + "/twilio/sms", ORDINARY, token="another")])
def test_a_forged_signature_is_turned_away_and_nothing_is_read(client, intake, signature: str) -> None:
    response = client.post(
        "/twilio/sms",
        content=urlencode(ORDINARY),
        headers={b"X-Twilio-Signature": signature.encode(), b"Content-Type": b"application/x-www-form-urlencoded"},
    )
    assert (response.status_code, intake.received) == (403, [])


def test_a_field_changed_on_the_way_breaks_the_signature(client, intake) -> None:
    response = post(client, ORDINARY | {"Body": "changed"}, signature=sign(PUBLIC + "/twilio/sms", ORDINARY))
    assert (response.status_code, intake.received) == (403, [])


def test_behind_a_proxy_the_configured_address_counts_and_no_header_can_change_it(client, intake) -> None:
    lies = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http", "Forwarded": "x"}
    assert post(client, ORDINARY, **lies).status_code == 200
    forged = sign("http://evil.example/twilio/sms", ORDINARY)
    assert post(client, ORDINARY, signature=forged, **lies).status_code == 403
    assert len(intake.received) == 1


def test_the_query_of_the_address_is_signed_too(client, intake) -> None:
    assert post(client, ORDINARY, "/twilio/sms?a=b%20c&d=").status_code == 200
    signed_for_another = sign(PUBLIC + "/twilio/sms?a=1", ORDINARY)
    assert post(client, ORDINARY, "/twilio/sms?a=2", signature=signed_for_another).status_code == 403


def test_the_same_message_twice_is_handed_over_twice_and_known_by_its_id(client, intake) -> None:
    assert [post(client, ORDINARY).status_code for _ in range(2)] == [200, 200]
    assert [inbound.external_id for inbound in intake.received] == ["SM1"]


def test_what_was_not_committed_is_not_acknowledged(client, intake, caplog) -> None:
    intake.failure = RuntimeError("the disk is full, says +447700900123")
    with caplog.at_level(logging.DEBUG):
        response = post(client, ORDINARY)
    assert response.status_code == 503
    assert "RuntimeError" in caplog.text
    assert "447700900123" not in caplog.text + response.text


def test_a_message_that_leads_nowhere_is_acknowledged_without_a_reply(client, intake) -> None:
    intake.failure = NotOurs("no open round")
    response = post(client, ORDINARY)
    assert (response.status_code, response.text) == (200, "<Response/>")


def test_a_call_larger_than_any_text_message_is_not_read(client, intake) -> None:
    assert post(client, ORDINARY | {"Body": "x" * 70_000}).status_code == 413
    assert intake.received == []


def json_call(client, body: bytes, url_hash: str | None = None):
    digest = url_hash if url_hash is not None else hashlib.sha256(body).hexdigest()
    path = f"/twilio/sms?bodySHA256={digest}" if digest else "/twilio/sms"
    headers = {"X-Twilio-Signature": sign(PUBLIC + path), "Content-Type": "application/json"}
    return client.post(path, content=body, headers=headers)


def test_a_json_body_is_read_when_its_hash_is_the_signed_one(client, intake) -> None:
    assert json_call(client, json.dumps(ORDINARY | {"NumMedia": 0}).encode()).status_code == 200
    assert intake.received[0].text == "Hello"


@pytest.mark.parametrize(
    ("body", "url_hash", "status"),
    [
        (b'{"AccountSid": "AC1"}', hashlib.sha256(b"another").hexdigest(), 403),
        (b'{"AccountSid": "AC1"}', "", 403),
        (b"[]", None, 400),
        (b"{", None, 400),
        (b"\xff", None, 400),
        (b'{"AccountSid": "AC2"}', None, 403),
    ],
)
def test_a_json_body_that_does_not_fit_is_turned_away(client, intake, body, url_hash, status) -> None:
    assert json_call(client, body, url_hash).status_code == status
    assert intake.received == []


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("queued", OutboxState.ACCEPTED),
        ("sending", OutboxState.ACCEPTED),
        ("sent", OutboxState.SENT),
        ("delivered", OutboxState.DELIVERED),
        ("read", OutboxState.READ),
        ("undelivered", OutboxState.FAILED),
        ("failed", OutboxState.FAILED),
        ("canceled", OutboxState.CANCELLED),
    ],
)
def test_a_status_report_names_the_attempt(client, recorder, status: str, state: OutboxState) -> None:
    fields = {"AccountSid": "AC1", "MessageSid": "SM5", "MessageStatus": status, "ErrorCode": "30003"}
    assert post(client, fields, "/twilio/status/attempt7").status_code == 200
    assert recorder.reports == [("attempt7", "SM5", state, "30003")]


def test_a_status_that_nobody_knows_is_acknowledged_and_changes_nothing(client, recorder) -> None:
    fields = {"AccountSid": "AC1", "MessageSid": "SM5", "MessageStatus": "teleported"}
    assert post(client, fields, "/twilio/status/attempt7").status_code == 200
    assert recorder.reports == []


def test_a_forged_status_changes_nothing(client, recorder) -> None:
    fields = {"AccountSid": "AC1", "MessageSid": "SM5", "MessageStatus": "delivered"}
    assert post(client, fields, "/twilio/status/attempt7", signature="x").status_code == 403
    assert recorder.reports == []


def test_only_posts_are_answered(client) -> None:
    assert client.get("/twilio/sms").status_code == 405


def test_a_closed_channel_has_no_routes(intake, recorder, clock) -> None:
    assert routes(None, intake, recorder, clock) == []
