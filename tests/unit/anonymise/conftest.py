"""Shared by the tests of this room: tables of cases and a conversation's placeholders."""

from collections.abc import Callable
from pathlib import Path

import pytest

from anonymise.anonymiser import Anonymiser, default_anonymiser
from anonymise.placeholders import Placeholders


@pytest.fixture
def anonymiser() -> Anonymiser:
    return default_anonymiser()


@pytest.fixture
def placeholders() -> Placeholders:
    return Placeholders(b"a key of this test")


@pytest.fixture
def show(anonymiser: Anonymiser) -> Callable[[str], str]:
    """A text on its own, as inspectors read it."""
    return lambda text: anonymiser.response(text, Placeholders(b"a key of this test")).text


@pytest.fixture
def here() -> Path:
    return Path(__file__).parent
