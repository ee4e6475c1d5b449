"""Reads whole messages that are a command, whatever question stands. A word inside a longer text is never a command."""

import re
from functools import cache

from bot.understand.normal import plain, standard, tidy, without_fillers, wording
from bot.understand.types import Intent

_SLASH = re.compile(r"^/\s*([a-z_]+)")


def command(text: str) -> Intent | None:
    """The command that the whole of `text` is, or None."""
    words = plain(text)
    forms = (words, without_fillers(words), standard(words), without_fillers(standard(words)))
    return next((_commands()[form] for form in forms if form in _commands()), None)


def slashed(text: str) -> Intent | None:
    """What a leading slash means: "/stop" is a stop, anything else that looks like a command to a program is nothing.

    Telegram's own "/start" never gets here. A participant can never name an intent.
    """
    match = _SLASH.match(tidy(text))
    if match is None:
        return None
    return Intent.STOP if match.group(1) == "stop" else Intent.OUT_OF_SCOPE


@cache
def _commands() -> dict[str, Intent]:
    return {str(phrase): Intent(intent) for intent, phrases in wording("commands").items() for phrase in phrases}
