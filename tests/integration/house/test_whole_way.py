"""One conversation on each channel, from the first word to the inspector's page, over HTTP all the way."""

import os
import subprocess
import sys

import pytest
from sqlalchemy import select

from records.tables import Alert, ConsentEvent, Conversation, OutboxMessage, OutboxState, Progress, Response
from records.types import Asked, ChannelName, Rating, Role, Stage

pytestmark = pytest.mark.model

STORIES = {
    1: "They send letters that I can read, and Morag Quillfeather reads them out to me",
    2: "The nurse always asks what I think",
    3: "skip",
    4: "skip",
    5: "I chose my own carer",
    6: "skip",
    7: "skip",
    8: "My sister is asked as well",
    9: "The man who helps me hits me when nobody is there",
    10: "skip",
    11: "skip",
    12: "I can go to the shops again",
}
WORRYING = 9
TOLD = [number for number, story in STORIES.items() if story != "skip"]


def walk(phone):
    """The 12 statements, from the first rating to the end. One story is worrying: nothing is asked until GO."""
    for number, story in STORIES.items():
        phone.ask("4")
        phone.ask(story)
        if number == WORRYING:
            assert stage_of(phone) is Stage.SAFETY
            phone.ask("GO")


def stage_of(phone):
    with phone.town.house.database.read() as session:
        return session.scalars(select(Conversation)).one().stage


def by_text_message(town):
    phone = town.sms("+447700900123")
    for words in ("hello", "E", "1", "GO"):
        assert phone.ask(words), words
    return phone


def by_telegram(town):
    phone = town.telegram(770_090_012, first_name="Morag", last_name="Quillfeather")
    assert phone.ask("/start demo")
    phone.press_shown("age:26_plus")
    town.settle()
    phone.press_shown("role:person")
    town.settle()
    phone.press_shown("agree")
    town.settle()
    assert phone.inbox()
    return phone


def in_the_web_chat(town):
    visitor = town.web()
    visitor.start()
    town.settle()
    for payload in ("age:26_plus", "role:person", "agree"):
        visitor.open()
        visitor.press(payload)
        town.settle()
    assert visitor.inbox()
    return visitor


WAYS = {
    ChannelName.SMS: by_text_message,
    ChannelName.TELEGRAM: by_telegram,
    ChannelName.WEB: in_the_web_chat,
}


@pytest.mark.parametrize("channel", list(WAYS))
def test_from_the_first_word_to_the_inspectors_page(town, channel, house_settings, as_environment) -> None:
    walk(WAYS[channel](town))
    everything_is_recorded(town, channel)
    an_inspector_reads_it(town)
    safeguarding_deals_with_it(town)
    the_audit_chain_is_sound(as_environment(house_settings))


def everything_is_recorded(town, channel) -> None:
    with town.house.database.read() as session:
        conversation = session.scalars(select(Conversation)).one()
        assert (conversation.channel, conversation.stage) == (channel, Stage.FINISHED)
        assert [one.kind.value for one in session.scalars(select(ConsentEvent).order_by(ConsentEvent.at))].count(
            "agreed"
        ) >= 1
        answers = {one.statement: one for one in session.scalars(select(Response))}
        assert {number: answers[number].rating for number in answers} == dict.fromkeys(STORIES, Rating.AGREE)
        assert {one.statement: one.asked for one in session.scalars(select(Progress))} == dict.fromkeys(
            STORIES, Asked.ANSWERED
        )
        states = set(session.scalars(select(OutboxMessage.state)))
        assert states <= {OutboxState.SENT, OutboxState.DELIVERED}, states
        assert session.scalars(select(Alert)).one().conversation_id == conversation.id


def an_inspector_reads_it(town) -> None:
    inspector = town.staff(Role.INSPECTOR)
    inspector.get("/transcripts")
    (link,) = [one for one in inspector.links("/transcripts/") if "?" not in one]
    inspector.get(link)
    for number in TOLD[1:]:
        assert STORIES[number] in inspector.text
    assert "They send letters that I can read" in inspector.text
    assert "Quillfeather" not in inspector.page
    assert "letters, leaflets" in inspector.text  # the prompt stands beside the answer
    inspector.post(f"{link}/read", number="999")
    assert inspector.get("/transcripts").status_code == 200
    assert inspector.links("/transcripts/") == []
    assert inspector.get("/alerts").status_code == 403


def safeguarding_deals_with_it(town) -> None:
    officer = town.staff(Role.SAFEGUARDING)
    officer.get("/alerts")
    (link,) = [one for one in officer.links("/alerts/") if "?" not in one]
    officer.get(link)
    assert STORIES[WORRYING] not in officer.text
    assert officer.post(f"{link}/open", reason="short").status_code == 400
    assert officer.post(f"{link}/open", reason="I am on duty and read every alert").status_code == 200
    assert STORIES[WORRYING] in officer.text
    officer.post(f"{link}/acknowledge")
    with town.house.database.read() as session:
        assert session.scalars(select(Alert.state)).one().value == "acknowledged"


def the_audit_chain_is_sound(environment) -> None:
    verified = subprocess.run(
        [sys.executable, "-m", "app", "audit", "verify"],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert verified.returncode == 0, verified.stdout + verified.stderr
