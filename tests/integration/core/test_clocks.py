"""What falls due by itself: erasure when nobody holds the words, rounds that come to their end."""

from datetime import timedelta

from sqlalchemy import select, update

from consent.erasure import erase_unheld_words, erase_what_is_due, release_holds
from engagement.rounds import close_past_rounds
from records.tables import (
    Alert,
    AlertState,
    AuditEntry,
    Conversation,
    Erasure,
    Message,
    OutboxMessage,
    Participant,
    Round,
    SealedAddress,
    SealedWords,
    StoppedAddress,
    TranscriptTurn,
)
from records.types import HoldKind, Stage


def rows(house, table, *where):
    with house.database.read() as session:
        return list(session.scalars(select(table).where(*where)))


def converse_a_little(house):
    house.hear("hello", display_name="Morag Campbell")
    house.settle()
    with house.database.write() as unit:
        for participant in unit.session.scalars(select(Participant)):
            participant.agreed_at, participant.audience = house.clock.now(), "person"
        for conversation in unit.session.scalars(select(Conversation)):
            conversation.stage, conversation.statement = Stage.STORY, 3
    house.hear("Morag is kind")
    house.settle()
    assert rows(house, TranscriptTurn)


def erase(house):
    with house.database.write() as unit:
        return erase_what_is_due(unit)


def test_delete_erases_everything_and_lists_it(house):
    converse_a_little(house)
    house.hear("DELETE")
    house.deliver()
    assert erase(house) == 1
    (erasure,) = rows(house, Erasure)
    assert erasure.erased["transcript_turns"] == 3
    assert erasure.erased["responses"] == 1
    assert erasure.erased["sealed_words"] == 3
    assert erasure.erased["sealed_addresses"] == 1
    for table in (TranscriptTurn, SealedWords, SealedAddress, OutboxMessage):
        assert rows(house, table) == []
    assert rows(house, Conversation)[0].tracker is None
    assert len(rows(house, StoppedAddress)) == 1
    assert "erased" in {entry.action for entry in rows(house, AuditEntry)}


def test_delete_waits_for_its_own_confirmation_to_leave(house):
    converse_a_little(house)
    house.hear("DELETE")
    assert erase(house) == 0
    assert rows(house, Erasure)[0].waits_for == ["a reply on its way"]
    house.deliver()
    assert erase(house) == 1


def test_delete_waits_for_an_open_alert_and_keeps_its_words(house):
    converse_a_little(house)
    house.hear("I am in danger")
    house.hear("DELETE")
    house.deliver()
    assert erase(house) == 0
    assert rows(house, Erasure)[0].waits_for == ["an open alert"]
    assert rows(house, SealedWords)
    with house.database.write() as unit:
        unit.session.execute(update(Alert).values(state=AlertState.CLOSED))
    assert erase(house) == 1
    assert rows(house, SealedWords) == []
    assert len(rows(house, Alert)) == 1


def test_after_erasure_a_redelivery_is_still_known(house):
    inbound = house.hear("hello")
    house.hear("DELETE")
    house.deliver()
    erase(house)
    assert house.intake.receive(inbound).repeated


def test_somebody_who_deleted_may_come_back_as_somebody_new(house):
    converse_a_little(house)
    house.hear("DELETE")
    house.deliver()
    erase(house)
    house.hear("start")
    house.settle()
    participants = rows(house, Participant)
    assert len(participants) == 2
    assert rows(house, StoppedAddress) == []
    assert house.provider.texts[-1] == f"Question {len(house.dialogue.heard)}?"


def test_asking_twice_is_one_erasure(house):
    converse_a_little(house)
    house.hear("DELETE")
    house.hear("delete")
    assert len(rows(house, Erasure)) == 1
    assert len(house.deliver()) >= 1


def test_words_stay_while_somebody_holds_them(house):
    converse_a_little(house)
    house.clock.advance(timedelta(days=365))
    with house.database.write() as unit:
        assert erase_unheld_words(unit, timedelta(days=30)) == 0


def test_words_go_when_the_last_hold_is_over_and_the_grace_period_too(house):
    converse_a_little(house)
    conversation = rows(house, Conversation)[0].id
    with house.database.write() as unit:
        release_holds(unit, HoldKind.UNREAD, conversation)
    house.clock.advance(timedelta(days=29))
    with house.database.write() as unit:
        assert erase_unheld_words(unit, timedelta(days=30)) == 0
    house.clock.advance(timedelta(days=2))
    with house.database.write() as unit:
        assert erase_unheld_words(unit, timedelta(days=30)) == 2
    assert all(one.words_id is None for one in rows(house, Message))


def test_a_round_closes_after_its_last_day_and_says_so(house):
    last = rows(house, Round)[0].closes_on
    while house.clock.now().date() < last:
        house.clock.advance(timedelta(days=1))
    with house.database.write() as unit:
        assert close_past_rounds(unit) == 0
    house.clock.advance(timedelta(days=1))
    with house.database.write() as unit:
        assert close_past_rounds(unit) == 1
    house.hear("hello")
    (said,) = house.deliver()
    assert "999" in said
    house.hear("I am in danger")
    assert len(rows(house, Alert)) == 1
