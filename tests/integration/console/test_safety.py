"""Alerts, looks and requests in the console: neutral titles, words for a reason, every step written down."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from records.audit import verify
from records.tables import Alert, AlertEvent, AlertState, AuditEntry, Hold, Look, Notification, Request, SealedWords
from records.types import HoldKind, Role

REASON = "I am on duty and decide about this"
WORDS = "He pushed me again last night."


@pytest.fixture
def ids(database, scene, clock):
    with database.write() as unit:
        return scene(unit, clock.now())


@pytest.fixture
def officer(signed_in_as):
    return signed_in_as(Role.SAFEGUARDING)


def test_the_list_says_what_is_due_and_what_is_late_the_gravest_first(officer, ids):
    text = officer.get("/alerts").text
    assert text.index("A-1002") < text.index("A-1001")
    assert "Overdue by 10 minutes" in text
    assert "Due in 9 minutes" in text
    assert WORDS not in text


@pytest.mark.parametrize("path", ["/alerts", "/looks", "/alerts/{alert}", "/looks/{look}"])
def test_the_title_of_a_safeguarding_page_says_nothing(officer, ids, path):
    assert "<title>Blether</title>" in officer.get(path.format(**ids)).text


def test_words_are_shown_for_a_reason_in_that_one_answer(officer, ids):
    assert WORDS not in officer.get(f"/alerts/{ids['alert']}").text
    answer = officer.post(f"/alerts/{ids['alert']}/open", follow=False, reason=REASON)
    assert answer.status_code == 200
    assert WORDS in answer.text
    assert "Please do not tell him." in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert "<title>Blether</title>" in answer.text
    assert "pushed" not in str(answer.url)
    assert WORDS not in officer.get(f"/alerts/{ids['alert']}").text


def test_an_opening_stands_in_the_chronology_and_in_the_chain(officer, ids, database):
    officer.post(f"/alerts/{ids['alert']}/open", reason=f"{REASON} 07700 900123")
    text = officer.get(f"/alerts/{ids['alert']}").text
    assert "Words opened" in text
    assert "A safeguarding" in text
    with database.read() as session:
        deed = session.scalars(select(AuditEntry).where(AuditEntry.action == "words opened")).one()
        assert verify(session).sound
    assert (deed.actor, deed.subject) == ("safeguarding", f"alert:{ids['alert']}")
    assert deed.facts["texts"] == 2
    assert "900123" not in deed.facts["reason"]
    assert WORDS not in str(deed.facts)


@pytest.mark.parametrize("reason", ["", "   ", "because", "aaaaaaaaaaaaaaa", "x " * 400])
def test_no_reason_no_words(officer, ids, database, reason):
    for path in (f"/alerts/{ids['alert']}/open", f"/looks/{ids['look']}/open"):
        answer = officer.post(path, reason=reason)
        assert answer.status_code == 400
        assert WORDS not in answer.text
    with database.read() as session:
        assert session.scalars(select(AuditEntry).where(AuditEntry.action == "words opened")).first() is None


def test_acknowledging_names_the_person_and_the_time_and_stops_the_clock(officer, ids, database, clock):
    answer = officer.post(f"/alerts/{ids['alert']}/acknowledge")
    assert "You have taken this alert on" in answer.text
    assert "Wed 15 April, 11:00" in answer.text
    with database.read() as session:
        alert = session.get_one(Alert, ids["alert"])
        told = session.scalars(select(Notification).where(Notification.subject == f"alert:{ids['alert']}")).one()
        event = session.scalars(select(AlertEvent).where(AlertEvent.what == "acknowledged")).one()
    assert (alert.state, alert.acknowledged_by, alert.acknowledged_at) == (
        AlertState.ACKNOWLEDGED,
        "safeguarding",
        clock.now(),
    )
    assert (event.actor, event.alert_id) == ("safeguarding", ids["alert"])
    assert told.seen_by == "safeguarding"
    assert "A-1001" in officer.get("/alerts?show=acknowledged").text


def test_an_alert_is_closed_by_somebody_who_has_read_it_and_says_what_came_of_it(officer, ids, database):
    path = f"/alerts/{ids['alert']}"
    assert officer.post(f"{path}/close", reason=REASON).status_code == 409
    officer.post(f"{path}/acknowledge")
    unread = officer.post(f"{path}/close", reason=REASON)
    assert (unread.status_code, "Read the words first" in unread.text) == (400, True)
    officer.post(f"{path}/open", reason=REASON)
    assert officer.post(f"{path}/close", reason="done").status_code == 400
    answer = officer.post(f"{path}/close", reason="Passed on to the council by phone")
    assert "You have closed this alert" in answer.text
    assert "Passed on to the council by phone" in answer.text
    with database.read() as session:
        assert session.get_one(Alert, ids["alert"]).state is AlertState.CLOSED
        held = select(Hold).where(Hold.kind == HoldKind.ALERT, Hold.subject_id == ids["alert"])
        assert all(hold.released_at is not None for hold in session.scalars(held))
        assert verify(session).sound


def test_an_alert_is_acknowledged_once(officer, ids, signed_in_as):
    officer.post(f"/alerts/{ids['alert']}/acknowledge")
    answer = officer.post(f"/alerts/{ids['alert']}/acknowledge")
    assert answer.status_code == 409
    assert "already" in answer.text


def test_words_that_were_erased_are_said_to_be_gone(officer, ids, database):
    with database.write() as unit:
        look = unit.session.get_one(Look, ids["look"])
        words, look.words_id = look.words_id, None
        unit.session.flush()
        unit.session.execute(delete(Hold).where(Hold.words_id == words))
    answer = officer.post(f"/looks/{ids['look']}/open", reason=REASON)
    assert answer.status_code == 200
    assert "There are no words to read" in answer.text
    with database.read() as session:
        assert session.get(SealedWords, words) is not None


def test_a_look_is_cleared_only_by_somebody_who_has_read_it(officer, ids, database):
    assert officer.post(f"/looks/{ids['look']}/clear").status_code == 409
    assert "no food" in officer.post(f"/looks/{ids['look']}/open", reason=REASON).text
    assert "Nothing was there" in officer.post(f"/looks/{ids['look']}/clear").text
    with database.read() as session:
        look = session.get_one(Look, ids["look"])
        hold = session.scalars(select(Hold).where(Hold.kind == HoldKind.LOOK, Hold.subject_id == look.id)).one()
        others = session.scalars(select(Hold).where(Hold.kind == HoldKind.LOOK, Hold.subject_id != look.id)).all()
    assert look.cleared_by == "safeguarding"
    assert hold.released_at is not None
    assert all(other.released_at is None for other in others)
    assert officer.post(f"/looks/{ids['look']}/clear").status_code == 409


def test_a_look_can_become_an_alert_that_keeps_its_words(officer, ids, database):
    officer.post(f"/looks/{ids['late_look']}/open", reason=REASON)
    answer = officer.post(f"/looks/{ids['late_look']}/alert", reason="They sound as if they want to die")
    assert "Your concern is an alert now" in answer.text
    with database.read() as session:
        look = session.get_one(Look, ids["late_look"])
        held = session.scalars(select(Hold).where(Hold.words_id == look.words_id, Hold.released_at.is_(None))).all()
    assert look.alert_id is not None
    assert look.cleared_at is not None
    assert [hold.kind for hold in held] == [HoldKind.ALERT]


def test_raising_from_a_look_needs_a_few_words_and_an_opening(officer, ids):
    assert officer.post(f"/looks/{ids['look']}/alert", reason="").status_code == 400
    assert officer.post(f"/looks/{ids['look']}/alert", reason=REASON).status_code == 409


@pytest.mark.parametrize("path", ["/alerts/nothing", "/looks/nothing"])
def test_what_is_not_there_is_a_plain_404(officer, path):
    assert officer.get(path).status_code == 404
    assert officer.post(f"{path}/open", reason=REASON).status_code == 404


def test_a_look_opened_through_the_address_of_an_alert_stays_shut(officer, ids):
    assert officer.post(f"/alerts/{ids['look']}/open", reason=REASON).status_code == 404
    assert officer.post(f"/looks/{ids['alert']}/open", reason=REASON).status_code == 404


def test_requests_wait_with_a_due_time_and_are_marked_done_once(signed_in_as, ids, database):
    officer = signed_in_as(Role.ENGAGEMENT)
    text = officer.get("/requests").text
    assert "A supporter with them" in text
    assert "Overdue by 3 hours" in text
    assert "Marked as answered" in officer.post(f"/requests/{ids['request']}/done").text
    assert officer.post(f"/requests/{ids['request']}/done").status_code == 409
    with database.read() as session:
        assert session.get_one(Request, ids["request"]).done_by == "engagement"


def test_a_request_from_before_the_agreement_leads_to_no_transcript(signed_in_as, database, seeds, clock):
    with database.write() as unit:
        made = seeds(unit)
        round_ = made.round()
        before, gone = made.person(round_, agreed=False), made.person(round_, deleted=True)
        made.request(before, clock.now())
        made.request(gone, clock.now())
    text = signed_in_as(Role.ENGAGEMENT).get("/requests").text
    assert f"{before.id[:3]}-{before.id[3:6]}".upper() in text
    assert f"/transcripts/{before.id}" not in text
    assert f"{gone.id[:3]}-{gone.id[3:6]}".upper() not in text


def test_home_counts_what_waits_for_the_role_and_flags_what_is_late(signed_in_as, ids):
    officer = signed_in_as(Role.SAFEGUARDING).get("/").text
    assert "Alerts to acknowledge" in officer
    assert "1 overdue" in officer
    assert "Requests to answer" not in officer
    assert "An alert needs you: A-1001" in officer
    engagement = signed_in_as(Role.ENGAGEMENT).get("/").text
    assert "Requests to answer" in engagement
    assert "An alert needs you" not in engagement


def test_a_notification_is_seen_by_its_own_role_only(signed_in_as, ids, database):
    with database.read() as session:
        told = session.scalars(select(Notification).where(Notification.role == "safeguarding")).first()
    assert signed_in_as(Role.ENGAGEMENT).post(f"/notifications/{told.id}/seen").status_code == 409
    assert signed_in_as(Role.SAFEGUARDING).post(f"/notifications/{told.id}/seen").status_code == 200
    with database.read() as session:
        assert session.get_one(Notification, told.id).seen_by == "safeguarding"


def test_an_alert_outlives_the_deletion_of_everything_else(officer, ids, database, clock):
    from records.tables import Conversation, Participant

    with database.write() as unit:
        conversation = unit.session.get_one(Conversation, ids["worried"])
        unit.session.get_one(Participant, conversation.participant_id).deleted_at = clock.now()
    text = officer.get(f"/alerts/{ids['alert']}").text
    assert "took back" in text
    assert f"/transcripts/{ids['worried']}" not in text
    clock.advance(timedelta(minutes=1))
    assert WORDS in officer.post(f"/alerts/{ids['alert']}/open", reason=REASON).text
