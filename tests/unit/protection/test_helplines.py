"""Helplines: who they are for, when they answer, and that nothing unconfirmed is ever shown."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from protection.helplines import all_helplines, helplines_for, never_masked_numbers, open_now
from records.types import AgeBand, Category

BY_ID = {line.id: line for line in all_helplines()}
WEDNESDAY_MORNING = datetime(2026, 4, 15, 10, 0, tzinfo=UTC)  # 11:00 in Scotland


def shown(category: Category, age_band: AgeBand | None, now: datetime = WEDNESDAY_MORNING) -> set[str]:
    return {line.id for line in helplines_for(category, age_band, now)}


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-04-13T16:59", False),  # Monday, 17:59 in Scotland in summer
        ("2026-04-13T17:00", True),  # Monday 18:00
        ("2026-04-14T00:59", True),  # Tuesday 01:59
        ("2026-04-14T01:00", False),  # Tuesday 02:00
        ("2026-04-15T10:00", False),  # Wednesday morning
        ("2026-04-17T16:59", False),  # Friday 17:59
        ("2026-04-17T17:00", True),  # Friday 18:00
        ("2026-04-18T11:00", True),  # Saturday noon
        ("2026-04-19T12:00", True),  # Sunday
        ("2026-04-20T04:59", True),  # Monday 05:59
        ("2026-04-20T05:00", False),  # Monday 06:00
        ("2026-01-12T17:59", False),  # Monday 17:59 in winter
        ("2026-01-12T18:00", True),  # Monday 18:00 in winter
    ],
)
def test_breathing_space_keeps_its_hours_on_the_clock_in_scotland(moment, is_open):
    assert open_now(BY_ID["breathing_space"], datetime.fromisoformat(moment).replace(tzinfo=UTC)) is is_open


def test_a_helpline_that_never_shuts_is_open_at_any_hour():
    assert open_now(BY_ID["samaritans"], WEDNESDAY_MORNING)


def test_a_helpline_whose_hours_are_not_known_is_not_called_open():
    assert not open_now(BY_ID["rape_crisis"], WEDNESDAY_MORNING)
    assert "rape_crisis" in shown(Category.SEXUAL, AgeBand.AGE_26_PLUS)


def test_breathing_space_is_shown_only_when_open_and_only_from_sixteen():
    evening = datetime(2026, 4, 15, 19, 0, tzinfo=UTC)

    assert "breathing_space" in shown(Category.SUICIDE, AgeBand.AGE_16_17, evening)
    assert "breathing_space" not in shown(Category.SUICIDE, AgeBand.AGE_16_17)
    assert "breathing_space" not in shown(Category.SUICIDE, AgeBand.AGE_12_15, evening)
    assert "breathing_space" not in shown(Category.SUICIDE, None, evening)


@pytest.mark.parametrize("age_band", [None, AgeBand.UNDER_12, AgeBand.AGE_12_15, AgeBand.AGE_16_17, AgeBand.AGE_18_25])
def test_childline_is_shown_to_whoever_may_be_under_nineteen(age_band):
    assert "childline" in shown(Category.SUICIDE, age_band)


def test_childline_is_not_shown_to_somebody_who_is_older():
    assert "childline" not in shown(Category.SUICIDE, AgeBand.AGE_26_PLUS)


def test_samaritans_come_first_after_a_wish_to_die():
    assert helplines_for(Category.SUICIDE, None, WEDNESDAY_MORNING)[0].id == "samaritans"


def test_nothing_unconfirmed_is_shown():
    doubtful = replace(BY_ID["samaritans"], confirmed=False)

    assert helplines_for(Category.SUICIDE, None, WEDNESDAY_MORNING, among=[doubtful]) == ()


@pytest.mark.parametrize("line", ["hourglass", "age_scotland", "who_cares", "ico"])
def test_numbers_nobody_has_confirmed_say_so(line):
    assert not BY_ID[line].confirmed


def test_every_number_is_known_to_be_nobodys_personal_data():
    numbers = never_masked_numbers()

    assert {"999", "101", "111", "116123", "08001111", "0800838587", "85258", "03456009527"} <= numbers
    assert len(numbers) == len(all_helplines())
    assert all(number.isdigit() for number in numbers)
