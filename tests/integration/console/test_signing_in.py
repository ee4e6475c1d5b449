"""Signing in: one answer for every mistake, a lock after five, and sessions that end by themselves."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from console.sessions import digest_of
from console.throttle import Throttle
from records.tables import AuditEntry, Round, Staff, StaffSession
from records.types import Role


def test_the_right_password_opens_the_first_page(new_browser, staff):
    answer = new_browser().sign_in("inspector")
    assert answer.status_code == 200
    assert "What waits for you" in answer.text


def test_the_cookie_is_for_this_host_only_and_out_of_reach_of_scripts(new_browser, staff):
    answer = new_browser().post("/sign-in", follow=False, username="inspector", password="four-blue-boats-sail")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-staff=")
    for part in ("Secure", "HttpOnly", "SameSite=strict", "Path=/"):
        assert part in cookie
    assert "Domain" not in cookie


def test_the_table_holds_only_the_hash_of_the_cookie(new_browser, staff, database):
    browser = new_browser()
    browser.sign_in("inspector")
    secret = browser.client.cookies["__Host-staff"]
    with database.read() as session:
        held = session.scalars(select(StaffSession)).one()
    assert held.digest == digest_of(secret)
    assert secret not in (held.digest, held.csrf)


@pytest.mark.parametrize(
    ("username", "password"), [("inspector", "a-wrong-password"), ("nobody-at-all", "a-wrong-password"), ("", "")]
)
def test_every_mistake_reads_the_same(new_browser, staff, username, password):
    browser, other = new_browser(), new_browser()
    answer = browser.sign_in(username, password)
    usual = other.sign_in("engagement", "not-the-password")
    assert answer.status_code == usual.status_code == 401
    assert answer.text == usual.text


def test_five_failures_lock_the_account_and_the_right_password_reads_as_wrong(new_browser, staff, clock, database):
    browser = new_browser()
    for _ in range(5):
        assert browser.sign_in("inspector", "a-wrong-password").status_code == 401
    assert browser.sign_in("inspector").status_code == 401
    clock.advance(timedelta(minutes=14))
    assert browser.sign_in("inspector").status_code == 401
    clock.advance(timedelta(minutes=2))
    assert browser.sign_in("inspector").status_code == 200
    with database.read() as session:
        assert session.scalar(select(AuditEntry.action).where(AuditEntry.action == "account locked"))


def test_a_success_forgets_the_failures_before_it(new_browser, staff):
    browser = new_browser()
    for _ in range(2):
        for _ in range(4):
            browser.sign_in("inspector", "a-wrong-password")
        assert browser.sign_in("inspector").status_code == 200


def test_too_many_tries_from_one_place_are_turned_away(new_browser, staff, clock):
    browser = new_browser()
    answers = [browser.sign_in(f"nobody-{number}", "a-wrong-password").status_code for number in range(21)]
    assert answers == [401] * 20 + [429]
    clock.advance(timedelta(minutes=5))
    assert browser.sign_in("inspector").status_code == 200


def test_a_place_may_try_again_as_its_tries_grow_old(clock):
    throttle = Throttle(clock, tries=2, within=timedelta(minutes=5))
    assert throttle.lets("a")
    clock.advance(timedelta(minutes=4))
    assert throttle.lets("a")
    assert not throttle.lets("a")
    assert throttle.lets("b")
    clock.advance(timedelta(minutes=1))
    assert throttle.lets("a")
    assert not throttle.lets("a")


def test_half_an_hour_without_a_click_ends_the_session(signed_in_as, clock):
    browser = signed_in_as(Role.INSPECTOR)
    clock.advance(timedelta(minutes=29))
    assert "What waits for you" in browser.get("/").text
    clock.advance(timedelta(minutes=29))
    assert "What waits for you" in browser.get("/").text
    clock.advance(timedelta(minutes=30))
    assert "Sign in" in browser.get("/").text


def test_eight_hours_end_the_session_however_busy_it_is(signed_in_as, clock):
    browser = signed_in_as(Role.INSPECTOR)
    for _ in range(24):
        clock.advance(timedelta(minutes=20))
        answer = browser.get("/")
    assert "What waits for you" not in answer.text


def test_signing_out_ends_the_session_on_our_side_too(signed_in_as, new_browser, database):
    browser = signed_in_as(Role.INSPECTOR)
    secret = browser.client.cookies["__Host-staff"]
    browser.post("/sign-out")
    with database.read() as session:
        assert session.scalars(select(StaffSession)).all() == []
    thief = new_browser()
    thief.client.cookies.set("__Host-staff", secret)
    assert "What waits for you" not in thief.get("/").text


def test_a_disabled_account_is_out_at_once(signed_in_as, database, clock):
    browser = signed_in_as(Role.INSPECTOR)
    with database.write() as unit:
        unit.session.scalars(select(Staff).where(Staff.username == "inspector")).one().disabled_at = clock.now()
    assert "What waits for you" not in browser.get("/").text
    assert browser.sign_in("inspector").status_code == 401


def test_a_demo_account_does_not_open_a_console_with_a_real_round(new_browser, staff, database, seeds):
    with database.write() as unit:
        unit.session.scalars(select(Staff).where(Staff.username == "inspector")).one().is_demo = True
    assert new_browser().sign_in("inspector").status_code == 200
    with database.write() as unit:
        seeds(unit).round()
    assert new_browser().sign_in("inspector").status_code == 401
    with database.write() as unit:
        unit.session.scalars(select(Round)).one().is_demo = True
    assert new_browser().sign_in("inspector").status_code == 200
