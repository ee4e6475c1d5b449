"""The statements people are asked about, read from YAML and checked.

An edition in use is never changed, only superseded by another.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from records.errors import BletherError
from records.types import Audience, Rating

FOLDER = Path(__file__).parent / "frameworks"
HOW_MANY = 12
ONE_TEXT = 160  # GSM-7 septets in one SMS
COUNTER = 14  # kept free in front of a prompt for "12 out of 12. "
LONGEST_STATEMENT = 100
LONGEST_THEME = 26
EDITION = re.compile(r"(\d{4})-(\d{1,2})")
SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


class FrameworkError(BletherError):
    """A framework file is missing, cannot be right, or was changed after somebody was asked from it."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One "I" statement with everything the bot says around it, and what inspectors file it under."""

    number: int
    key: str
    theme: str  # lower case, so that it reads in the middle of a sentence: "You were on 4 of 12, your plan."
    statement: str
    prompt: str  # the first way of putting it, the statement included
    reworded: str  # another way, for after an interruption
    story_prompt: str
    explanation: str
    quality_indicators: tuple[str, ...]
    source_text: str | None  # the official wording, once the client has given it
    verbatim_verified: bool

    @property
    def explanation_messages(self) -> tuple[str, ...]:
        """The explanation cut between sentences into texts of one SMS each (two at most)."""
        return pack(SENTENCE_END.split(self.explanation), " ", ONE_TEXT)


