"""The participation information, read from YAML: which notice a person gets, and its words filled in.

What was shown is recorded by key, version and digest, so a notice somebody has agreed to is never changed.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from consent.lines import Asking, Line, NoticeError, Question, asking, fill, lines, read, wordings
from records.types import AgeBand, Audience, ChannelName

__all__ = ["Notice", "NoticeError", "Notices", "Question", "fill", "load_notices", "notice_for"]

FOLDER = Path(__file__).parent / "notices"
ENTRY = "entry.yml"
PLACEHOLDERS = "placeholders.yml"
VERSION = re.compile(r"(\d{4})-(\d{1,2})")
AT_MOST_BEFORE_THE_QUESTION = 4


@dataclass(frozen=True, slots=True)
class Notice:
    """The information one person is shown, in the wording for them. Placeholders are still in it: see `fill`."""

    key: str
    version: str
    language: str
    purposes: tuple[str, ...]  # what a yes to this notice is a yes to
    messages: tuple[str, ...]  # before the question, at most four
    question: Question
    more: tuple[str, ...]  # one for each time they say ASK, in this order
    more_done: str  # when there is nothing more to tell; asks again

    @property
    def digest(self) -> str:
        """SHA-256 of exactly these words, so that a record of agreement can show what was agreed to."""
        canonical = json.dumps(asdict(self), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(canonical.encode("utf-8")).hexdigest()


@dataclass(frozen=True, slots=True)
class Template:
    """A whole notice file, before the person is known."""

    key: str
    version: str
    language: str
    ages: tuple[AgeBand, ...]
    purposes: tuple[str, ...]
    messages: tuple[Line, ...]
    question: Asking
    more: tuple[Line, ...]
    more_done: str


@dataclass(frozen=True, slots=True)
class Notices:
    """Everything in the folder: the newest notice for each age, what is said on the way in, the known placeholders."""

    templates: Mapping[AgeBand, Template]
    texts: Mapping[str, tuple[Line, ...]]
    questions: Mapping[str, Asking]
    longest: Mapping[str, str]  # placeholder -> the longest value it must fit with

    def notice(self, age: AgeBand, audience: Audience, channel: ChannelName) -> Notice:
        """The notice for this person. Raises: NoticeError if there is none for their age (nothing is taken then)."""
        if age not in self.templates:
            raise NoticeError(f"There is no notice for the age band {age}: nobody of that age can be asked anything.")
        found = self.templates[age]
        return Notice(
            key=found.key,
            version=found.version,
            language=found.language,
            purposes=found.purposes,
            messages=wordings(found.messages, channel, audience, age),
            question=found.question.on(channel),
            more=wordings(found.more, channel, audience, age),
            more_done=found.more_done,
        )

    def text(self, key: str, channel: ChannelName) -> tuple[str, ...]:
        """What is said on the way in (welcome, invitation, under_12 ...). Raises: NoticeError for an unknown key."""
        if key not in self.texts:
            raise NoticeError(f"There is no text called {key} among the notices.")
        return wordings(self.texts[key], channel)

    def question(self, key: str, channel: ChannelName) -> Question:
        """The age question or the audience question. Raises: NoticeError for an unknown key."""
        if key not in self.questions:
            raise NoticeError(f"There is no question called {key} among the notices.")
        return self.questions[key].on(channel)


def notice_for(age: AgeBand, audience: Audience, channel: ChannelName) -> Notice:
    """The participation information for one person. Raises: NoticeError if there is none for their age."""
    return load_notices().notice(age, audience, channel)


@cache
def load_notices(folder: Path = FOLDER) -> Notices:
    """Read and check the folder. Raises: NoticeError, naming the file and what is wrong."""
    longest = {name: str(one["longest"]) for name, one in read(folder / PLACEHOLDERS).items()}
    entry = read(folder / ENTRY)
    return Notices(
        templates=_by_age([_template(path) for path in sorted(folder.glob("*-*.yml"))]),
        texts={key: lines(raw, f"{ENTRY}, {key}") for key, raw in entry["texts"].items()},
        questions={key: asking(raw, raw["options"], f"{ENTRY}, {key}") for key, raw in entry["questions"].items()},
        longest=longest,
    )


def _by_age(templates: list[Template]) -> dict[AgeBand, Template]:
    """The newest version wins; two notices of the same version for one age cannot both be right."""
    chosen: dict[AgeBand, Template] = {}
    for one in sorted(templates, key=lambda template: _order(template.version)):
        for age in one.ages:
            if age in chosen and chosen[age].version == one.version:
                raise NoticeError(f"There are two notices of version {one.version} for the age band {age}.")
            chosen[age] = one
    return chosen


def _order(version: str) -> tuple[int, ...]:
    match = VERSION.fullmatch(version)
    if match is None:
        raise NoticeError(f"The version {version} is not a year and a number, as in 2026-1.")
    return tuple(map(int, match.groups()))


def _template(path: Path) -> Template:
    raw, where = read(path), path.name
    try:
        if path.stem != f"{raw['key']}-{raw['version']}":
            raise NoticeError(f"{where}: the key and version inside are not the ones in its name.")
        made = Template(
            key=raw["key"],
            version=raw["version"],
            language=raw["language"],
            ages=tuple(AgeBand(one) for one in raw["ages"]),
            purposes=tuple(raw["purposes"]),
            messages=lines(raw["messages"], where),
            question=asking({**raw["question"], "again": raw["question_again"]}, raw["answers"], where),
            more=lines(raw["more"], where),
            more_done=raw["more_done"],
        )
    except KeyError as error:
        raise NoticeError(f"{where}: missing {error.args[0]}.") from error
    except ValueError as error:
        raise NoticeError(f"{where}: {error}.") from error
    if not 0 < len(made.messages) <= AT_MOST_BEFORE_THE_QUESTION:
        raise NoticeError(f"{where}: there may be at most {AT_MOST_BEFORE_THE_QUESTION} messages before the question.")
    return made
