"""What anybody on the internet can reach: health, pages that are not there, bodies too large, and odd letters."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from app.heartbeat import CLOCKS, DELIVERY, TURNS, Heart
from records.tables import Look, Message, SealedAddress, SealedWords
from records.types import ChannelName, Role

STRICT = {
    "content-security-policy",
    "referrer-policy",
    "x-content-type-options",
    "x-frame-options",
    "cache-control",
    "x-robots-tag",
}


class TestHealth:
    """One address says whether the house is well, and nothing else."""

    def test_without_loops_it_is_not_well(self, town) -> None:
        answer = town.http.get("/healthz")
        assert answer.status_code == 503
        assert answer.json() == {
            "healthy": False,
            "database": True,
            "turns": False,
            "delivery": False,
            "clocks": False,
        }

    def test_with_every_heart_beating_it_is_well_until_one_stops(self, town) -> None:
        for name in (TURNS, CLOCKS, *(f"{DELIVERY}:{channel}" for channel in ChannelName)):
            Heart(town.house.database, name).beat()
        assert town.http.get("/healthz").status_code == 200
        town.clock.advance(timedelta(minutes=3))
        Heart(town.house.database, TURNS).beat()
        answer = town.http.get("/healthz")
        assert (answer.status_code, answer.json()["turns"], answer.json()["clocks"]) == (503, True, False)

    def test_one_channel_that_no_longer_sends_is_seen(self, town) -> None:
        names = (TURNS, CLOCKS, *(f"{DELIVERY}:{channel}" for channel in ChannelName))
        for name in names:
            Heart(town.house.database, name).beat()
        town.clock.advance(timedelta(minutes=3))
        for name in names:
            if not name.endswith("sms"):
                Heart(town.house.database, name).beat()
        assert town.http.get("/healthz").json()["delivery"] is False


@pytest.mark.parametrize(
    "path", ["/nowhere", "/.env", "/chat/../keys.json", "/chat/static/../config.py", "/console/nowhere", "/docs"]
)
def test_what_is_not_there_is_not_there(town, path) -> None:
    answer = town.http.get(path)
    assert answer.status_code == 404
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/twilio/sms"),
        ("GET", "/telegram/webhook"),
        ("PUT", "/chat/send"),
        ("DELETE", "/console/transcripts"),
        ("POST", "/healthz"),
        ("TRACE", "/chat"),
    ],
)
def test_other_methods_are_refused(town, method, path) -> None:
    assert town.http.request(method, path).status_code == 405


@pytest.mark.parametrize("path", ["/twilio/sms", "/telegram/webhook", "/chat/send"])
def test_a_body_that_is_too_large_is_turned_away_and_nothing_is_kept(town, path) -> None:
    headers = {"X-Telegram-Bot-Api-Secret-Token": "telegram-secret-of-the-tests"}
    answer = town.http.post(path, content=b"x" * 2_000_000, headers=headers)
    assert answer.status_code == 413
    with town.house.database.read() as session:
        assert session.scalars(select(Message)).all() == []


@pytest.mark.parametrize(
    "path", ["/", "/healthz", "/chat", "/chat/demo", "/console/sign-in", "/nowhere", "/console/nowhere", "/chat/x/y"]
)
def test_every_answer_carries_the_headers_that_keep_browsers_strict(town, path) -> None:
    headers = {name.lower() for name in town.http.get(path).headers}
    assert headers >= STRICT


def test_forged_calls_are_refused(town) -> None:
    phone = town.sms("+447700900123")
    fields = phone.fields("hello")
    assert town.http.post("/twilio/sms", data=fields).status_code == 403
    assert town.telegram(1).post({"message": {}}, secret="another-secret-entirely").status_code == 403


def test_somebody_who_just_writes_finds_the_round_on_every_channel(town) -> None:
    town.sms("+447700900123").say("hello")
    town.telegram(770_090_012).say("hello")
    town.web().say("hello")
    with town.house.database.read() as session:
        assert len(session.scalars(select(Message)).all()) == 3


ODD = {
    "nothing": "a\x00b",
    "half a letter": "a\ud83db",
    "the other half first": "\udc00\ud83d",
    "control": "\x01\x02\x1b[31m\x7f\x85",
    "right to left": "\u202egnirts\u202c \u2066x\u2069",
    "very many": "\U0001f9d1" * 1500,
    "combining": "e" + "\u0301" * 500,
}


@pytest.mark.model
@pytest.mark.parametrize("words", ODD.values(), ids=ODD)
def test_odd_letters_break_nothing_on_any_channel(town, words) -> None:
    """PostgreSQL keeps no NUL, UTF-8 no half letters: before agreement and after, in words and in names."""
    name = {"first_name": words[:60], "last_name": words[:60]}
    telegram = town.telegram(770_090_012, **name)
    sms, web = town.sms("+447700900123"), town.web()
    encodable = words.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    phones = [(telegram, words), (sms, encodable[:1600]), (web, encodable)]
    for phone, said in phones:
        for each in (said, "GO", "E", "1", "GO", "4", said):
            phone.ask(each)
    telegram.picture(words)
    telegram.edit(telegram.say("I mean"), words)
    telegram.press("rate:4", label=words)
    telegram.press(words[:30], label=words)
    telegram.say(f"/start {words[:60]}")
    town.settle()
    with town.house.database.read() as session:
        assert {one.state.value for one in session.scalars(select(Message))} == {"done"}
        assert session.scalars(select(SealedAddress)).all()
        assert session.scalars(select(SealedWords)).all()
        assert "dialogue failed" not in {one.reason for one in session.scalars(select(Look))}


def test_half_letters_typed_straight_into_the_wire_are_mended(town) -> None:
    web = town.web()
    web.open()
    fields = {name: web.hidden(name) for name in ("key", "form", "code")}
    body = "&".join(f"{name}={value}" for name, value in fields.items()) + "&text=a%ED%A0%BDb%00%FF"
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": "https://blether.example"}
    assert web.client.post("/chat/send", content=body.encode(), headers=headers).status_code == 200
    with town.house.database.read() as session:
        assert len(session.scalars(select(Message)).all()) == 1


@pytest.mark.parametrize("depth", [10, 100_000])
def test_an_update_that_is_nested_without_end_is_refused(town, depth) -> None:
    body = ("[" * depth + "]" * depth).encode()
    headers = {"X-Telegram-Bot-Api-Secret-Token": "telegram-secret-of-the-tests"}
    assert town.http.post("/telegram/webhook", content=body, headers=headers).status_code == 400
    assert town.http.post("/telegram/webhook", content=json.dumps({}), headers=headers).status_code == 400


def test_a_button_that_was_never_ours_is_not_kept(town) -> None:
    """What comes with a press can be forged, and the column it would lie in is not sealed."""
    phone = town.telegram(770_090_012)
    phone.say("hello")
    phone.press("Quillfeather")
    phone.press("quillfeather:07700900461")
    with town.house.database.engine.connect() as connection:
        kept = [row[0] for row in connection.execute(text("SELECT payload FROM messages")) if row[0]]
    assert kept == []


@pytest.mark.parametrize("nothing", ["\x00", "a\x00b"])
def test_letters_that_postgresql_does_not_know_break_no_page(town, nothing) -> None:
    """Anybody can send them, signed in or not."""
    desk = town.staff(Role.SAFEGUARDING)
    assert desk.get("/transcripts/a%00b").status_code == 404
    assert desk.get("/alerts/a%00b").status_code == 404
    assert desk.get("/transcripts?round=a%00b&show=all").status_code == 200
    stranger = town.browser()
    form = {"username": nothing, "password": nothing}
    answer = stranger.post("/console/sign-in", data=form, headers={"Origin": "https://blether.example"})
    assert answer.status_code == 401
    visitor = town.web()
    visitor.start()
    assert visitor.post("/chat/press", prompt=nothing, payload=nothing).status_code == 409
    status = town.sms("+447700900123").fields("")
    assert town.http.post("/twilio/status/a%00b", data=status).status_code == 403