@dataclass(frozen=True, slots=True)
class Framework:
    """One edition of one audience's set. `label` says whose words they are; show it wherever the statements are."""

    audience: Audience
    edition: str
    label: str
    title: str
    indicators_from: str  # where the quality indicators come from and whether anybody has confirmed them
    scale: tuple[Rating, ...]
    statements: tuple[Statement, ...]

    def statement(self, number: int) -> Statement:
        """The statement with this number. Raises: FrameworkError if there is none."""
        if not 1 <= number <= len(self.statements):
            raise FrameworkError(f"There is no statement {number}: the numbers go from 1 to {len(self.statements)}.")
        return self.statements[number - 1]

    @property
    def menu(self) -> tuple[str, ...]:
        """The themes with their numbers, packed into as few one-SMS texts as they need, for somebody who picks."""
        return pack((f"{one.number} {one.theme}" for one in self.statements), ", ", ONE_TEXT)

    @property
    def digest(self) -> str:
        """SHA-256 of everything in the edition, in one canonical form. It moves when anything at all is changed."""
        canonical = json.dumps(asdict(self), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(canonical.encode("utf-8")).hexdigest()

    def ensure_unchanged(self, recorded_digest: str) -> None:
        """Hold this edition against the digest recorded when it was first used.

        Raises: FrameworkError if they differ.
        """
        if self.digest != recorded_digest:
            raise FrameworkError(
                f"Edition {self.edition} for {self.audience} is in use and its file has been changed. "
                "Put the file back as it was, and make the change in a new edition."
            )


def pack(pieces: Iterable[str], joint: str, limit: int) -> tuple[str, ...]:
    """Join `pieces` with `joint` into as few texts as possible, none longer than `limit`, no piece cut in two."""
    texts: list[str] = []
    for piece in pieces:
        longer = f"{texts[-1]}{joint}{piece}" if texts else ""
        if texts and len(longer) <= limit:
            texts[-1] = longer
        else:
            texts.append(piece)
    return tuple(texts)


@cache
def load_framework(audience: Audience, edition: str | None = None, folder: Path = FOLDER) -> Framework:
    """The named edition for an audience, or its newest.

    Raises: FrameworkError, naming the file and what is wrong, if it is missing or cannot be right.
    """
    name = edition or _newest(audience, folder)
    path = folder / f"{audience}-{name}.yml"
    if not path.is_file():
        raise FrameworkError(f"There is no edition {name} of the statements for {audience}.")
    framework = _framework(_read(path), path.name)
    if (framework.audience, framework.edition) != (audience, name):
        raise FrameworkError(f"{path.name}: the audience and edition inside are not the ones in its name.")
    return framework


@cache
def load_all(folder: Path = FOLDER) -> Mapping[Audience, Framework]:
    """The newest edition for every audience. Raises: FrameworkError if any audience has none or one that is wrong."""
    return {audience: load_framework(audience, folder=folder) for audience in Audience}


def _newest(audience: Audience, folder: Path) -> str:
    editions = [path.stem.removeprefix(f"{audience}-") for path in folder.glob(f"{audience}-*.yml")]
    dated = [(tuple(map(int, match.groups())), one) for one in editions if (match := EDITION.fullmatch(one))]
    if not dated:
        raise FrameworkError(f"There are no statements for {audience}: add a file {audience}-2026-1.yml.")
    return max(dated)[1]


def _read(path: Path) -> dict[str, Any]:
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise FrameworkError(f"{path.name} is not valid YAML: {error}") from error
    if not isinstance(raw, dict):
        raise FrameworkError(f"{path.name} must be a mapping with a header and 'statements'.")
    return raw


def _framework(raw: dict[str, Any], where: str) -> Framework:
    _exactly(raw, {field.name for field in fields(Framework)}, where)
    statements = tuple(_statement(one, where) for one in raw["statements"])
    _check_set(statements, where)
    try:
        audience, scale = Audience(raw["audience"]), tuple(Rating(one) for one in raw["scale"])
    except ValueError as error:
        raise FrameworkError(f"{where}: {error}.") from error
    header = {name: _text(raw, name, where) for name in ("edition", "label", "title", "indicators_from")}
    return Framework(audience=audience, scale=scale, statements=statements, **header)


def _statement(raw: Any, where: str) -> Statement:
    if not isinstance(raw, dict):
        raise FrameworkError(f"{where}: each statement must be a mapping.")
    where = f"{where}, statement {raw.get('number', '?')}"
    _exactly(raw, {field.name for field in fields(Statement)}, where)
    words = {name: _text(raw, name, where) for name in ("key", "theme", "statement", "story_prompt", "explanation")}
    for name in ("prompt", "reworded"):
        words[name] = _around_statement(_text(raw, name, where), words["statement"], f"{where}, {name}")
    made = Statement(
        number=raw["number"],
        quality_indicators=tuple(str(one) for one in raw["quality_indicators"]),
        source_text=raw["source_text"],
        verbatim_verified=raw["verbatim_verified"],
        **words,
    )
    _check_statement(made, where)
    return made


def _around_statement(template: str, statement: str, where: str) -> str:
    if template.count("{statement}") != 1:
        raise FrameworkError(f"{where}: must hold {{statement}} exactly once.")
    return template.replace("{statement}", statement)


def _check_statement(one: Statement, where: str) -> None:
    faults = {
        "the statement must start with 'I '": not one.statement.startswith("I "),
        f"the statement is longer than {LONGEST_STATEMENT}": len(one.statement) > LONGEST_STATEMENT,
        f"the theme is longer than {LONGEST_THEME}": len(one.theme) > LONGEST_THEME,
        "the prompt is longer than one text": len(one.prompt) > ONE_TEXT - COUNTER,
        "the second wording is longer than one text": len(one.reworded) > ONE_TEXT - COUNTER,
        "the second wording is the same as the first": one.reworded == one.prompt,
        "the story question is longer than one text": len(one.story_prompt) > ONE_TEXT,
        "the explanation needs more than two texts": len(one.explanation_messages) > 2,
        "a sentence of the explanation is longer than one text": max(map(len, one.explanation_messages)) > ONE_TEXT,
        "it has no quality indicator": not one.quality_indicators,
        "it is marked verified but has no source text": bool(one.verbatim_verified and not one.source_text),
    }
    for fault, found in faults.items():
        if found:
            raise FrameworkError(f"{where}: {fault}.")


def _check_set(statements: tuple[Statement, ...], where: str) -> None:
    if [one.number for one in statements] != list(range(1, HOW_MANY + 1)):
        raise FrameworkError(f"{where}: there must be {HOW_MANY} statements, numbered 1 to {HOW_MANY} in order.")
    for name in ("key", "theme", "statement", "prompt", "reworded"):
        if len({getattr(one, name) for one in statements}) != HOW_MANY:
            raise FrameworkError(f"{where}: two statements have the same {name}.")


def _exactly(raw: dict[str, Any], wanted: set[str], where: str) -> None:
    if missing := sorted(wanted - raw.keys()):
        raise FrameworkError(f"{where}: missing {', '.join(missing)}.")
    if unknown := sorted(map(str, raw.keys() - wanted)):
        raise FrameworkError(f"{where}: unknown {', '.join(unknown)}.")


def _text(raw: dict[str, Any], name: str, where: str) -> str:
    value = raw[name]
    if not isinstance(value, str) or not value.strip():
        raise FrameworkError(f"{where}: {name} must be words.")
    return value.strip()
