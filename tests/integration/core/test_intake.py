"""What must be true of every message that comes in, on SQLite and PostgreSQL."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from channels.errors import NotOurs
from records import audit
from records.tables import (
    Alert,
    AlertEvent,
    AlertState,
    AuditEntry,
    ConsentEvent,
    Conversation,
    Hold,
    Look,
    Message,
    MessageState,
    OutboxMessage,
    OutboxState,
    Participant,
    SealedAddress,
    SealedWords,
    StoppedAddress,
)
from records.types import AgeBand, ChannelName, HoldKind, Kind, Lane, Stage, Tier


def rows(house, table, *where):
    with house.database.read() as session:
        return list(session.scalars(select(table).where(*where)))


def only(house, table, *where):
    (row,) = rows(house, table, *where)
    return row


def test_a_repeated_delivery_is_one_message(house):
    inbound = house.hear("hello")
    assert house.intake.receive(inbound).repeated
    assert len(rows(house, Message)) == 1
    assert only(house, Conversation).interrupts == 1


def test_the_same_delivery_twice_at_once_is_one_message(house):
    inbound = house.text("hello")
    gate = threading.Barrier(4)

    def deliver():
        gate.wait()
        house.intake.receive(inbound)

    threads = [threading.Thread(target=deliver) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(rows(house, Message)) == 1
    assert len(rows(house, Participant)) == 1


def test_ten_first_messages_of_one_person_at_once_make_one_participant(house):
    messages = [house.text(f"message {n}") for n in range(10)]
    threads = [threading.Thread(target=house.intake.receive, args=(one,)) for one in messages]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(rows(house, Participant)) == 1
    assert sorted(one.number for one in rows(house, Message)) == list(range(1, 11))


def test_words_and_address_are_only_there_as_ciphertext(house):
    house.hear("Morag helps me", display_name="Morag Campbell")
    words, address = only(house, SealedWords), only(house, SealedAddress)
    assert b"Morag" not in words.words
    assert b"7700" not in address.address
    box = house.database.box
    assert box.open("sealed_words", words.id, "words", words.words) == "Morag helps me"
    assert box.open("sealed_addresses", address.id, "display_name", address.display_name) == "Morag Campbell"


def test_words_are_held_by_the_turn_and_until_somebody_reads_the_conversation(house):
    house.hear("hello")
    assert {hold.kind for hold in rows(house, Hold)} == {HoldKind.TURN, HoldKind.UNREAD}


def test_an_alert_and_its_safety_reply_are_there_when_the_provider_is_answered(house):
    house.hear("I am in danger")
    alert = only(house, Alert)
    assert (alert.tier, alert.state) == (Tier.IMMEDIATE, AlertState.OPEN)
    safety = rows(house, OutboxMessage, OutboxMessage.lane == Lane.SAFETY)
    assert safety
    assert all(one.state is OutboxState.QUEUED for one in safety)
    assert only(house, Conversation).stage is Stage.SAFETY
    assert HoldKind.ALERT in {hold.kind for hold in rows(house, Hold)}


def test_a_safety_reply_leaves_without_the_dialogue(house):
    house.hear("I am in danger")
    assert house.deliver()
    assert house.dialogue.heard == []


def test_an_immediate_alert_is_due_in_fifteen_minutes(house):
    house.hear("I am in danger")
    assert only(house, Alert).due_at == house.clock.now() + timedelta(minutes=15)


def test_a_second_worrying_message_joins_the_open_alert_and_is_not_answered_in_the_same_words(house):
    house.hear("a worry")
    first = house.deliver()
    house.hear("I am in danger")
    second = house.deliver()
    alert = only(house, Alert)
    assert alert.tier is Tier.IMMEDIATE
    assert second
    assert not set(first) & set(second)


@pytest.mark.parametrize(("words", "is_safe"), [("SAFE", True), ("yes", True), ("NOT SAFE", False), ("no", False)])
def test_safe_and_not_safe_are_noted_and_answered_without_the_dialogue(house, words, is_safe):
    house.hear("I am in danger")
    house.deliver()
    house.hear(words)
    assert only(house, Participant).safe_contact is is_safe
    assert len(house.deliver()) >= 1
    assert only(house, Conversation).stage is Stage.SAFETY
    assert any("safe way to contact" in event.what for event in rows(house, AlertEvent))
    house.settle()
    assert house.dialogue.heard == [] or all(said.text != words for said in house.dialogue.heard[-1].said)


def test_after_not_safe_the_rest_of_the_safety_reply_is_not_sent(house):
    house.hear("I am in danger")
    house.hear("not safe")
    assert house.deliver() == ["OK. We will not write about this here. You can wipe these texts from your phone."]
    house.hear("I am in danger")
    (quiet,) = house.deliver()
    assert "999" not in quiet


def test_safe_means_nothing_where_nothing_worries_us(house):
    house.hear("safe")
    assert only(house, Participant).safe_contact is None
    assert only(house, Message).state is MessageState.DUE


def test_a_worry_of_somebody_under_18_is_a_childs(house):
    house.hear("hello")
    with house.database.write() as unit:
        unit.session.scalars(select(Participant)).one().age_band = AgeBand.AGE_16_17
    house.hear("a worry")
    alert = only(house, Alert)
    assert alert.categories == ["neglect", "child"]
    assert alert.due_at == house.clock.now() + timedelta(minutes=15)


def test_a_look_leaves_the_conversation_where_it_is(house):
    house.hear("hmm")
    assert only(house, Look).cleared_at is None
    assert only(house, Conversation).stage is Stage.WELCOME
    assert rows(house, OutboxMessage) == []


def test_the_screen_knows_what_was_asked(house):
    house.hear("no")
    assert rows(house, Look) == []
    house.settle()
    house.hear("no")
    assert len(rows(house, Look)) == 1


def test_a_picture_without_text_is_a_look_and_an_honest_reply_and_no_turn(house):
    house.hear("", kind=Kind.MEDIA)
    assert only(house, Look).words_id is None
    assert only(house, Message).state is MessageState.DONE
    house.settle()
    assert house.dialogue.heard == []
    assert "cannot be seen" in house.provider.texts[0]


@pytest.mark.parametrize(
    "words", ["STOP", "stop.", " Stop!! ", "stop please", "UNSUBSCRIBE", "End", "/stop", "Stop 🙏"]
)
def test_stop_is_obeyed_at_once_and_confirmed_once(house, words):
    house.hear("hello")
    house.hear(words)
    assert only(house, Conversation).stage is Stage.STOPPED
    assert len(house.deliver()) == 1
    house.hear(words)
    assert house.deliver() == []
    house.settle()
    assert len(house.provider.texts) == 1
    assert [one.kind.value for one in rows(house, ConsentEvent)] == ["stopped"]


@pytest.mark.parametrize("words", ["they stop my tea at five", "stop me if i go on", "I will end it with the carers"])
def test_stop_within_a_sentence_is_not_a_command(house, words):
    house.hear(words)
    assert only(house, Conversation).stage is Stage.WELCOME


def test_stop_cancels_what_has_not_left(house):
    house.hear("hello")
    house.clock.advance(timedelta(seconds=30))
    house.worker.take_all()
    house.hear("stop")
    assert len(house.deliver()) == 1
    states = {one.text: one.state for one in rows(house, OutboxMessage)}
    assert states["Thank you."] is OutboxState.CANCELLED
    assert states["Question 1?"] is OutboxState.CANCELLED


def test_the_provider_saying_stop_is_not_answered(house):
    house.hear("hello")
    house.hear("STOP", kind=Kind.STOPPED, provider_replied=True)
    assert house.deliver() == []
    assert len(rows(house, StoppedAddress)) == 1


def test_stop_at_a_door_that_leads_nowhere_is_obeyed(house):
    house.hear("stop", to="+447700900999")
    assert len(rows(house, StoppedAddress)) == 1
    assert rows(house, Conversation) == []


def test_after_stop_a_disclosure_still_raises_an_alert_and_is_answered(house):
    house.hear("hello")
    house.hear("stop")
    house.deliver()
    house.hear("I am in danger")
    assert only(house, Alert).tier is Tier.IMMEDIATE
    assert house.deliver()
    house.settle()
    assert house.dialogue.heard == []


def test_after_stop_an_ordinary_message_is_kept_and_not_answered(house):
    house.hear("hello")
    house.hear("stop")
    house.deliver()
    house.hear("what a day")
    house.settle()
    assert len(house.provider.texts) == 1


@pytest.mark.parametrize("words", ["START", "unstop", "Yes", "go"])
def test_somebody_who_stopped_can_come_back(house, words):
    house.hear("hello")
    house.hear("stop")
    house.hear(words)
    assert rows(house, StoppedAddress) == []
    assert only(house, Conversation).stage is Stage.WELCOME


def test_yes_is_no_command_for_somebody_who_has_not_stopped(house):
    house.hear("yes")
    assert only(house, Message).state is MessageState.DUE


def test_an_unknown_door_is_not_ours(house):
    with pytest.raises(NotOurs):
        house.hear("hello", to="+447700900999")
    assert rows(house, Message) == []
    assert rows(house, SealedAddress) == []


def test_a_worrying_message_at_an_unknown_door_is_never_turned_away(house):
    house.hear("I am in danger", to="+447700900999")
    assert only(house, Alert).tier is Tier.IMMEDIATE


def test_a_deep_link_leads_to_its_round(house):
    house.hear("", kind=Kind.START, payload="demo", to="+447700900999")
    assert only(house, Participant).came_by == "deep-link"


def test_a_second_message_waits_for_the_first_but_not_for_ever(house):
    house.hear("one")
    start = house.clock.now()
    for _ in range(20):
        house.clock.advance(timedelta(seconds=2))
        house.hear("and another")
    assert only(house, Conversation).due_at <= start + timedelta(seconds=20)


def test_a_new_message_cancels_the_question_that_has_not_left(house):
    house.hear("hello")
    house.clock.advance(timedelta(seconds=30))
    house.worker.take_all()
    house.hear("another thing")
    prompts = rows(house, OutboxMessage, OutboxMessage.lane == Lane.PROMPT)
    assert [one.state for one in prompts] == [OutboxState.CANCELLED]


def test_every_message_is_in_the_audit_chain_without_its_words(house):
    house.hear("Morag in danger")
    with house.database.read() as session:
        assert audit.verify(session).sound
        entries = list(session.scalars(select(AuditEntry)))
    assert "message received" in {entry.action for entry in entries}
    assert "Morag" not in str([entry.facts for entry in entries])


def test_delete_hides_at_once_and_stops(house):
    house.hear("hello")
    house.hear("DELETE")
    assert only(house, Participant).deleted_at is not None
    assert only(house, Conversation).stage is Stage.DELETED
    assert len(rows(house, StoppedAddress)) == 1


def test_a_failed_commit_is_not_acknowledged(house):
    """If the transaction fails, `receive` raises: the provider is not told that all is well, and nothing is kept."""
    from sqlalchemy import event
    from sqlalchemy.exc import OperationalError

    def fail(connection, cursor, statement, *rest):
        if statement.startswith("INSERT INTO alerts"):
            raise OperationalError("INSERT", {}, Exception("disk full"))

    event.listen(house.database.engine, "before_cursor_execute", fail)
    with pytest.raises(OperationalError):
        house.hear("I am in danger")
    event.remove(house.database.engine, "before_cursor_execute", fail)
    with house.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Message)) == 0
    house.hear("I am in danger")
    assert only(house, Alert).tier is Tier.IMMEDIATE


def test_channels_do_not_share_addresses(house):
    """The same characters on two channels are two people."""
    box = house.database.box
    assert box.lookup("address", ChannelName.SMS.value, "42") != box.lookup("address", ChannelName.TELEGRAM.value, "42")
