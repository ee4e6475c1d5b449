"""What a turn does, as data. Actions add effects; the commit carries them out in one transaction."""

from dataclasses import dataclass

from anonymise.anonymiser import Masked
from consent.notice import Notice
from records.types import AgeBand, Asked, Audience, Rating, RequestKind


@dataclass(frozen=True, slots=True)
class ShowNotice:
    """These were the words they read before the question."""

    notice: Notice


@dataclass(frozen=True, slots=True)
class Agree:
    """They said yes to the notice, for a purpose."""

    notice: Notice
    purpose: str


@dataclass(frozen=True, slots=True)
class Refuse:
    """They said no."""

    notice: Notice | None


@dataclass(frozen=True, slots=True)
class KnowPerson:
    """What they said of themselves. None leaves a fact as it is."""

    age_band: AgeBand | None = None
    audience: Audience | None = None
    has_supporter: bool | None = None
    safe_contact: bool | None = None


@dataclass(frozen=True, slots=True)
class SetProgress:
    """A statement was asked, answered or skipped."""

    statement: int
    asked: Asked


@dataclass(frozen=True, slots=True)
class RecordRating:
    """A rating; supersedes the one before."""

    statement: int
    rating: Rating


@dataclass(frozen=True, slots=True)
class RecordStory:
    """Anonymised words to one statement, message by message; `anew` supersedes what was told before."""

    statement: int
    parts: tuple[tuple[str, Masked], ...]  # message id, masked words
    anew: bool = False


@dataclass(frozen=True, slots=True)
class DeclineStory:
    """They would rather not tell more."""

    statement: int


@dataclass(frozen=True, slots=True)
class ReplaceMessage:
    """They want the edited words to stand instead of the earlier ones."""

    old_message: str
    new_message: str
    statement: int | None
    rating: Rating | None  # when the new words rate the statement


@dataclass(frozen=True, slots=True)
class AskForPerson:
    """They want something that only a person can give."""

    kind: RequestKind


@dataclass(frozen=True, slots=True)
class StopMessages:
    """They asked, in words of their own, not to be written to again."""


@dataclass(frozen=True, slots=True)
class Finish:
    """The conversation has come to its end."""


Effect = (
    ShowNotice
    | Agree
    | Refuse
    | KnowPerson
    | SetProgress
    | RecordRating
    | RecordStory
    | DeclineStory
    | ReplaceMessage
    | AskForPerson
    | StopMessages
    | Finish
)
