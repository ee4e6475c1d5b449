"""Conversations: the queue of what nobody has read, one transcript, and what a reader does with a line."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from records.audit import verify
from records.tables import (
    Alert,
    AlertEvent,
    AlertOrigin,
    AuditEntry,
    Conversation,
    Hold,
    MessageState,
    Participant,
    Reading,
    TranscriptTurn,
)
from records.types import HoldKind, Role


@pytest.fixture
def ids(database, scene, clock):
    with database.write() as unit:
        return scene(unit, clock.now())


@pytest.fixture
def reader(signed_in_as):
    return signed_in_as(Role.INSPECTOR)


def short(conversation_id: str) -> str:
    return f"{conversation_id[:3]}-{conversation_id[3:6]}".upper()


def test_the_queue_holds_what_nobody_has_read_and_says_by_when(reader, ids):
    text = reader.get("/transcripts").text
    assert short(ids["talk"]) in text
    assert "6 unread" in text
    assert "Due in" in text


def test_a_conversation_that_waits_too_long_is_overdue(signed_in_as, ids, clock):
    clock.advance(timedelta(days=2))
    reader = signed_in_as(Role.INSPECTOR)
    assert "Overdue by" in reader.get("/transcripts").text
    assert "overdue" in reader.get("/").text


def test_reading_marks_up_to_the_last_line_shown_and_goes_on_to_the_next(reader, ids, database, staff):
    page = reader.get(f"/transcripts/{ids['talk']}")
    assert "Read, next" in page.text
    answer = reader.post(f"/transcripts/{ids['talk']}/read", number="13")
    assert answer.status_code == 200
    assert short(ids["talk"]) not in answer.text
    assert "Read, next" in answer.text
    with database.read() as session:
        reading = session.get_one(Reading, (ids["talk"], staff[Role.INSPECTOR]))
        deed = session.scalars(select(AuditEntry).where(AuditEntry.action == "conversation read")).one()
    assert reading.number == 12
    assert deed.subject == f"conversation:{ids['talk']}"
    assert "0 unread" not in reader.get(f"/transcripts/{ids['talk']}").text


def test_the_last_unread_conversation_leads_back_to_an_empty_queue(reader, database, seeds):
    with database.write() as unit:
        made = seeds(unit)
        talk = made.person(made.round())
        made.says(talk, "It is fine.")
    assert "Nothing else is waiting" in reader.post(f"/transcripts/{talk.id}/read", number="1").text


def test_reading_lets_go_of_words_kept_until_somebody_read_and_of_nothing_else(reader, database, seeds):
    with database.write() as unit:
        made = seeds(unit)
        talk = made.person(made.round())
        first, second = made.says(talk, "One."), made.says(talk, "Two.")
        waiting = made.message(talk, state=MessageState.DUE)
        holds = {}
        for name, message_id in (("first", first.message_id), ("second", second.message_id), ("due", waiting.id)):
            message = unit.session.get(type(waiting), message_id)
            holds[name] = made.hold(message, HoldKind.UNREAD, talk.id).id
        message = unit.session.get(type(waiting), first.message_id)
        holds["look"] = made.hold(message, HoldKind.LOOK, "some-look").id
    reader.post(f"/transcripts/{talk.id}/read", number="1")
    with database.read() as session:
        released = {name for name, one in holds.items() if session.get_one(Hold, one).released_at}
    assert released == {"first"}
    reader.post(f"/transcripts/{talk.id}/read", number="99")
    with database.read() as session:
        released = {name for name, one in holds.items() if session.get_one(Hold, one).released_at}
    assert released == {"first", "second"}


def test_the_prompt_stands_beside_the_answer_under_its_statement(reader, ids):
    text = reader.get(f"/transcripts/{ids['talk']}").text
    assert "I get the right information when I need it" in text
    asked, answered = text.index("What happens when you need"), text.index("Mostly I ask «name 1»")
    assert asked < answered
    assert 'class="asked"' in text[:asked]
    assert "2 days later" in text


def test_withheld_and_changed_lines_are_named_and_not_shown(reader, ids):
    text = reader.get(f"/transcripts/{ids['talk']}").text
    assert "Withheld until a person has looked." in text
    assert "Changed by the person later" in text
    assert "I said 2 but I meant 3" not in text


def test_no_exact_times_and_no_ids_but_random_ones_are_on_a_transcript(reader, ids, database):
    text = reader.get(f"/transcripts/{ids['talk']}").text
    with database.read() as session:
        conversation = session.get_one(Conversation, ids["talk"])
    assert "April 2026" in text
    assert "06:00" not in text
    assert conversation.participant_id not in text
    assert conversation.door not in text


def test_what_people_wrote_is_text_and_never_markup(reader, database, seeds):
    with database.write() as unit:
        made = seeds(unit)
        talk = made.person(made.round())
        made.says(talk, '<script>alert(1)</script> {{ 7*7 }} "quoted"')
    text = reader.get(f"/transcripts/{talk.id}").text
    assert "<script>alert" not in text
    assert "&lt;script&gt;" in text
    assert "{{ 7*7 }}" in text


def test_marking_words_hides_and_masks_them_in_every_line_of_the_conversation(reader, ids, database):
    path = f"/transcripts/{ids['talk']}/turns/{ids['turn']}/mask"
    answer = reader.post(path, words="Kirkmartin\n\nthe bowling")
    assert "The words are masked now" in answer.text
    assert "irkmartin" not in answer.text
    assert answer.text.count("«masked»") == 3
    with database.read() as session:
        turn = session.get_one(TranscriptTurn, ids["turn"])
        deeds = session.scalars(select(AuditEntry).where(AuditEntry.subject == f"turn:{ids['turn']}")).all()
        assert verify(session).sound
    assert turn.hidden_at is None
    assert [deed.action for deed in deeds] == ["line hidden", "line masked again"]
    assert "irkmartin" not in str([deed.facts for deed in deeds])


@pytest.mark.parametrize("words", ["", "   ", "Dunmore", "x"])
def test_a_line_whose_words_cannot_be_found_stays_hidden(reader, ids, database, words):
    answer = reader.post(f"/transcripts/{ids['talk']}/turns/{ids['turn']}/mask", words=words)
    assert "The line is hidden" in answer.text
    assert "Mostly I ask" not in answer.text
    assert "Hidden: a reader saw" in answer.text
    statement = reader.get(f"/statements/1?round={ids['round']}&audience=person").text
    assert "Mostly I ask" not in statement


def test_a_hidden_line_comes_back_once_its_words_are_masked(reader, ids):
    path = f"/transcripts/{ids['talk']}/turns/{ids['turn']}/mask"
    reader.post(path, words="")
    assert "off at the bowling in «masked»" in reader.post(path, words="Kirkmartin").text


def test_a_line_stays_hidden_when_masking_fails(house, new_browser, staff, ids):
    def broken(text, words):
        raise RuntimeError("the anonymiser is away")

    browser = new_browser(replace(house, remask=broken))
    browser.sign_in("inspector")
    assert browser.post(f"/transcripts/{ids['talk']}/turns/{ids['turn']}/mask", words="Kirkmartin").status_code == 500
    assert "Mostly I ask" not in browser.get(f"/transcripts/{ids['talk']}").text


@pytest.mark.parametrize("answer", ["", "Still in Kirkmartin."])
def test_a_line_stays_hidden_when_masking_holds_it_or_misses_the_words(
    house, new_browser, staff, ids, database, answer
):
    browser = new_browser(replace(house, remask=lambda text, words: answer))
    browser.sign_in("inspector")
    page = browser.post(f"/transcripts/{ids['talk']}/turns/{ids['turn']}/mask", words="Kirkmartin")
    assert "irkmartin" not in page.text
    assert "The line is hidden" in page.text
    with database.read() as session:
        for name in ("turn", "other"):
            turn = session.get_one(TranscriptTurn, ids[name])
            assert turn.text
            assert turn.hidden_by == "inspector"


def test_a_concern_about_a_line_becomes_an_alert_by_staff(reader, ids, database):
    answer = reader.post(
        f"/transcripts/{ids['talk']}/turns/{ids['turn']}/concern", reason="They may be left alone at night"
    )
    assert "Your concern is an alert now" in answer.text
    with database.read() as session:
        alert = session.scalars(select(Alert).where(Alert.conversation_id == ids["talk"])).one()
        event = session.scalars(select(AlertEvent).where(AlertEvent.alert_id == alert.id)).one()
    assert alert.origin is AlertOrigin.STAFF
    assert (event.actor, event.reason) == ("inspector", "They may be left alone at night")


def test_a_concern_needs_a_few_words(reader, ids, database):
    answer = reader.post(f"/transcripts/{ids['talk']}/turns/{ids['turn']}/concern", reason="  hm ")
    assert answer.status_code == 400
    assert "Say in a few words" in answer.text
    with database.read() as session:
        assert session.scalars(select(Alert).where(Alert.conversation_id == ids["talk"])).first() is None


def test_a_withheld_line_can_still_worry_a_reader(reader, ids):
    path = f"/transcripts/{ids['talk']}/turns/{ids['withheld']}/concern"
    assert "Your concern is an alert now" in reader.post(path, reason="Too much is hidden here").text


def test_somebody_who_took_their_words_back_is_nowhere(reader, ids, database, clock):
    with database.write() as unit:
        person = unit.session.get_one(Participant, unit.session.get_one(Conversation, ids["talk"]).participant_id)
        person.deleted_at = clock.now()
    for path in ("/transcripts", "/transcripts?show=all"):
        assert short(ids["talk"]) not in reader.get(path).text
    assert reader.get(f"/transcripts/{ids['talk']}").status_code == 404
    assert reader.post(f"/transcripts/{ids['talk']}/read", number="3").status_code == 404
    path = f"/transcripts/{ids['talk']}/turns/{ids['turn']}"
    assert reader.post(f"{path}/mask", words="Kirkmartin").status_code == 404
    assert reader.post(f"{path}/concern", reason="They may be left alone").status_code == 404
    assert "Mostly I ask" not in reader.get(f"/statements/1?round={ids['round']}&audience=person").text


def test_a_line_of_another_conversation_cannot_be_reached_through_this_one(reader, ids):
    path = f"/transcripts/{ids['carer']}/turns/{ids['turn']}/mask"
    assert reader.post(path, words="Kirkmartin").status_code == 404


def test_the_list_is_cut_into_pages_of_fifty(reader, database, seeds):
    with database.write() as unit:
        made = seeds(unit)
        round_ = made.round()
        for number in range(53):
            made.at += timedelta(minutes=1)
            made.says(made.person(round_), f"Line {number}")
    first, second = reader.get("/transcripts"), reader.get("/transcripts?page=2")
    assert first.text.count("1 unread") == 50
    assert "Page 1 of 2" in first.text
    assert second.text.count("1 unread") == 3
    for odd in ("0", "-1", "nine", "9" * 30, "²"):
        assert reader.get(f"/transcripts?page={odd}").status_code == 200


def test_the_list_can_be_cut_to_one_audience_and_channel(reader, ids):
    text = reader.get("/transcripts?audience=carer").text
    assert short(ids["carer"]) in text
    assert short(ids["talk"]) not in text
    assert short(ids["carer"]) not in reader.get("/transcripts?audience=carer&channel=sms").text
    assert reader.get("/transcripts?audience=nonsense&channel=x&round=y").status_code == 200
