"""A screen that fails or is late: a person is told, and nobody waits longer than the budget."""

import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from protection.screen import screen_safely, unscreened
from records.types import Category, Kind, Tier, Verdict

FINE = Verdict(Tier.NONE, 0.0)


@pytest.fixture
def executor() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(max_workers=1) as executor:
        yield executor


def fine(text: str, *, kind: Kind = Kind.TEXT, asked: str | None = None, before: str | None = None) -> Verdict:
    return FINE


def broken(text: str, *, kind: Kind = Kind.TEXT, asked: str | None = None, before: str | None = None) -> Verdict:
    raise ValueError(text)


class Stuck:
    """A screen that answers only when it is let go."""

    def __init__(self) -> None:
        self.let_go = Event()

    def __call__(
        self, text: str, *, kind: Kind = Kind.TEXT, asked: str | None = None, before: str | None = None
    ) -> Verdict:
        self.let_go.wait()
        return FINE


class Listening:
    """A screen that remembers what it was given."""

    def __init__(self) -> None:
        self.given: list[object] = []

    def __call__(
        self, text: str, *, kind: Kind = Kind.TEXT, asked: str | None = None, before: str | None = None
    ) -> Verdict:
        self.given = [text, kind, asked, before]
        return FINE


def test_what_the_screen_says_is_passed_on(executor):
    assert screen_safely(fine, "hello", executor=executor) == FINE


def test_the_screen_is_given_everything(executor):
    screen = Listening()

    screen_safely(screen, "no", executor=executor, kind=Kind.BUTTON, asked="are you safe", before="hm")

    assert screen.given == ["no", Kind.BUTTON, "are you safe", "hm"]


def test_a_screen_that_fails_alerts_a_person(executor):
    verdict = screen_safely(broken, "hello", executor=executor)

    assert verdict == unscreened("failed")
    assert (verdict.tier, verdict.categories) == (Tier.CONCERN, (Category.UNSCREENED,))
    assert verdict.reason == "unscreened: failed"


def test_the_words_of_a_message_do_not_reach_the_log(executor, caplog):
    with caplog.at_level(logging.DEBUG):
        screen_safely(broken, "my uncle Zebedee", executor=executor)

    assert "ValueError" in caplog.text
    assert "Zebedee" not in caplog.text


def test_a_late_screen_alerts_a_person(executor):
    stuck = Stuck()
    try:
        verdict = screen_safely(stuck, "hello", executor=executor, budget=0.01)
    finally:
        stuck.let_go.set()

    assert verdict.reason == "unscreened: out of time"


def test_when_every_thread_is_stuck_the_next_message_alerts_a_person_too(executor):
    stuck = Stuck()
    try:
        screen_safely(stuck, "first", executor=executor, budget=0.01)
        verdict = screen_safely(fine, "second", executor=executor, budget=0.01)
    finally:
        stuck.let_go.set()

    assert verdict.reason == "unscreened: out of time"


def test_an_executor_that_is_shut_alerts_a_person():
    executor = ThreadPoolExecutor(max_workers=1)
    executor.shutdown()

    assert screen_safely(fine, "hello", executor=executor).reason == "unscreened: failed"
