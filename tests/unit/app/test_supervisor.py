"""The supervisor: what dies is started again, later each time, and never takes the others with it."""

import logging
import subprocess
import sys
import threading
from dataclasses import dataclass, field

import pytest

from app.supervisor import LONGEST_PAUSE, STEADY_AFTER, ProcessPart, Supervisor, ThreadPart


@dataclass
class FakePart:
    """A part that lives and dies when told to."""

    name: str
    diary: list[str] = field(default_factory=list)
    alive: bool = False
    refuses: bool = False

    def start(self) -> None:
        self.diary.append(f"start {self.name}")
        if self.refuses:
            raise OSError
        self.alive = True

    def is_alive(self) -> bool:
        return self.alive

    def ask_to_stop(self) -> None:
        self.diary.append(f"ask {self.name}")

    def stop(self, seconds: float) -> None:
        self.diary.append(f"stop {self.name}")
        self.alive = False


@dataclass
class Seconds:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


def test_parts_start_in_order_and_stop_the_other_way_round() -> None:
    diary: list[str] = []
    supervisor = Supervisor(Seconds())
    supervisor.start(FakePart("web", diary), FakePart("turns", diary))
    supervisor.stop()
    assert diary == ["start web", "start turns", "ask turns", "ask web", "stop turns", "stop web"]


def test_a_part_that_lives_is_left_alone() -> None:
    part, seconds = FakePart("turns"), Seconds()
    supervisor = Supervisor(seconds)
    supervisor.start(part)
    for _ in range(100):
        seconds.now += 1
        supervisor.look()
    assert part.diary == ["start turns"]


def pauses(times: int, steady: float = 0.0, refuses: bool = False) -> list[float]:
    """Let a part die again and again; how long the supervisor waited each time."""
    part, seconds, found = FakePart("turns", refuses=refuses), Seconds(), []
    supervisor = Supervisor(seconds)
    supervisor.start(part)
    for number in range(1, times + 1):
        seconds.now += steady
        part.alive = False
        supervisor.look()
        died = seconds.now
        while len(part.diary) == number:
            seconds.now += 0.5
            supervisor.look()
        found.append(seconds.now - died)
    return found


def test_a_part_that_keeps_dying_is_started_later_each_time() -> None:
    assert pauses(7) == [1, 2, 4, 8, 16, LONGEST_PAUSE, LONGEST_PAUSE]


def test_a_part_that_cannot_even_start_is_tried_again() -> None:
    assert pauses(3, refuses=True) == [1, 2, 4]


def test_a_part_that_ran_well_starts_with_a_clean_slate() -> None:
    assert pauses(3, steady=STEADY_AFTER) == [1, 1, 1]


def test_one_that_dies_leaves_the_others_alone() -> None:
    seconds, broken, delivery = Seconds(), FakePart("turns"), FakePart("delivery")
    supervisor = Supervisor(seconds)
    supervisor.start(broken, delivery)
    broken.alive = False
    for _ in range(10):
        seconds.now += 1
        supervisor.look()
    assert delivery.diary == ["start delivery"]


def test_a_loop_that_breaks_off_is_no_longer_alive_and_its_words_stay_out_of_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def breaks(stop: threading.Event) -> None:
        raise ValueError

    part = ThreadPart("delivery", breaks)
    with caplog.at_level(logging.ERROR):
        part.start()
        part.stop(10)
    assert not part.is_alive()
    assert [record.getMessage() for record in caplog.records] == ["delivery broke off"]


def test_a_loop_is_stopped_by_its_event() -> None:
    part = ThreadPart("delivery", lambda stop: stop.wait(60) and None)
    part.start()
    assert part.is_alive()
    part.stop(10)
    assert not part.is_alive()


WAITS_FOR_INPUT = (sys.executable, "-c", "import sys; sys.stdin.buffer.read()")


def test_a_process_is_ended_when_it_is_told_to() -> None:
    part = ProcessPart("turns", WAITS_FOR_INPUT)
    part.start()
    assert part.is_alive()
    part.stop(10)
    assert not part.is_alive()


def test_a_process_that_will_not_end_is_killed() -> None:
    deaf = (
        "import signal, sys; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); sys.stdin.buffer.read()"
    )
    part = ProcessPart("turns", (sys.executable, "-c", deaf))
    part.start()
    part.stop(0.0)
    assert not part.is_alive()


def test_a_process_goes_when_whoever_started_it_is_gone() -> None:
    """The supervisor holds the other end of its input, and may die without a word."""
    child = (
        "import threading; from app.commands.worker import _follow_parent; "
        "stop = threading.Event(); threading.Thread(target=_follow_parent, args=(stop,)).start(); stop.wait(60)"
    )
    process = subprocess.Popen((sys.executable, "-c", child), stdin=subprocess.PIPE)  # noqa: S603
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(30) == 0
