"""The few words that intake obeys by itself, at once, even when everything behind it is down.

A word counts only as a whole message: "stop", never "they stop my tea". What the provider may already have acted on
(STOP, END, YES ...) is read here the same way, in case it reaches us after all.
"""

import re
import unicodedata
from enum import StrEnum

from records.types import Inbound, Kind

_POLITE = r"(?:please |pls |just )?"
_STOP = re.compile(
    _POLITE
    + r"(?:stop|stopall|stop all|unsubscribe|cancel|end|quit|opt out|optout|revoke"
    + r"|stop (?:messaging|texting|writing to|contacting|messages|texts)(?: me)?)(?: please| pls| now)?"
)
_START = re.compile(r"(?:start|unstop|restart)")
_BACK = re.compile(r"(?:yes|go|carry on|come back|resume|continue)")  # only from somebody who had stopped
_DELETE = re.compile(
    _POLITE
    + r"(?:delete|erase)"
    + r"(?: me| it| it all| everything| all| my (?:data|answers|words|info|information|details|messages))?"
    + r"(?: please| pls| now)?"
)
_FOLLOWS_SLASH = re.compile(r"^/(?=stop\b|delete\b)")


class Command(StrEnum):
    """What a whole message can order."""

    STOP = "stop"
    START = "start"
    DELETE = "delete"


def command_in(inbound: Inbound, *, stopped: bool) -> Command | None:
    """The command that a message is, if it is one.

    Args: stopped: whether this address has said stop; only then do "yes" and "go" bring somebody back.
    """
    if inbound.kind is Kind.STOPPED:
        return Command.STOP
    if inbound.kind is Kind.RETURNED:
        return Command.START
    if inbound.kind is Kind.START:
        return Command.START if stopped else None
    if inbound.kind is not Kind.TEXT or inbound.replaces:
        return None
    return _whole_message(plain(inbound.text), stopped)


def plain(text: str) -> str:
    """Lower case, letters and single spaces only: "Stop!! 🙏" is "stop"."""
    folded = unicodedata.normalize("NFKC", text).casefold().strip()
    folded = _FOLLOWS_SLASH.sub("", folded)
    if folded.startswith("/"):
        return ""
    return " ".join(re.sub(r"[^\w\s]|_", " ", folded.replace("'", "")).split())


def _whole_message(text: str, stopped: bool) -> Command | None:
    if _STOP.fullmatch(text):
        return Command.STOP
    if _DELETE.fullmatch(text):
        return Command.DELETE
    if stopped and (_START.fullmatch(text) or _BACK.fullmatch(text)):
        return Command.START
    return None
