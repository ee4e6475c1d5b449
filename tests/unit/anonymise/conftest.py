"""Shared by the tests of this room: tables of cases and a conversation's placeholders."""

from collections.abc import Callable

import pytest

from anonymise.anonymiser import Anonymiser
from anonymise.placeholders import Placeholders
from anonymise.policy import default_policy
from anonymise.recognisers.standard import standard


@pytest.fixture
def anonymiser() -> Anonymiser:
    """All recognisers, on a clock that stands still: a busy machine must not withhold a text here."""
    return Anonymiser(standard(), default_policy(), clock=lambda: 0.0)


@pytest.fixture
def placeholders() -> Placeholders:
    return Placeholders(b"a key of this test")


@pytest.fixture
def show(anonymiser: Anonymiser) -> Callable[[str], str]:
    """A text on its own, as inspectors read it."""
    return lambda text: anonymiser.response(text, Placeholders(b"a key of this test")).text
