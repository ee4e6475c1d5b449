"""The chat page over HTTP, with real tables, the real intake and the real delivery; no script in the browser."""

import logging
import re
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape
from random import Random
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from starlette.applications import Starlette
from starlette.testclient import TestClient

from bot.words import Words
from channels.delivery import Delivery
from channels.errors import NotOurs
from channels.intake import Intake
from channels.replies import FixedReplies
from channels.web.config import WebConfig
from channels.web.desk import Limits
from channels.web.limits import Limit, Limiter
from channels.web.routes import routes
from channels.web.send import WebChannel
from channels.web.words import words
from engagement.rounds import open_demo_round
from records.clock import ManualClock
from records.database import Database
from records.outbox import post
from records.tables import Base, Conversation, Message, MessageState, OutboxMessage, OutboxState, Round
from records.types import Button, ChannelName, Inbound, Kind, Lane, Outbound, Receipt, Tier, Verdict

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
    intake = WatchedIntake(Intake(database, lambda _: Verdict(Tier.NONE, 0.0), FixedReplies(Words.load())))
    limits = Limits(writing=Limiter(Limit(burst=20, per_second=0.5)))
    pages = routes(WebConfig(SITE, keys.session), database, intake, clock, limits=limits)
    return ChatHouse(database, clock, intake, Starlette(routes=pages))


@pytest.fixture
def browser(house) -> Browser:
    return house.browser()


def test_somebody_starts_reads_writes_and_presses_without_a_script(house, browser) -> None:
    browser.start()
    house.say(Outbound("Hello. Shall we start?", (GO, Button("Not now", "no"))))
    browser.open()
    assert browser.lines == ["We wrote: Hello. Shall we start?"]
    browser.press("go")
    house.say(Outbound("What is good?"))
    browser.open()
    browser.send(text="My carer listens")
    house.say(Outbound("Thank you."))
    browser.open()
    assert browser.lines == [
        "We wrote: Hello. Shall we start?",
        "You: You chose: Go",
        "We wrote: What is good?",
        "You wrote a message",
        "We wrote: Thank you.",
    ]
    assert [(inbound.kind, inbound.text) for inbound in house.intake.received] == [
        (Kind.START, ""),
        (Kind.BUTTON, "Go"),
        (Kind.TEXT, "My carer listens"),
    ]


def test_a_link_with_an_invitation_starts_with_its_code(house, browser) -> None:
    browser.open("/chat/demo")
    assert browser.send("/chat/start").headers["location"] == "/chat"
    assert house.intake.received[0].payload == "demo"


def test_writing_at_once_on_an_invitation_brings_its_code_along(house, browser) -> None:
    browser.open("/chat/demo")
    browser.send(text="Can I just tell you something?")
    assert [(i.kind, i.payload, i.text) for i in house.intake.received] == [
        (Kind.START, "demo", ""),
        (Kind.TEXT, None, "Can I just tell you something?"),
    ]


def test_a_second_invitation_is_offered_and_not_taken_by_itself(house, browser) -> None:
    browser.start()
    browser.open("/chat/demo")
    assert words()["invited"] in browser.page
    browser.send(text="hello", code="")
    assert [inbound.payload for inbound in house.intake.received] == [None, None]


@pytest.mark.parametrize("code", ["a" * 65, "a%20b", "%3Cscript%3E", "é"])
def test_a_link_that_cannot_be_ours_says_so(browser, code: str) -> None:
    response = browser.open(f"/chat/{code}")
    assert response.status_code == 404
    assert words()["not_found_title"] in response.text


def test_what_is_shown_counts_as_delivered(house, browser) -> None:
    browser.start()
    house.say(Outbound("Hello"), Outbound("How are you?"))
    assert house.states() == [OutboxState.SENT, OutboxState.SENT]
    browser.open()
    assert house.states() == [OutboxState.DELIVERED, OutboxState.DELIVERED]


def test_what_waits_or_was_cancelled_is_not_shown(house, browser) -> None:
    browser.start()
    house.say(Outbound("not yet"), deliver=False)
    browser.open()
    assert browser.lines == []


