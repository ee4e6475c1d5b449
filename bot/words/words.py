"""Loads everything the bot says and chooses the wording for one person. It never shows an open placeholder.

Statements and notices have rooms of their own; this is every other thing: thanks, moving about, answers, endings.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from records.errors import BletherError
from records.types import ChannelName, Rating

FOLDER = Path(__file__).parent
NOT_KEYS = frozenset({"buttons.yml", "placeholders.yml"})
SLOT = re.compile(r"\{([a-z_]+)\}")
YOUNG = "young"
SETS = frozenset(
    {"say", YOUNG, *(one for channel in ChannelName for one in (channel.value, f"{YOUNG}_{channel.value}"))}
)

Wording = tuple[str, ...]  # the messages of one wording, in order


class WordingError(BletherError):
    """Something the bot was to say is missing, cannot be right, or was not given everything it needs."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to say: its wordings, and others for a channel or for under-18s (as many, so that turns line up)."""

    sets: Mapping[str, tuple[Wording, ...]]

    def wordings(self, channel: ChannelName, young: bool) -> tuple[Wording, ...]:
        """The wordings for this person. A young person's own come before a channel's, as they say more that matters.

        First of all come those made for both, like young_web.
        """
        if young and (both := self.sets.get(f"{YOUNG}_{channel.value}", self.sets.get(YOUNG))):
            return both
        return self.sets.get(channel.value, self.sets["say"])


@dataclass(frozen=True, slots=True)
class Words:
    """Everything the bot can say, by key."""

    entries: Mapping[str, Entry]
    titles: Mapping[str, Mapping[Rating, str]]  # button titles by set
    longest: Mapping[str, str]  # placeholder -> the longest value every text must fit with

    @staticmethod
    def load(folder: Path = FOLDER) -> "Words":
        """Read and check the YAML. Raises: WordingError, naming the file and what is wrong."""
        return _load(folder)

    @property
    def keys(self) -> frozenset[str]:
        """Every key there is."""
        return frozenset(self.entries)

    def say(
        self, key: str, *, channel: ChannelName, variant: int = 0, young: bool = False, **values: object
    ) -> tuple[str, ...]:
        """The messages of one wording, filled in. Other values than it asks for may be given.

        `variant` counts on past the last wording and starts over, so it may be the number of times the thing was said.
        Raises: WordingError for an unknown key or a missing value.
        """
        wordings = self._entry(key).wordings(channel, young)
        return tuple(_fill(text, key, values) for text in wordings[variant % len(wordings)])

    def line(self, key: str, *, channel: ChannelName, variant: int = 0, young: bool = False, **values: object) -> str:
        """The same where it is known to be a single message. Raises: WordingError if it is several."""
        texts = self.say(key, channel=channel, variant=variant, young=young, **values)
        if len(texts) != 1:
            raise WordingError(f"'{key}' is said in {len(texts)} messages, not in one.")
        return texts[0]

    def again(self, key: str, times: int) -> int:
        """The variant for something already said `times` times: never the one that was said last.

        Raises: WordingError for an unknown key.
        """
        return times % len(self._entry(key).sets["say"])

    def rating_titles(self, young: bool = False) -> Mapping[Rating, str]:
        """What the rating buttons show, in order."""
        return self.titles[YOUNG if young else "say"]

    def _entry(self, key: str) -> Entry:
        if key not in self.entries:
            raise WordingError(f"There are no words for '{key}'.")
        return self.entries[key]


def _fill(text: str, key: str, values: Mapping[str, object]) -> str:
    if missing := sorted(set(SLOT.findall(text)) - values.keys()):
        raise WordingError(f"'{key}' cannot be said without {', '.join(missing)}.")
    return SLOT.sub(lambda slot: str(values[slot.group(1)]), text)


@cache
def _load(folder: Path) -> Words:
    entries: dict[str, Entry] = {}
    for path in sorted(folder.glob("*.yml")):
        if path.name in NOT_KEYS:
            continue
        for key, raw in _read(path).items():
            if key in entries:
                raise WordingError(f"{path.name}: there are words for '{key}' in another file already.")
            entries[key] = _entry(raw, f"{path.name}, {key}")
    longest = {name: str(one["longest"]) for name, one in _read(folder / "placeholders.yml").items()}
    _check_placeholders(entries, frozenset(longest))
    return Words(entries, _titles(_read(folder / "buttons.yml")), longest)


def _entry(raw: Any, where: str) -> Entry:
    sets = raw if isinstance(raw, dict) else {"say": raw}
    if "say" not in sets or not sets.keys() <= SETS:
        raise WordingError(f"{where}: wordings are a list, or lists under 'say' and any of {', '.join(sorted(SETS))}.")
    made = {name: tuple(_wording(one, where) for one in wordings or ()) for name, wordings in sets.items()}
    if len(made["say"]) < 2:
        raise WordingError(
            f"{where}: there must be at least two wordings, so that it is never said twice the same way."
        )
    if len({len(wordings) for wordings in made.values()}) > 1:
        raise WordingError(f"{where}: there must be as many wordings for each channel and age as under 'say'.")
    return Entry(made)


def _wording(raw: Any, where: str) -> Wording:
    texts = (raw,) if isinstance(raw, str) else tuple(raw) if isinstance(raw, list) else ()
    if not texts or any(not isinstance(text, str) or not text.strip() for text in texts):
        raise WordingError(f"{where}: a wording is a message or a list of messages.")
    return texts


def _check_placeholders(entries: Mapping[str, Entry], known: frozenset[str]) -> None:
    for key, entry in entries.items():
        texts = [text for wordings in entry.sets.values() for wording in wordings for text in wording]
        if unknown := sorted({slot for text in texts for slot in SLOT.findall(text)} - known):
            raise WordingError(f"'{key}' asks for {', '.join(unknown)}, which is not among the placeholders.")


def _titles(raw: Mapping[str, Mapping[str, str]]) -> dict[str, Mapping[Rating, str]]:
    wanted = [rating.value for rating in Rating]
    for name in ("say", YOUNG):
        if list(raw.get(name, {})) != wanted:
            raise WordingError(f"buttons.yml, {name}: there must be a title for each of {', '.join(wanted)}, in order.")
    return {name: {Rating(key): title for key, title in raw[name].items()} for name in ("say", YOUNG)}


def _read(path: Path) -> dict[str, Any]:
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise WordingError(f"The words need a file {path.name}.") from error
    except yaml.YAMLError as error:
        raise WordingError(f"{path.name} is not valid YAML: {error}") from error
    if not isinstance(raw, dict):
        raise WordingError(f"{path.name} must be a mapping.")
    return raw
