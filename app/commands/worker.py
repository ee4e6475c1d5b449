"""`blether worker`: one of the three loops, as a process of its own."""

import os
import signal
import threading
from enum import StrEnum
from typing import Annotated

import typer


class Loop(StrEnum):
    """The three loops."""

    TURNS = "turns"
    DELIVERY = "delivery"
    CLOCKS = "clocks"


def worker(
    loop: Annotated[Loop, typer.Argument(help="turns: the dialogue. delivery: what goes out. clocks: what falls due.")],
    with_parent: Annotated[bool, typer.Option("--with-parent", hidden=True)] = False,
) -> None:
    """Only one loop: turns, delivery or clocks.

    Any number of each may share one PostgreSQL.
    """
    from app.house import build_house
    from app.logs import set_up_logs
    from app.settings import load_settings
    from app.start_up import limit_threads, open_records

    settings = load_settings()
    set_up_logs()
    limit_threads(settings.threads)
    if not with_parent:  # who has just seen to the tables itself
        open_records(settings).dispose()
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    if with_parent:
        threading.Thread(target=_follow_parent, args=(stop,), name="parent", daemon=True).start()
    from app.serving import loop_called

    loop_called(loop.value)(build_house(settings), stop)


def _follow_parent(stop: threading.Event) -> None:
    """Whoever started us holds the other end of our input: when it closes, they are gone, and so should we be."""
    while os.read(0, 1024):  # not sys.stdin: its lock would be in the way when the process ends
        pass
    stop.set()
