"""The chat page over HTTP, with real tables, the real intake and the real delivery; no script in the browser."""

import logging
from datetime import timedelta

import pytest
from sqlalchemy import select

from channels.errors import NotOurs
from channels.web.words import words
from records.tables import OutboxMessage, OutboxState
from records.types import Button, Kind, Lane, Outbound

SITE = "https://chat.example.org"
GO = Button("Go", "go")


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
