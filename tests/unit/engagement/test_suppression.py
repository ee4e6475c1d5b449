"""No number below the threshold, and none that can be worked out from the ones beside it."""

from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from engagement.suppression import IN_CONSOLE, IN_EXPORT, Protected, protect, showable

RATINGS = ("agree", "neither", "disagree", "unsaid")
CHANNELS = ("sms", "telegram", "web")
counts = st.integers(min_value=0, max_value=14)
tables = st.fixed_dictionaries({one: st.fixed_dictionaries(dict.fromkeys(RATINGS, counts)) for one in CHANNELS})
rows = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(min_value=0, max_value=40), min_size=1)


def published(table: dict[str, dict[str, int]], safe: Protected) -> tuple[np.ndarray, np.ndarray]:
    """What a reader knows: one equation for every number that is shown, over all cells of the table."""
    cells = list(product(CHANNELS, RATINGS))
    lines, values = [], []

    def know(value: int | None, chosen: list[tuple[str, str]]) -> None:
        if value is not None:
            lines.append([1.0 if cell in chosen else 0.0 for cell in cells])
            values.append(float(value))

    know(safe.total, cells)
    for rating in RATINGS:
        know(safe.cells[rating], [cell for cell in cells if cell[1] == rating])
    for channel in CHANNELS:
        know(safe.slices[channel].total, [cell for cell in cells if cell[0] == channel])
        for rating in RATINGS:
            know(safe.slices[channel].cells[rating], [(channel, rating)])
    return np.array(lines), np.array(values)


@given(tables, st.sampled_from([IN_CONSOLE, IN_EXPORT]))
@settings(max_examples=150, deadline=None)
def test_no_hidden_number_can_be_worked_out_from_the_shown_ones(table, threshold):
    safe = protect(table, threshold)
    lines, values = published(table, safe)
    if not len(lines):
        return
    hidden = [
        [cell for cell in product(CHANNELS, RATINGS) if cell[1] == one] for one in RATINGS if safe.cells[one] is None
    ]
    hidden += [
        [cell for cell in product(CHANNELS, RATINGS) if cell[0] == one]
        for one in CHANNELS
        if safe.slices[one].total is None
    ]
    hidden += [[(one, two)] for one in CHANNELS for two in RATINGS if safe.slices[one].cells[two] is None]
    for chosen in hidden:
        wanted = np.array([1.0 if cell in chosen else 0.0 for cell in product(CHANNELS, RATINGS)])
        low = linprog(wanted, A_eq=lines, b_eq=values).fun
        high = -linprog(-wanted, A_eq=lines, b_eq=values).fun
        assert high - low > 0.99, (chosen, low, high)


@given(tables, st.sampled_from([IN_CONSOLE, IN_EXPORT]))
def test_no_shown_number_lies_below_the_threshold(table, threshold):
    safe = protect(table, threshold)
    _, values = published(table, safe)
    assert all(value >= threshold for value in values)


@given(tables)
def test_what_remains_of_the_whole_is_never_below_the_threshold(table):
    safe = protect(table, IN_CONSOLE)
    for rating in RATINGS:
        crossed = [one for one in CHANNELS if safe.slices[one].cells[rating] is not None]
        if safe.cells[rating] is not None and crossed and len(crossed) < len(CHANNELS):
            rest = safe.cells[rating] - sum(safe.slices[one].cells[rating] for one in crossed)
            assert rest >= IN_CONSOLE


@given(rows, st.integers(min_value=2, max_value=12))
def test_the_pool_of_hidden_counts_is_large_enough_and_holds_at_least_two(row, threshold):
    shown = showable(row, threshold)
    pool = [count for name, count in row.items() if name not in shown]
    if pool and shown:
        assert len(pool) >= 2
        assert sum(pool) >= threshold


@given(rows)
def test_the_export_only_ever_shows_less_than_the_console(row):
    assert showable(row, IN_EXPORT) <= showable(row, IN_CONSOLE)


def test_one_small_count_takes_the_next_smallest_with_it():
    assert showable({"agree": 20, "neither": 9, "disagree": 3}, IN_CONSOLE) == {"agree"}


def test_everybody_saying_the_same_is_not_shown_because_it_says_what_everybody_said():
    safe = protect({"sms": {"agree": 40, "neither": 0, "disagree": 0}}, IN_CONSOLE)
    assert safe.total == 40
    assert set(safe.cells.values()) == {None}


def test_fewer_than_the_threshold_shows_nothing_at_all():
    safe = protect({"sms": {"agree": 3}, "web": {"agree": 1}}, IN_CONSOLE)
    assert safe.total is None
    assert safe.cells == {"agree": None}
    assert safe.slices["sms"].total is None


def test_a_table_without_small_counts_is_shown_whole():
    table = {"sms": {"agree": 10, "disagree": 8}, "web": {"agree": 6, "disagree": 7}}
    safe = protect(table, IN_CONSOLE)
    assert safe.cells == {"agree": 16, "disagree": 15}
    assert safe.slices["web"].cells == {"agree": 6, "disagree": 7}


def test_a_slice_is_not_shown_when_the_remaining_slice_could_be_worked_out():
    table = {"sms": {"agree": 30, "disagree": 20}, "web": {"agree": 18, "disagree": 2}}
    safe = protect(table, IN_CONSOLE)
    assert safe.cells == {"agree": 48, "disagree": 22}
    assert safe.slices["sms"].total == 50
    assert safe.slices["sms"].cells == {"agree": None, "disagree": None}
