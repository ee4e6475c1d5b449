"""One line of a notice: its variants, its placeholders, and how it is read from YAML.

It never decides who is asked, and never shows a line with a placeholder left open.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from records.errors import BletherError
from records.types import AgeBand, Audience, ChannelName

SLOT = re.compile(r"\{([a-z_]+)\}")
SETS = ("channels", "audiences", "ages")


class NoticeError(BletherError):
    """A notice is missing, cannot be right, or was not given everything it needs."""


@dataclass(frozen=True, slots=True)
class Option:
    """One answer a person may give. `say` is what they text; `title` is what a button shows (20 characters at most)."""

    value: str
    say: str
    title: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its answers. `again` asks it in other words, for when the answer was not understood."""

    text: str
    again: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One text, with other wordings for some channels, audiences or ages. Without a text it is for those only."""

    text: str | None
    others: Mapping[str, str]

    def wording(self, channel: ChannelName, audience: Audience | None = None, age: AgeBand | None = None) -> str | None:
        """The wording for this person, or None if the line is not for them."""
        for mark in (channel, audience, age):
            if mark is not None and mark.value in self.others:
                return self.others[mark.value]
        return self.text


@dataclass(frozen=True, slots=True)
class Asking:
    """A question before its channel is known."""

    text: Line
    again: Line
    options: tuple[Option, ...]

    def on(self, channel: ChannelName) -> Question:
        """The question as it is put on this channel."""
        return Question(self.text.wording(channel) or "", self.again.wording(channel) or "", self.options)


def fill(text: str, **values: object) -> str:
    """Put the values in. Others than the text asks for may be given. Raises: NoticeError naming what is missing."""
    if missing := sorted(set(SLOT.findall(text)) - values.keys()):
        raise NoticeError(f"A notice cannot be shown without {', '.join(missing)}: set it for the round.")
    return SLOT.sub(lambda slot: str(values[slot.group(1)]), text)


def wordings(
    lines: Iterable[Line], channel: ChannelName, audience: Audience | None = None, age: AgeBand | None = None
) -> tuple[str, ...]:
    """The wordings for one person, without the lines that are not for them."""
    return tuple(words for line in lines if (words := line.wording(channel, audience, age)) is not None)


def asking(raw: Mapping[str, Any], options: list[Mapping[str, str]], where: str) -> Asking:
    """A question with its answers. Raises: NoticeError, naming `where`, if it cannot be right."""
    alike = {name: raw[name] for name in SETS if name in raw}
    text = line({"text": raw["text"], **alike}, where)
    made = tuple(Option(one["value"], one["say"], one["title"]) for one in options)
    if any(not isinstance(part, str) for one in made for part in (one.value, one.say, one.title)):
        raise NoticeError(f"{where}: put quotes round any part of an answer that YAML reads as something else.")
    again = line(raw["again"], where)
    if text.text is None or again.text is None:
        raise NoticeError(f"{where}: a question must have words for every channel.")
    return Asking(text, again, made)


def lines(raw: list[Any], where: str) -> tuple[Line, ...]:
    """Several lines. Raises: NoticeError, naming `where`."""
    return tuple(line(one, where) for one in raw)


def line(raw: Any, where: str) -> Line:
    """One line: words, or words with one set of other wordings. Raises: NoticeError, naming `where`."""
    if isinstance(raw, str):
        return Line(raw, {})
    if not isinstance(raw, dict) or "text" not in raw or not raw.keys() <= {"text", *SETS}:
        raise NoticeError(f"{where}: a line is words, or 'text' with {', '.join(SETS)}.")
    chosen = [name for name in SETS if name in raw]
    if len(chosen) > 1:
        raise NoticeError(f"{where}: a line may have other wordings for {' or '.join(chosen)}, not for both.")
    others = {str(mark): words for name in chosen for mark, words in raw[name].items()}
    known = {"channels": ChannelName, "audiences": Audience, "ages": AgeBand}
    if unknown := sorted(others.keys() - {mark.value for name in chosen for mark in known[name]}):
        raise NoticeError(f"{where}: unknown {', '.join(unknown)}.")
    if any(not isinstance(words, str) for words in (raw["text"] or "", *others.values())):
        raise NoticeError(f"{where}: every wording must be words.")
    return Line(raw["text"], others)


def read(path: Path) -> dict[str, Any]:
    """A YAML file that is a mapping. Raises: NoticeError if it is missing or is not."""
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise NoticeError(f"The notices need a file {path.name}.") from error
    except yaml.YAMLError as error:
        raise NoticeError(f"{path.name} is not valid YAML: {error}") from error
    if not isinstance(raw, dict):
        raise NoticeError(f"{path.name} must be a mapping.")
    return raw
