"""`blether anonymise`, `screen` and `parse`: one JSON object a line in, one a line out, in the same order.

Nothing is stored and nothing is logged; an error names the line and never quotes it.
"""

import json
import sys
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO

from records.errors import BletherError

Answer = Callable[[Mapping[str, Any]], Mapping[str, Any]]


class BadLine(BletherError):
    """A line of the input that cannot be answered."""


def anonymise() -> None:
    """Mask names, places and numbers.

    In: {"text"}. Out: {"text", "spans", "held"}; each span is start, end, type and probability.
    """
    _quieten()
    from anonymise.anonymiser import describe

    answer_lines(sys.stdin.buffer, sys.stdout.buffer, _of_text(describe))


def screen() -> None:
    """Say how worried the screen is.

    In: {"text"}. Out: {"tier", "score", "categories", "reason"}.
    """
    _quieten()
    from protection.screen import describe

    answer_lines(sys.stdin.buffer, sys.stdout.buffer, _of_text(describe))


def parse() -> None:
    """Say what was meant.

    In: {"text", "context"}. Out: {"intent", "rating", "confidence"}.
    The context is what was asked: consent, age, role, rating, story or any.
    """
    _quieten()
    from bot.understand import Context

    contexts = {context.value for context in Context}
    understand = _reader()
    answer_lines(sys.stdin.buffer, sys.stdout.buffer, lambda line: understand(_text(line), _one_of(contexts, line)))


def _of_text(describe: Callable[[str], Mapping[str, Any]]) -> Answer:
    return lambda line: describe(_text(line))


def answer_lines(source: BinaryIO, sink: BinaryIO, answer: Answer) -> None:
    """Answer line by line; each answer is flushed before the next line is read.

    Raises: BadLine, naming the number of the first line that cannot be answered. The lines before it were answered.
    """
    for number, raw in enumerate(source, start=1):
        try:
            reply = answer(_object(raw))
        except BadLine as error:
            raise BadLine(f"line {number}: {error}") from None
        sink.write(encoded(reply))
        sink.flush()


def encoded(reply: Mapping[str, Any]) -> bytes:
    """One line of JSON in UTF-8; half characters, which JSON can carry and UTF-8 cannot, stay escaped."""
    try:
        return json.dumps(reply, ensure_ascii=False).encode() + b"\n"
    except UnicodeEncodeError:
        return json.dumps(reply).encode() + b"\n"


def _object(raw: bytes) -> Mapping[str, Any]:
    try:
        line = json.loads(raw.decode())
    except (ValueError, RecursionError):
        raise BadLine("this is not JSON.") from None
    if not isinstance(line, dict):
        raise BadLine('this is not a JSON object such as {"text": "..."}.')
    return line


def _text(line: Mapping[str, Any]) -> str:
    text = line.get("text")
    if "text" not in line:
        raise BadLine('it has no "text".')
    if not isinstance(text, str):
        raise BadLine('its "text" is not a string.')
    return text


def _one_of(contexts: set[str], line: Mapping[str, Any]) -> str:
    context = line.get("context", "any")
    if not isinstance(context, str) or context not in contexts:
        raise BadLine(f'its "context" is none of: {", ".join(sorted(contexts))}.')
    return context


def _reader() -> Callable[[str, str], Mapping[str, Any]]:
    """Reads a text as the worker does, with the trained dialogue, which is trained first if it has to be."""
    from rich.console import Console

    from app.settings import load_settings
    from app.start_up import train_with_bar
    from bot.actions import all_actions
    from bot.runtime.loading import Dialogue
    from bot.runtime.training import trained_model
    from bot.understand import Context, parse

    settings = load_settings()
    model = trained_model(settings.home) or train_with_bar(settings, Console(stderr=True))
    dialogue = Dialogue.load(model, all_actions())

    def read(text: str, context: str) -> Mapping[str, Any]:
        parsed = parse(text, Context(context), dialogue.classify)
        rating = parsed.rating.value if parsed.rating else None
        return {"intent": parsed.intent.value, "rating": rating, "confidence": round(parsed.confidence, 4)}

    return read


def _quieten() -> None:
    """Warnings of libraries would mix with the answers of a script that reads both streams."""
    import warnings

    from app.settings import load_settings
    from app.start_up import limit_threads

    limit_threads(load_settings().threads)
    warnings.simplefilter("ignore")
