"""Reasons for opening somebody's words: long enough to say something, and never a number in the chain."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protection.desk import LONGEST_REASON, SHORTEST_REASON, ReasonNeeded, _without_numbers, checked_reason


@pytest.mark.parametrize(
    "reason", ["", " ", "why not", "aaaaaaaaaaaaaaaaaaaa", ". . . . . . . . . .", "ababababababab"]
)
def test_a_reason_that_says_nothing_is_refused(reason):
    with pytest.raises(ReasonNeeded) as refused:
        checked_reason(reason)
    assert "few words" in str(refused.value)


def test_a_reason_that_goes_on_and_on_is_refused():
    with pytest.raises(ReasonNeeded):
        checked_reason("word " * LONGEST_REASON)


def test_a_reason_is_kept_on_one_line():
    assert checked_reason("  I am on duty\n\tand read this ") == "I am on duty and read this"


@given(st.text(max_size=700))
def test_whatever_is_typed_is_refused_or_long_enough(reason):
    try:
        checked = checked_reason(reason)
    except ReasonNeeded:
        return
    assert SHORTEST_REASON <= len(checked) <= LONGEST_REASON


def test_numbers_do_not_go_into_the_chain():
    assert _without_numbers("Call 07700 900123 back") == "Call ##### ###### back"
