"""Scripted conversations, read from YAML: who writes, on which channel, what, and after how long."""

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml

from records.errors import BletherError
from records.types import ChannelName

USUAL_PAUSE = timedelta(minutes=1)
_AFTER = re.compile(
    r"(\d+(?:\.\d+)?)\s*(weeks?|w|days?|d|hours?|hrs?|h|minutes?|mins?|m|seconds?|secs?|s)\b", re.IGNORECASE
)
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_PARTS = {"channel", "starts", "turns"}
_KNOWN = {"user", "after", "picture", "edits", "repeats", "group", "press"}


class ScriptError(BletherError):
    """A scripted conversation cannot be read."""


class Starts(StrEnum):
    """How the conversation begins."""

    INVITED = "invited"
    WALK_IN = "walk-in"
    DEEP_LINK = "deep-link"


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of the participant."""

    user: str
    after: timedelta
    picture: bool = False
    group: bool = False
    press: str | None = None  # the payload of a button
    edits: int | None = None  # the earlier turn, counted from 1, that this one rewrites
    repeats: int | None = None  # the earlier turn that is delivered again


@dataclass(frozen=True, slots=True)
class Script:
    """A whole conversation."""

    channel: ChannelName
    starts: Starts
    turns: tuple[Turn, ...]


def read_script(path: Path) -> Script:
    """Read and check a script. Raises: ScriptError, naming what is wrong."""
    try:
        # every value as it is written: "no" and "4" are words that somebody texts, not a truth value and a number
        raw = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - makes strings only
    except FileNotFoundError:
        raise ScriptError(f"There is no file {path}.") from None
    except (yaml.YAMLError, UnicodeDecodeError):
        raise ScriptError(f"{path} is not valid YAML.") from None
    except OSError:
        raise ScriptError(f"{path} cannot be read.") from None
    if not isinstance(raw, dict):
        raise ScriptError(f"{path} must have: channel, starts, turns.")
    return parse_script(raw)


def parse_script(raw: dict[str, Any]) -> Script:
    """A script from plain data. Raises: ScriptError."""
    if not raw.keys() <= _PARTS:
        raise ScriptError(f"A script may have: {', '.join(sorted(_PARTS))}.")
    turns = raw.get("turns")
    if not isinstance(turns, list):
        raise ScriptError("A script needs `turns`: a list of what the participant writes.")
    return Script(
        channel=_one_of(ChannelName, raw.get("channel", "sms"), "channel"),
        starts=_one_of(Starts, raw.get("starts", "walk-in"), "starts"),
        turns=tuple(_turn(turn, number) for number, turn in enumerate(turns, start=1)),
    )


def duration(text: str) -> timedelta:
    """ "5 days", "90 seconds", "1 hour 30 minutes", "2h". Raises: ScriptError."""
    found = _AFTER.findall(text)
    if not found or _AFTER.sub("", text).replace("and", "").strip(" ,"):
        raise ScriptError(f"`after: {text}` is not a length of time such as 5 days or 10 seconds.")
    try:
        return sum((timedelta(**{_UNITS[unit[0].lower()]: float(amount)}) for amount, unit in found), timedelta())
    except OverflowError:
        raise ScriptError(f"`after: {text}` is longer than a conversation can last.") from None


def _one_of(kind: Any, value: object, name: str) -> Any:
    try:
        return kind(value)
    except ValueError:
        raise ScriptError(f"`{name}` must be one of: {', '.join(kind)}.") from None


def _turn(raw: Any, number: int) -> Turn:
    if isinstance(raw, str):
        raw = {"user": raw}
    if not isinstance(raw, dict) or not raw.keys() <= _KNOWN:
        raise ScriptError(f"Turn {number} may have: {', '.join(sorted(_KNOWN))}.")
    return Turn(
        user=str(raw.get("user") or ""),
        after=duration(str(raw["after"])) if raw.get("after") else USUAL_PAUSE,
        picture=_flag(raw, "picture", number),
        group=_flag(raw, "group", number),
        press=str(raw["press"]) if raw.get("press") else None,
        edits=_earlier(raw, "edits", number),
        repeats=_earlier(raw, "repeats", number),
    )


def _flag(raw: dict[str, Any], name: str, number: int) -> bool:
    value = str(raw.get(name) or "false").lower()
    if value not in ("true", "false", "yes", "no"):
        raise ScriptError(f"Turn {number}: `{name}` must be true or false.")
    return value in ("true", "yes")


def _earlier(raw: dict[str, Any], name: str, number: int) -> int | None:
    value = str(raw.get(name) or "")
    if not value:
        return None
    if not value.isdecimal() or not 1 <= int(value) < number:
        raise ScriptError(f"Turn {number}: `{name}` must be the number of an earlier turn.")
    return int(value)
