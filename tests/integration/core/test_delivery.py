"""Delivery: in order, safety first, never after STOP, and honest about what became of each message."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from channels import status
from channels.errors import BadAddress, BadContent, OurConfiguration, OutsideWindow, StopContact, TryAgain, TryOnceLater
from records.outbox import post
from records.tables import Conversation, Notification, OutboxMessage, OutboxState, StoppedAddress
from records.types import ChannelName, Lane, Outbound


def rows(house, table, *where):
    with house.database.read() as session:
        return list(session.scalars(select(table).where(*where)))


@pytest.fixture
def queue(house):
    """Posts texts to our person, each in a lane."""
    house.hear("stop the press")  # not a command: begins the conversation
    with house.database.write() as unit:
        unit.session.scalars(select(Conversation)).one().due_at = None

    def put(*texts, lane=Lane.REPLY, **facts):
        with house.database.write() as unit:
            conversation = unit.session.scalars(select(Conversation)).one()
            post(unit, conversation, [Outbound(text) for text in texts], lane, **facts)

    return put


def state(house, text):
    (row,) = rows(house, OutboxMessage, OutboxMessage.text == text)
    return row


def test_texts_leave_in_order(house, queue):
    queue("one", "two", "three")
    assert house.deliver() == ["one", "two", "three"]


def test_safety_overtakes_everything_that_waits(house, queue):
    queue("a question", lane=Lane.PROMPT)
    queue("a reply")
    queue("are you safe?", lane=Lane.SAFETY)
    assert house.deliver() == ["are you safe?", "a reply", "a question"]


def test_an_accepted_text_is_not_overtaken_by_the_next(house, queue):
    house.provider.state = OutboxState.ACCEPTED
    queue("a long one", "a short one")
    assert house.deliver() == ["a long one"]
    status.record(
        house.database,
        attempt_id=house.provider.attempts[0],
        provider_id="SM1",
        state=OutboxState.SENT,
        error=None,
    )
    assert house.deliver() == ["a short one"]


def test_an_accepted_text_whose_report_never_comes_holds_nobody_up_for_long(house, queue):
    house.provider.state = OutboxState.ACCEPTED
    queue("one", "two")
    house.deliver()
    house.clock.advance(timedelta(seconds=20))
    assert house.deliver() == ["two"]


def test_a_busy_provider_is_tried_again_later_and_later(house, queue):
    house.provider.failures = [TryAgain("20429"), TryAgain("20429"), TryAgain("20429")]
    queue("hello")
    waits = []
    while not house.provider.sent:
        house.deliver()
        before = len(house.provider.attempts)
        seconds = 0
        while len(house.provider.attempts) == before and not house.provider.sent:
            house.clock.advance(timedelta(seconds=0.25))
            seconds += 0.25
            house.deliver()
        waits.append(seconds)
    assert len(set(house.provider.attempts)) == 4
    assert waits[0] >= 1
    assert waits == sorted(waits)


def test_retry_after_is_respected(house, queue):
    house.provider.failures = [TryAgain("429", retry_after=90)]
    queue("hello")
    house.deliver()
    house.clock.advance(timedelta(seconds=89))
    assert house.deliver() == []
    house.clock.advance(timedelta(seconds=2))
    assert house.deliver() == ["hello"]


def test_one_that_waits_keeps_its_place(house, queue):
    house.provider.failures = [TryAgain("429", retry_after=30)]
    queue("one", "two")
    assert house.deliver() == []
    house.clock.advance(timedelta(seconds=31))
    assert house.deliver() == ["one", "two"]


def test_a_safety_reply_does_not_wait_behind_one_that_waits(house, queue):
    house.provider.failures = [TryAgain("429", retry_after=300)]
    queue("one")
    house.deliver()
    queue("are you safe?", lane=Lane.SAFETY)
    assert house.deliver() == ["are you safe?"]


def test_trying_ends_at_last(house, queue):
    house.provider.failures = [TryAgain("30001") for _ in range(50)]
    queue("hello")
    for _ in range(50):
        house.clock.advance(timedelta(hours=1))
        house.deliver()
    assert state(house, "hello").state is OutboxState.FAILED
    assert len(house.provider.attempts) == 12


def test_a_phone_that_is_off_is_tried_once_more_an_hour_later(house, queue):
    house.provider.failures = [TryOnceLater("30003"), TryOnceLater("30003")]
    queue("hello")
    house.deliver()
    house.clock.advance(timedelta(minutes=59))
    house.deliver()
    assert len(house.provider.attempts) == 1
    house.clock.advance(timedelta(minutes=2))
    house.deliver()
    assert state(house, "hello").state is OutboxState.FAILED
    assert len(house.provider.attempts) == 2


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (BadAddress("21211"), "21211"),
        (BadContent("30007"), "30007"),
        (OurConfiguration("20003"), "20003"),
        (OutsideWindow("63016"), "63016"),
    ],
)
def test_what_will_never_work_is_not_tried_again(house, queue, error, code):
    house.provider.failures = [error]
    queue("hello")
    house.deliver()
    house.clock.advance(timedelta(days=1))
    house.deliver()
    assert (state(house, "hello").state, state(house, "hello").error) == (OutboxState.FAILED, code)
    assert len(house.provider.attempts) == 1


def test_a_block_puts_the_address_on_the_stop_list_and_cancels_the_rest(house, queue):
    house.provider.failures = [StopContact("21610")]
    queue("one", "two")
    house.deliver()
    assert state(house, "one").state is OutboxState.FAILED
    assert state(house, "two").state is OutboxState.CANCELLED
    assert rows(house, StoppedAddress)[0].by_provider


def test_a_safety_reply_that_cannot_be_sent_is_told_to_people(house, queue):
    house.provider.failures = [StopContact("21610")]
    queue("are you safe?", lane=Lane.SAFETY, despite_stop=True)
    house.deliver()
    assert any("could not be sent" in one.text for one in rows(house, Notification))


def test_one_blocked_person_does_not_stop_the_others(house, queue):
    house.provider.failures = [StopContact("21610")]
    queue("to the blocked one")
    house.hear("hello", address="+447700900124")
    house.settle()
    assert house.provider.texts == ["Thank you.", "Question 1?"]


def test_an_attempt_that_may_have_got_through_is_looked_up_before_it_is_sent_again(house, queue):
    house.provider.failures = [TryAgain("connection", uncertain=True)]
    queue("hello")
    house.deliver()
    house.provider.known[house.provider.attempts[0]] = "SM-there"
    house.clock.advance(timedelta(minutes=5))
    house.deliver()
    assert house.provider.sent == []
    assert state(house, "hello").provider_id == "SM-there"


def test_an_attempt_that_did_not_get_through_is_sent_again(house, queue):
    house.provider.failures = [TryAgain("connection", uncertain=True)]
    queue("hello")
    house.deliver()
    house.clock.advance(timedelta(minutes=5))
    assert house.deliver() == ["hello"]


def test_a_sender_that_died_is_followed_by_another(house, queue):
    queue("hello")

    class Dies:
        name = ChannelName.SMS
        capabilities = house.provider.capabilities

        def send(self, *args, **kwargs):
            raise KeyboardInterrupt

    house.delivery.channels[ChannelName.SMS] = Dies()
    with pytest.raises(KeyboardInterrupt):
        house.deliver()
    house.delivery.channels[ChannelName.SMS] = house.provider
    assert house.deliver() == []
    house.clock.advance(timedelta(minutes=2))
    assert house.deliver() == ["hello"]


def test_reports_only_move_a_message_forward(house, queue):
    queue("hello")
    house.deliver()
    attempt = house.provider.attempts[0]

    def report(new):
        return status.record(house.database, attempt_id=attempt, provider_id=None, state=new, error=None)

    assert report(OutboxState.DELIVERED)
    assert report(OutboxState.SENT)
    assert state(house, "hello").state is OutboxState.DELIVERED
    assert report(OutboxState.READ)
    assert report(OutboxState.FAILED)
    assert state(house, "hello").state is OutboxState.READ


def test_a_report_on_a_message_that_is_not_ours_is_said_to_be_unknown(house, queue):
    assert not status.record(house.database, attempt_id="x", provider_id="y", state=OutboxState.SENT, error=None)
    assert not status.record(house.database, attempt_id=None, provider_id=None, state=OutboxState.SENT, error=None)


def test_a_report_that_is_quicker_than_the_answer_is_kept(house, queue):
    queue("hello")
    send = house.provider.send

    def and_reported(address, message, *, door, attempt_id):
        status.record(house.database, attempt_id=attempt_id, provider_id="SM1", state=OutboxState.DELIVERED, error=None)
        return send(address, message, door=door, attempt_id=attempt_id)

    house.provider.send = and_reported
    house.deliver()
    assert state(house, "hello").state is OutboxState.DELIVERED


def test_stop_between_queueing_and_sending_is_respected(house, queue):
    queue("hello")
    house.hear("stop")
    sent = house.deliver()
    assert "hello" not in sent
    assert len(sent) == 1
