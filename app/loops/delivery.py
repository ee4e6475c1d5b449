"""The loop that sends: one thread for each channel, so that a slow provider keeps nobody else waiting."""

import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from app.heartbeat import DELIVERY
from app.house import House
from app.loops.keep_going import keep_going
from records.types import ChannelName

_PATIENCE_SECONDS = 0.25


def run(house: House, stop: threading.Event) -> None:
    """Send what is due, on every open channel, until `stop` is set.

    Raises: what ended one of the threads, once the others have come to rest: nobody goes on half.
    """
    resting = threading.Event()
    with ThreadPoolExecutor(len(house.channels), thread_name_prefix="send") as executor:
        threads = [executor.submit(_send, house, resting, name) for name in house.channels]
        while not stop.is_set() and not any(thread.done() for thread in threads):
            stop.wait(_PATIENCE_SECONDS)
        resting.set()
    for thread in threads:
        thread.result()


def _send(house: House, stop: threading.Event, name: ChannelName) -> None:
    keep_going(
        house.database,
        stop,
        name=f"{DELIVERY}:{name.value}",
        topic="outbox",
        patience=_PATIENCE_SECONDS,
        work=partial(house.delivery.deliver_due, name),
    )