def test_another_browser_sees_nothing_of_it(house, browser) -> None:
    browser.start()
    house.say(Outbound("Only for one", (GO,)))
    browser.open()
    other = house.browser()
    other.open()
    assert other.lines == []
    other.send("/chat/press", payload="go", prompt=browser.hidden("prompt"))
    assert len(house.intake.received) == 1


def test_the_same_form_twice_is_one_message(house, browser) -> None:
    browser.open()
    form = browser.hidden("form")
    for _ in range(2):
        browser.send(text="once", form=form)
    assert len(house.intake.received) == 1


def test_the_old_form_with_new_words_is_a_second_message(house, browser) -> None:
    browser.open()
    form = browser.hidden("form")
    browser.send(text="first", form=form)
    browser.send(text="wait, there is more", form=form)
    assert [inbound.text for inbound in house.intake.received] == ["first", "wait, there is more"]


def test_a_button_that_was_never_shown_is_refused(house, browser) -> None:
    browser.start()
    house.say(Outbound("Shall we?", (GO,)))
    browser.open()
    response = browser.press("delete_everything")
    assert (response.status_code, browser.problem) == (409, words()["problem_button"])
    assert [inbound.kind for inbound in house.intake.received] == [Kind.START]


@pytest.mark.parametrize(
    ("text", "status", "sentence"),
    [("  ", 422, words()["problem_empty"]), ("x" * 4100, 422, words()["problem_too_long"].format(over=4))],
)
def test_what_cannot_be_a_message_is_politely_refused_and_stays_in_the_box(
    house, browser, text: str, status: int, sentence: str
) -> None:
    browser.open()
    assert browser.send(text=text).status_code == status
    assert (browser.problem, browser.box) == (sentence, text)
    assert house.intake.received == []


def test_when_intake_fails_the_words_come_back_and_a_second_try_is_the_same_message(house, browser, caplog) -> None:
    browser.open()
    form = browser.hidden("form")
    house.intake.failure = RuntimeError("broken while reading: he hits me")
    with caplog.at_level(logging.DEBUG):
        response = browser.send(text="he hits me")
    assert (response.status_code, browser.problem) == (503, words()["problem_not_taken_in"])
    assert (browser.box, browser.hidden("form")) == ("he hits me", form)
    assert "hits me" not in caplog.text
    house.intake.failure = None
    browser.send(text=browser.box)
    browser.send(text="he hits me", form=form)
    assert [inbound.text for inbound in house.intake.received] == ["he hits me"]


def test_a_flood_is_slowed_kindly_and_the_words_come_back(house, browser, clock) -> None:
    browser.open()
    for number in range(20):
        assert browser.send(text=f"text {number}").status_code == 303
    response = browser.send(text="one more, and it matters")
    assert (response.status_code, response.headers["retry-after"]) == (429, "3")
    assert browser.box == "one more, and it matters"
    clock.advance(timedelta(seconds=3))
    assert browser.send(text=browser.box).status_code == 303
    assert house.intake.received[-1].text == "one more, and it matters"


def test_a_body_larger_than_any_message_is_not_read(house, browser) -> None:
    browser.open()
    assert browser.send(text="x" * 70_000).status_code == 413
    assert browser.problem == words()["problem_large"]


class TestForgery:
    """Only forms from our page, for this browser, are taken."""

    @pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}])
    @pytest.mark.parametrize("path", ["/chat/send", "/chat/press", "/chat/start"])
    def test_another_site_sends_nothing(self, house, browser, headers: dict[str, str], path: str) -> None:
        browser.open()
        form = {"key": browser.hidden("key"), "form": "f", "text": "not theirs"}
        response = browser.client.post(path, data=form, headers=headers)
        assert response.status_code == 403
        assert "not theirs" not in response.text
        assert house.intake.received == []

    def test_a_key_of_another_browser_does_not_fit(self, house, browser) -> None:
        browser.open()
        other = house.browser()
        other.open()
        assert browser.send(text="hi", key=other.hidden("key")).status_code == 403
        assert (browser.problem, browser.box) == (words()["problem_stale"], "hi")
        assert browser.send(text=browser.box).status_code == 303

    def test_a_browser_that_keeps_no_cookies_is_told(self, house, browser) -> None:
        browser.open()
        browser.client.cookies.clear()
        assert browser.send(text="hi").status_code == 403
        assert (browser.problem, browser.box) == (words()["problem_cookies"], "hi")
        assert house.intake.received == []

    def test_another_site_cannot_end_the_chat(self, browser) -> None:
        browser.open()
        response = browser.client.post("/chat/leave", headers={"Origin": "https://evil.example"})
        assert (response.status_code, response.headers.get("set-cookie")) == (303, None)


