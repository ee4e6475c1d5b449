"""What reaches the log: times, rooms, and plain sentences of ours. Never a message, a name, a number or a URL.

The text of an exception may quote what somebody wrote, so of an unexpected one only its kind and the lines of code that
it passed through are written.
"""

import logging
import sys
import traceback
from types import TracebackType
from typing import TextIO

from records.errors import BletherError

_FORMAT = "%(asctime)s  %(levelname)-7s %(name)s: %(message)s"
_OURS = ("app", "console", "channels", "bot", "protection", "consent", "engagement", "anonymise", "language", "records")
_SPEAKERS = ("blether", *_OURS)
ExceptionInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class WordlessFormatter(logging.Formatter):
    """Formats exceptions without their text, unless it is a sentence of ours."""

    def formatException(self, ei: ExceptionInfo) -> str:  # noqa: N802 - logging's own name
        """The kind of the exception and its way through the code."""
        kind, error, trace = ei
        if kind is None:
            return ""
        told = f"{kind.__name__}: {error}" if isinstance(error, BletherError) else kind.__name__
        places = [f"    {frame.filename}:{frame.lineno} in {frame.name}" for frame in traceback.extract_tb(trace)]
        return "\n".join([*places, f"  {told}"])


class _ErrorStream(logging.StreamHandler[TextIO]):
    """Writes to whatever the error stream is at the moment, because a progress bar borrows it."""

    def emit(self, record: logging.LogRecord) -> None:
        self.stream = sys.stderr
        super().emit(record)


def set_up_logs(level: int = logging.INFO) -> None:
    """Log our own rooms to the error stream; other libraries only from warnings upwards."""
    handler = _ErrorStream()
    handler.setFormatter(WordlessFormatter(_FORMAT, "%H:%M:%S"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in _SPEAKERS:
        logging.getLogger(name).setLevel(level)
    logging.getLogger("uvicorn.access").setLevel(logging.CRITICAL + 1)  # paths carry invitation codes
