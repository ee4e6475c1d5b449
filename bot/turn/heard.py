"""What a turn knows before it thinks: read from the tables once, frozen, and raw words only here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from engagement.framework import Framework
from records.types import AgeBand, Asked, Audience, Capabilities, ChannelName, Kind, Rating, Stage, Tier


@dataclass(frozen=True, slots=True)
class Said:
    """One message, or several of one story run together. `text` is raw: it is never stored, logged or shown."""

    message_ids: tuple[str, ...]
    texts: tuple[str, ...] = field(repr=False)  # one for each id
    kind: Kind
    tier: Tier
    received_at: datetime
    payload: str | None = None
    replaces: str | None = None  # our id of the message this edits
    before_prompt: bool = False  # sent before the question that now stands could have been read
    foreign: bool = False  # in a language that nobody here reads: withheld until a person has looked
    unreadable: bool = False  # intake has said that it cannot be read here; it is recorded, never answered again

    @property
    def text(self) -> str:
        return "\n".join(self.texts)


@dataclass(frozen=True, slots=True)
class Answer:
    """What has been answered to one statement so far."""

    rating: Rating | None
    told: bool  # a story stands
    declined: bool  # they would rather not tell more


@dataclass(frozen=True, slots=True)
class RoundFacts:
    """The round, as the dialogue speaks of it."""

    id: str
    name: str
    bodies: str
    area: str
    ratings: bool
    under_18_by_bot: bool
    delete_until: date
    contact: str
    is_open: bool
    is_demo: bool


@dataclass(frozen=True, slots=True)
class Heard:
    """A conversation as it stands, and the messages that wait."""

    conversation_id: str
    participant_id: str
    channel: ChannelName
    capabilities: Capabilities
    round: RoundFacts
    frameworks: Mapping[Audience, tuple[str, Framework]] = field(repr=False)  # edition id and content
    age_band: AgeBand | None
    audience: Audience | None
    agreed: bool
    stage: Stage
    resume_stage: Stage | None
    statement: int | None
    plan: tuple[int, ...]
    progress: Mapping[int, Asked]
    answers: Mapping[int, Answer]
    memory: Mapping[str, Any]
    placeholders: Mapping[str, int] = field(repr=False)
    display_name: str | None = field(repr=False)
    tracker: Mapping[str, Any] | None = field(repr=False)
    last_heard_at: datetime | None  # before the messages of this turn
    said: tuple[Said, ...]
    now: datetime
    lease_token: int
    interrupts: int
    safe_contact: bool | None = None  # their answer to "is this a safe way to contact you?"
    asked_last: bool = True  # the last thing they had from us is the question that stands