class TestLeaving:
    """Out at once, and nothing stays."""

    def test_the_cookie_goes_and_the_weather_comes(self, browser) -> None:
        browser.start()
        response = browser.send("/chat/leave")
        assert 'content="0; url=https://www.bbc.co.uk/weather"' in response.text
        assert "<title>Weather</title>" in response.text
        assert "__Host-chat" not in browser.client.cookies
        assert "Secure" in response.headers["set-cookie"]

    def test_it_works_without_a_key_or_a_cookie(self, house) -> None:
        assert house.browser().client.post("/chat/leave").status_code == 200

    def test_afterwards_the_page_is_as_new(self, house, browser) -> None:
        browser.start()
        house.say(Outbound("Something private"))
        browser.open()
        browser.send("/chat/leave")
        browser.open()
        assert browser.lines == []
        assert words()["hello"] in browser.page


class TestClosed:
    """No round is open."""

    def test_a_stranger_reads_that_it_is_closed_and_where_help_is(self, house, browser) -> None:
        house.close_round()
        response = browser.open()
        assert response.status_code == 200
        assert words()["closed_title"] in browser.page
        assert 'href="tel:999"' in browser.page
        assert "<textarea" not in browser.page

    def test_who_has_written_before_can_still_write(self, house, browser) -> None:
        browser.start()
        house.close_round()
        browser.open()
        assert browser.send(text="I am not safe").status_code == 303
        assert house.intake.received[-1].text == "I am not safe"

    def test_a_message_that_leads_nowhere_is_answered_kindly(self, house, browser) -> None:
        browser.open()
        house.intake.failure = NotOurs("closed meanwhile")
        response = browser.send(text="hello?")
        assert response.status_code == 200
        assert words()["closed_title"] in response.text


class TestScript:
    """What the page's script is told."""

    def test_only_what_is_new_and_a_safety_reply_may_overtake(self, house, browser) -> None:
        browser.start()
        house.say(Outbound("one"))
        first = browser.json("/chat/messages?after=0").json()
        assert ([m["parts"] for m in first["messages"]], first["cursor"]) == ([[{"text": "one"}]], 1)
        house.say(Outbound("slow prompt"), deliver=False)
        with house.database.write() as unit:
            slow = unit.session.scalars(select(OutboxMessage).where(OutboxMessage.number == 2)).one()
            slow.not_before = unit.clock.now() + timedelta(hours=1)
            post_id = slow.id
        house.say(Outbound("Call 999"), lane=Lane.SAFETY)
        second = browser.json("/chat/messages?after=1").json()
        assert second["messages"][0]["parts"] == [{"text": "Call "}, {"text": "999", "tel": "999"}]
        assert second["cursor"] == 1
        with house.database.write() as unit:
            unit.session.get_one(OutboxMessage, post_id).not_before = unit.clock.now()
        house.deliver()
        third = browser.json(f"/chat/messages?after={second['cursor']}").json()
        assert ([m["id"] for m in third["messages"]].count(post_id), third["cursor"]) == (1, 3)

    def test_it_is_told_that_an_answer_is_on_its_way_but_not_for_ever(self, house, browser, clock) -> None:
        browser.start()
        assert browser.json("/chat/messages").json()["waiting"] is True
        clock.advance(timedelta(minutes=2))
        assert browser.json("/chat/messages").json()["waiting"] is False
        house.say(Outbound("there"))
        assert browser.json("/chat/messages").json()["waiting"] is False

    @pytest.mark.parametrize("after", ["x", "-1", "9" * 30, "", "²"])
    def test_a_number_that_is_none_counts_as_the_beginning(self, house, browser, after: str) -> None:
        browser.start()
        house.say(Outbound("one"))
        assert len(browser.json(f"/chat/messages?after={after}").json()["messages"]) == 1

    def test_a_browser_without_a_cookie_is_told_to_begin_anew(self, browser) -> None:
        assert browser.json("/chat/messages").status_code == 403

    def test_messages_and_troubles_come_as_json(self, house, browser) -> None:
        browser.open()
        assert browser.json("/chat/send", form="f", text="hi").json() == {"taken": True}
        empty = browser.json("/chat/send", form="f", text=" ")
        assert (empty.status_code, empty.json()) == (422, {"problem": words()["problem_empty"]})
        house.intake.failure = NotOurs()
        assert browser.json("/chat/send", form="g", text="hi").json()["closed"] is True


