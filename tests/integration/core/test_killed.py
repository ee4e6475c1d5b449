"""A worker is killed at random statements of a turn: everything is handled once, and every reply is there once."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select

from records import audit
from records.tables import Conversation, Message, MessageState, OutboxMessage, Participant, TranscriptTurn
from records.types import Stage


class Killed(BaseException):
    """The process dies here."""


class Killer:
    """Raises at the n-th statement that the database is given."""

    def __init__(self, engine):
        self.left = None
        event.listen(engine, "before_cursor_execute", self)

    def __call__(self, *_):
        if self.left is None:
            return
        self.left -= 1
        if self.left == 0:
            self.left = None
            raise Killed


@pytest.fixture
def killer(house):
    killer = Killer(house.database.engine)
    yield killer
    event.remove(house.database.engine, "before_cursor_execute", killer)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(deaths=st.lists(st.integers(1, 60), max_size=4), texts=st.integers(1, 3))
def test_each_message_is_handled_by_one_committed_turn(house, killer, deaths, texts):
    address = f"+4477009{house.count:05d}"
    said = [f"message {house.count + number}" for number in range(texts)]
    house.hear("hello", address=address)
    house.settle(120)
    with house.database.write() as unit:
        conversation = unit.session.scalars(
            select(Conversation).order_by(Conversation.last_heard_at.desc()).limit(1)
        ).one()
        conversation.stage, conversation.statement = Stage.STORY, 1
        participant = unit.session.get_one(Participant, conversation.participant_id)
        participant.agreed_at, participant.audience = house.clock.now(), "person"
        mine = conversation.id
    for words in said:
        house.hear(words, address=address)
    for after in [*deaths, None]:
        house.clock.advance(timedelta(seconds=120))
        killer.left = after
        try:
            house.worker.take_all()
        except Killed:
            continue
        finally:
            killer.left = None
    house.clock.advance(timedelta(seconds=240))
    house.worker.take_all()
    with house.database.read() as session:
        messages = list(session.scalars(select(Message).where(Message.conversation_id == mine)))
        lines = list(session.scalars(select(TranscriptTurn.text).where(TranscriptTurn.conversation_id == mine)))
        prompts = list(session.scalars(select(OutboxMessage.text).where(OutboxMessage.conversation_id == mine)))
        assert audit.verify(session).sound
    handled = [one for one in messages if one.state is MessageState.DONE]
    parked = [one for one in messages if one.state is MessageState.PARKED]
    assert len(handled) + len(parked) == len(messages)
    assert len(prompts) == len(set(prompts)) or "Thank you." in prompts
    for words in said:
        assert lines.count(words) <= 1
    assert sum(line in said for line in lines) == len(handled) - 1


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(death=st.integers(1, 40))
def test_intake_killed_anywhere_keeps_all_or_nothing(house, killer, death):
    address = f"+4477009{house.count:05d}"
    inbound = house.text("I am in danger", address=address)
    killer.left = death
    try:
        house.intake.receive(inbound)
    except Killed:
        with house.database.read() as session:
            assert not house.intake._is_known(session, inbound)
        killer.left = None
        house.intake.receive(inbound)
    finally:
        killer.left = None
    with house.database.read() as session:
        message = session.scalars(select(Message).where(Message.dedupe == house.intake._dedupe(inbound))).one()
        safety = list(
            session.scalars(
                select(OutboxMessage).where(
                    OutboxMessage.conversation_id == message.conversation_id, OutboxMessage.despite_stop
                )
            )
        )
    assert safety
