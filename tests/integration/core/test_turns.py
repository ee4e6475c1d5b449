"""Claim, think, commit: whatever interrupts a turn, each message is handled by exactly one committed turn."""

import threading
from datetime import timedelta

from sqlalchemy import select

from bot.claim import claim
from bot.commit import commit, give_back
from records.errors import LostLease
from records.tables import (
    Conversation,
    Hold,
    Look,
    Message,
    MessageState,
    Notification,
    OutboxMessage,
    OutboxState,
    Participant,
    TranscriptTurn,
)
from records.types import ChannelName, HoldKind, Kind, Stage


def rows(house, table, *where):
    with house.database.read() as session:
        return list(session.scalars(select(table).where(*where)))


def agree(house):
    """As if the person had agreed and been asked statement 3."""
    with house.database.write() as unit:
        for participant in unit.session.scalars(select(Participant)):
            participant.agreed_at = house.clock.now()
            participant.audience = "person"
        for conversation in unit.session.scalars(select(Conversation)):
            conversation.stage, conversation.statement = Stage.STORY, 3


def test_two_quick_messages_are_one_turn(house):
    house.hear("they never came")
    house.clock.advance(timedelta(seconds=1))
    house.hear("for three days")
    house.settle()
    assert [len(heard.said) for heard in house.dialogue.heard] == [2]
    assert {one.state for one in rows(house, Message)} == {MessageState.DONE}


def test_nothing_is_taken_before_it_has_settled(house):
    house.hear("hello")
    assert house.worker.take_one() is False
    house.clock.advance(timedelta(seconds=3))
    assert house.worker.take_one() is True


def test_a_button_does_not_wait(house):
    house.hear("Agree", kind=Kind.BUTTON, payload="rate:4")
    assert house.worker.take_one() is True
    assert house.dialogue.heard[0].said[0].payload == "rate:4"


def test_two_workers_never_take_the_same_conversation(house):
    for number in range(8):
        house.hear("hello", address=f"+4477009001{number:02d}")
    house.clock.advance(timedelta(seconds=30))
    taken = []
    lock = threading.Lock()

    def work():
        while (claimed := claim(house.database, house.worker.capabilities)) is not None:
            with lock:
                taken.append(claimed.heard.conversation_id)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == len(set(taken)) == 8


def test_a_message_that_comes_while_the_turn_is_thought_throws_the_turn_away(house):
    house.hear("hello")
    house.clock.advance(timedelta(seconds=30))
    house.dialogue.during = lambda heard: house.hear("wait, another thing") if len(house.dialogue.heard) == 1 else None
    house.worker.take_one()
    assert rows(house, OutboxMessage) == []
    house.settle()
    assert [len(heard.said) for heard in house.dialogue.heard] == [1, 2]
    assert house.provider.texts == ["Thank you.", "Question 2?"]
    assert {one.attempts for one in rows(house, Message)} == {1}


def test_stop_while_the_turn_is_thought_throws_it_away(house):
    house.hear("hello")
    house.clock.advance(timedelta(seconds=30))
    house.dialogue.during = lambda heard: house.hear("stop")
    house.worker.take_one()
    house.dialogue.during = None
    house.settle()
    assert len(house.provider.texts) == 1
    assert rows(house, Conversation)[0].stage is Stage.STOPPED


def test_a_lease_that_ran_out_is_fenced(house):
    house.hear("hello")
    house.clock.advance(timedelta(seconds=30))
    slow = claim(house.database, house.worker.capabilities)
    turn = house.dialogue(slow.heard)
    house.clock.advance(timedelta(minutes=2))
    house.worker.take_one()
    sent = len(rows(house, OutboxMessage))
    try:
        commit(house.database, slow, turn)
    except LostLease:
        pass
    else:
        raise AssertionError("the slow worker's turn was committed over another's")
    give_back(house.database, slow)
    assert len(rows(house, OutboxMessage)) == sent


def test_a_killed_worker_is_followed_by_another(house):
    house.hear("hello")
    house.clock.advance(timedelta(seconds=30))
    claim(house.database, house.worker.capabilities)  # and then it dies
    assert house.worker.take_one() is False
    house.clock.advance(timedelta(minutes=2))
    assert house.worker.take_one() is True
    assert rows(house, Message)[0].attempts == 2