class TestHeaders:
    """The page lets nothing in and gives nothing away."""

    @pytest.mark.parametrize("path", ["/chat", "/chat/demo", "/chat/" + "a" * 65, "/chat/messages"])
    def test_every_page_is_strict(self, browser, path: str) -> None:
        headers = browser.open(path).headers
        assert headers["content-security-policy"] == (
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
            "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        )
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"

    def test_the_cookie_is_for_this_host_alone_and_goes_with_the_browser(self, browser) -> None:
        cookie = browser.open().headers["set-cookie"]
        assert cookie.startswith("__Host-chat=")
        assert {part.strip().lower() for part in cookie.split(";")[1:]} == {
            "httponly",
            "path=/",
            "samesite=lax",
            "secure",
        }
        assert "set-cookie" not in browser.open().headers

    def test_the_token_is_never_in_the_page(self, house, browser) -> None:
        browser.start()
        house.say(Outbound("Hello", (GO,)))
        browser.open()
        assert browser.client.cookies["__Host-chat"] not in browser.page

    def test_nothing_stands_in_the_page_that_the_policy_would_stop(self, house, browser) -> None:
        browser.start()
        house.say(Outbound("Hello", (GO,)))
        browser.open()
        assert re.findall(r"<script(?! src)|style=|\bon\w+=|javascript:", browser.page) == []
        sources = re.findall(r'(?:src|href)="([^"]+)"', browser.page)
        assert [s for s in sources if not s.startswith(("/chat", "tel:"))] == []

    def test_the_title_says_nothing(self, browser) -> None:
        assert "<title>Chat</title>" in browser.open().text

    @pytest.mark.parametrize("file", ["chat.css", "chat.js", "icon.svg"])
    def test_styles_and_script_are_there(self, browser, file: str) -> None:
        response = browser.client.get(f"/chat/static/{file}")
        assert response.status_code == 200
        assert response.headers["x-content-type-options"] == "nosniff"

    def test_our_own_texts_are_escaped_too(self, house, browser) -> None:
        browser.start()
        house.say(Outbound("<b>bold</b> & more", (Button('"><script>', "go"),)))
        browser.open()
        assert "<b>bold" not in browser.page
        assert "<script>" not in browser.page

    def test_kept_words_are_escaped(self, house, browser) -> None:
        browser.open()
        house.intake.failure = RuntimeError()
        browser.send(text="</textarea><script>alert(1)</script>")
        assert "<script>alert" not in browser.page
        assert browser.box == "</textarea><script>alert(1)</script>"


def test_nothing_that_was_written_can_be_read_back(house, browser) -> None:
    """Neither from the pages nor from the tables: what somebody wrote exists only as ciphertext."""
    browser.start()
    browser.send(text="Morag at 12 Invented Street")
    token = browser.client.cookies["__Host-chat"]
    pages = browser.open().text + browser.json("/chat/messages").text
    assert "Invented" not in pages
    with house.database.engine.connect() as connection:
        dump = _everything(connection)
    assert "Invented" not in dump
    assert token not in dump


def _everything(connection: Any) -> str:
    found: list[str] = []
    for table in Base.metadata.sorted_tables:
        for row in connection.execute(select(table)):
            found += [value.decode("latin-1") if isinstance(value, bytes) else str(value) for value in row]
    return "\n".join(found)


def test_logs_say_nothing_about_anybody(house, browser, caplog: Any) -> None:
    with caplog.at_level(logging.DEBUG):
        browser.start()
        browser.send(text="a private matter")
        browser.send(text="forged", key="x")
    assert "private" not in caplog.text
    assert browser.client.cookies["__Host-chat"] not in caplog.text
