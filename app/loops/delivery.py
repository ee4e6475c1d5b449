"""The loop that sends: one thread for each channel, so that a slow provider keeps nobody else waiting."""

import threading
from functools import partial

from app.heartbeat import DELIVERY
from app.house import House
from app.loops.keep_going import keep_going

_PATIENCE_SECONDS = 0.25


def run(house: House, stop: threading.Event) -> None:
    """Send what is due, on every open channel, until `stop` is set."""
    threads = []
    for name in house.channels:
        work = partial(house.delivery.deliver_due, name)
        threads.append(threading.Thread(target=_send, args=(house, stop, name, work), name=f"send {name.value}"))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _send(house: House, stop: threading.Event, name: str, work: partial[int]) -> None:
    heart = f"{DELIVERY}:{name}"
    keep_going(house.database, stop, name=heart, topic="outbox", patience=_PATIENCE_SECONDS, work=work)
