"""What a screen is, and how to ask one without ever waiting longer than a budget.

A screen that fails or is late must never mean silence: the message counts as unscreened and a person is told.
"""

import logging
from concurrent.futures import Executor, Future
from concurrent.futures import TimeoutError as OutOfTime
from typing import Protocol

from records.types import Category, Kind, Tier, Verdict

BUDGET_SECONDS = 2.0
_log = logging.getLogger(__name__)


class Screen(Protocol):
    """Anything that reads one message and says how worried it is."""

    def __call__(
        self, text: str, *, kind: Kind = Kind.TEXT, asked: str | None = None, before: str | None = None
    ) -> Verdict:
        """Read one message.

        Arguments: `text` raw, as delivered; `asked` the words of the last question put to them; `before` the words of
        their own last message, for a disclosure split over two.
        """
        ...


def unscreened(what: str) -> Verdict:
    """The verdict on a message nobody has read: `what` is "failed" or "out of time"."""
    return Verdict(Tier.CONCERN, 1.0, (Category.UNSCREENED,), f"unscreened: {what}")


def screen_safely(
    screen: Screen,
    text: str,
    *,
    executor: Executor,
    budget: float = BUDGET_SECONDS,
    kind: Kind = Kind.TEXT,
    asked: str | None = None,
    before: str | None = None,
) -> Verdict:
    """Ask `screen` on a thread of `executor` and wait at most `budget` seconds; never raises.

    A screen that is still running after that is left to finish on its thread and its answer is thrown away. When every
    thread is stuck, later messages run out of time too: each of them alerts a person, which is the point.
    """
    try:
        asking: Future[Verdict] = executor.submit(screen, text, kind=kind, asked=asked, before=before)
        return asking.result(timeout=budget)
    except OutOfTime:
        asking.cancel()
        _log.error("the screen ran out of time")
        return unscreened("out of time")
    except Exception as error:  # whatever it was, a person must hear of the message; its words must not reach a log
        _log.error("the screen failed: %s", type(error).__name__)
        return unscreened("failed")