def test_what_fails_three_times_is_parked_and_people_are_told(house, caplog):
    house.hear("Morag is kind")
    house.dialogue.failures = 3
    for _ in range(3):
        house.settle(60)
    message = rows(house, Message)[0]
    assert (message.state, message.attempts) == (MessageState.PARKED, 3)
    assert house.provider.texts == ["A person will read that."]
    assert len(rows(house, Look)) == 1
    assert any("could not be handled" in one.text for one in rows(house, Notification))
    assert "Morag" not in caplog.text
    assert "secret" not in caplog.text


def test_a_poisonous_message_is_parked_alone(house):
    house.hear("poison")
    house.hear("good")
    house.dialogue.failures = 3
    for _ in range(5):
        house.settle(60)
    states = [one.state for one in sorted(rows(house, Message), key=lambda one: one.number)]
    assert states == [MessageState.PARKED, MessageState.DONE]


def test_a_failure_that_passes_costs_nothing(house):
    house.hear("hello")
    house.dialogue.failures = 1
    house.settle(60)
    house.settle(60)
    assert rows(house, Message)[0].state is MessageState.DONE
    assert house.provider.texts == ["Thank you.", "Question 2?"]


def test_nothing_is_transcribed_before_agreement(house):
    house.hear("Morag is kind")
    house.settle()
    assert rows(house, TranscriptTurn) == []


def test_after_agreement_the_masked_words_stand_beside_their_statement(house):
    house.hear("hello")
    house.settle()
    agree(house)
    house.hear("Morag is kind")
    house.settle()
    turns = sorted(rows(house, TranscriptTurn), key=lambda one: one.number)
    assert turns[0].text == "«name 1» is kind"
    assert (turns[0].statement, turns[0].response_id is not None) == (3, True)
    assert [turn.speaker.value for turn in turns] == ["participant", "bot", "bot"]


def test_withheld_words_are_not_in_the_transcript_and_are_held(house):
    house.hear("hello")
    house.settle()
    agree(house)
    house.hear("withhold this about Morag")
    house.settle()
    turn = next(one for one in rows(house, TranscriptTurn) if one.speaker.value == "participant")
    assert (turn.text, turn.withheld_because) == (None, "test")
    assert HoldKind.RELEASE in {hold.kind for hold in rows(house, Hold)}


def test_the_turns_hold_is_released_when_it_is_done(house):
    house.hear("hello")
    house.settle()
    by_kind = {hold.kind: hold.released_at for hold in rows(house, Hold)}
    assert by_kind[HoldKind.TURN] is not None
    assert by_kind[HoldKind.UNREAD] is None


def test_an_edit_of_a_message_that_still_waits_takes_its_place(house):
    first = house.hear("they were cruel")
    house.hear("they were kind", replaces=first.external_id)
    house.settle()
    assert [said.text for said in house.dialogue.heard[0].said] == ["they were kind"]
    assert house.dialogue.heard[0].said[0].replaces is None


def test_an_edit_of_an_older_message_says_what_it_replaces(house):
    first = house.hear("they were cruel")
    house.settle()
    house.hear("they were kind", replaces=first.external_id)
    house.settle()
    assert house.dialogue.heard[-1].said[0].replaces == rows(house, Message, Message.number == 1)[0].id


def test_an_answer_that_came_before_the_question_could_be_read_is_marked_so(house):
    house.hear("hello")
    house.settle()
    house.clock.advance(timedelta(seconds=2))
    house.hear("and one more thing")
    house.settle()
    house.clock.advance(timedelta(seconds=30))
    house.hear("an answer")
    house.settle()
    assert [heard.said[0].before_prompt for heard in house.dialogue.heard[1:]] == [True, False]


def test_replies_leave_in_order_and_the_question_last(house):
    house.hear("hello")
    house.settle()
    assert house.provider.texts == ["Thank you.", "Question 1?"]
    assert {one.state for one in rows(house, OutboxMessage)} == {OutboxState.SENT}


def test_the_channel_is_that_of_the_conversation(house):
    house.hear("hello")
    house.settle()
    assert house.dialogue.heard[0].channel is ChannelName.SMS
