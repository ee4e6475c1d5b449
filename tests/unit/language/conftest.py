"""The real encoder, loaded once: checking and mapping its weights takes a quarter of a second."""

import pytest

from language.encoder import Encoder


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    return Encoder.load()
