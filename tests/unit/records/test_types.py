"""Small things that a life may hang on: the order of tiers, the points of a rating, what counts as final."""

from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest

from records.clock import ManualClock, SystemClock, local
from records.tables import OutboxState, new_id
from records.types import Rating, Tier

IN_ORDER = [Tier.NONE, Tier.LOOK, Tier.CONCERN, Tier.IMMEDIATE]


def test_tiers_are_ordered_by_worry_not_by_letter() -> None:
    for lower, higher in combinations(IN_ORDER, 2):
        assert lower < higher
        assert lower <= higher
        assert higher > lower
        assert higher >= lower
    assert max(Tier) is Tier.IMMEDIATE
    assert sorted([*IN_ORDER[2:], *IN_ORDER[:2]]) == IN_ORDER


def test_a_tier_is_not_compared_with_a_word() -> None:
    with pytest.raises(TypeError):
        Tier.LOOK < "none"  # noqa: B015


def test_five_is_strongly_agree_and_no_opinion_has_no_points() -> None:
    assert [rating.points for rating in Rating] == [5, 4, 3, 2, 1, None, None]


def test_final_is_final_and_delivered_may_still_be_read() -> None:
    final = {state for state in OutboxState if state.is_final}
    assert final == {OutboxState.READ, OutboxState.FAILED, OutboxState.CANCELLED}


def test_a_manual_clock_moves_only_when_told(clock: ManualClock) -> None:
    before = clock.now()
    assert clock.now() == before
    clock.advance(timedelta(days=5))
    assert clock.now() == before + timedelta(days=5)


def test_the_machines_clock_is_aware() -> None:
    assert SystemClock().now().utcoffset() == timedelta(0)


def test_people_in_scotland_read_summer_time_off_the_wall() -> None:
    assert local(datetime(2026, 7, 1, 20, 30, tzinfo=UTC)).hour == 21
    assert local(datetime(2026, 12, 1, 20, 30, tzinfo=UTC)).hour == 20


def test_ids_are_random_and_say_nothing() -> None:
    ids = {new_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert all(len(each) == 24 for each in ids)
