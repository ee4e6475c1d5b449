"""Accounts: made with a role and a long password, demo ones only where everything is a demo."""

import random
from datetime import date, timedelta

import pytest

from console.accounts import create_staff, demo_accounts, is_password, random_password
from console.errors import AccountRefused
from console.visit import moment, wait, wording
from records.database import Database, open_engine
from records.tables import AlertOrigin, AlertState, Round, Speaker, Staff
from records.types import Audience, Category, ChannelName, Rating, RequestKind, Role, Tier

PASSWORD = "four-blue-boats-sail"


@pytest.fixture
def house(sqlite_url, box, clock):
    database = Database(open_engine(sqlite_url), box, clock)
    yield database
    database.dispose()


def test_a_password_is_kept_as_a_hash_that_only_itself_opens(house):
    with house.write() as unit:
        staff = create_staff(unit, " Morag ", "Morag Sim", [Role.INSPECTOR], PASSWORD)
    assert staff.username == "morag"
    assert staff.password.startswith("$argon2id$")
    assert is_password(staff.password, PASSWORD)
    assert not is_password(staff.password, PASSWORD + "x")


@pytest.mark.parametrize("hashed", [None, "", "not a hash"])
def test_without_an_account_no_password_is_right(hashed):
    assert not is_password(hashed, "the password of nobody at all")


@pytest.mark.parametrize(
    ("username", "name", "roles", "password"),
    [
        ("m", "Morag", [Role.INSPECTOR], PASSWORD),
        ("two words", "Morag", [Role.INSPECTOR], PASSWORD),
        ("morag", " ", [Role.INSPECTOR], PASSWORD),
        ("morag", "Morag", [], PASSWORD),
        ("morag", "Morag", [Role.INSPECTOR], "too-short"),
        ("morag", "Morag", [Role.INSPECTOR], "x" * 201),
        ("taken", "Morag", [Role.INSPECTOR], PASSWORD),
    ],
)
def test_an_odd_account_is_refused_in_a_plain_sentence(house, username, name, roles, password):
    with house.write() as unit:
        create_staff(unit, "taken", "Somebody", [Role.ENGAGEMENT], PASSWORD)
    with house.write() as unit, pytest.raises(AccountRefused) as refused:
        create_staff(unit, username, name, roles, password)
    assert str(refused.value).endswith(".")
    assert password not in str(refused.value)


def test_a_demo_gets_one_account_per_role_whose_passwords_are_told_once(house):
    with house.write() as unit:
        made = demo_accounts(unit, random.Random(7))
        assert demo_accounts(unit, random.Random(7)) == []
    assert [role for _, _, role in made] == list(Role)
    assert len({password for _, password, _ in made}) == 3
    with house.read() as session:
        for username, password, _ in made:
            staff = session.query(Staff).filter_by(username=username).one()
            assert staff.is_demo
            assert is_password(staff.password, password)


def test_demo_accounts_are_refused_beside_a_real_round(house):
    days = dict.fromkeys(("opens_on", "closes_on", "delete_until"), date(2026, 5, 1))
    words = dict.fromkeys(("key", "name", "programme", "bodies", "area", "care_group", "contact"), "glen")
    with house.write() as unit:
        unit.session.add(Round(**words, **days, created_at=unit.clock.now()))
        unit.session.flush()
        with pytest.raises(AccountRefused):
            demo_accounts(unit, random.Random(7))


def test_a_random_password_holds_no_letters_that_look_alike():
    password = random_password(random.Random(7))
    assert len(password) == 19
    assert not set(password) & set("il1o0")


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("audiences", Audience),
        ("channels", ChannelName),
        ("ratings", Rating),
        ("roles", Role),
        ("tiers", Tier),
        ("categories", Category),
        ("origins", AlertOrigin),
        ("states", AlertState),
        ("requests", RequestKind),
        ("speakers", Speaker),
    ],
)
def test_everything_that_is_stored_has_a_name_on_the_pages(name, values):
    assert {one.value for one in values} <= set(wording()[name])


def test_moments_are_shown_as_the_clock_on_the_wall_says_in_scotland(clock):
    assert moment(clock.now()) == "Wed 15 April, 11:00"


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "less than a minute"),
        (1, "1 minute"),
        (59, "59 minutes"),
        (60, "1 hour"),
        (1440, "24 hours"),
        (2880, "2 days"),
    ],
)
def test_a_wait_is_said_in_one_unit_either_way(clock, minutes, words):
    now = clock.now()
    assert wait(now + timedelta(minutes=minutes), now) == words
    assert wait(now - timedelta(minutes=minutes), now) == words
