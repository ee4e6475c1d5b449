"""The small types everybody speaks: what a message is, where it came from, how worried we are about it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class ChannelName(StrEnum):
    """The ways somebody can reach us."""

    SMS = "sms"
    TELEGRAM = "telegram"
    WEB = "web"


class Kind(StrEnum):
    """What sort of thing a provider delivered."""

    TEXT = "text"
    BUTTON = "button"  # a button was pressed; `text` is the button's label, `payload` its data
    MEDIA = "media"  # a picture, voice note or file, with or without text
    START = "start"  # an invitation or deep link was followed; `payload` is its code
    STOPPED = "stopped"  # the provider says they blocked us or opted out
    RETURNED = "returned"  # the provider says they came back


@dataclass(frozen=True, slots=True)
class Inbound:
    """One message as a provider delivered it, before anything is known about who sent it."""

    channel: ChannelName
    external_id: str  # the provider's id: the same id is the same message, however often it comes
    to: str  # our end: the number, bot or page it was sent to (a door of a round)
    address: str  # theirs; sealed as soon as it is stored
    kind: Kind
    sent_at: datetime  # aware, UTC
    text: str = ""
    payload: str | None = None  # button data, or the code of an invitation
    replaces: str | None = None  # external id of the message this is an edit of
    prompt_id: str | None = None  # the outbox id of the prompt whose button was pressed
    display_name: str | None = None  # as the channel shows it; sealed with the address
    provider_replied: bool = False  # the provider has answered a keyword itself, so we must not


@dataclass(frozen=True, slots=True)
class Button:
    """One choice under a prompt. `title` is what is shown, `payload` what comes back (at most 40 bytes)."""

    title: str
    payload: str


@dataclass(frozen=True, slots=True)
class Outbound:
    """One text to send, already in its final words."""

    text: str
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a channel can do, so that wording and buttons can be chosen for it."""

    buttons: bool
    max_length: int  # characters of one message
    push: bool  # can we write to somebody who is not looking at the page?
    alphabet_gsm7: bool = False  # charged by segment; texts keep to GSM-7


class Lane(StrEnum):
    """The order in which replies to one address leave: safety first."""

    SAFETY = "safety"
    REPLY = "reply"
    PROMPT = "prompt"


class Tier(StrEnum):
    """How worried the screen, or a person, is. Ordered: none < look < concern < immediate."""

    NONE = "none"
    LOOK = "look"
    CONCERN = "concern"
    IMMEDIATE = "immediate"

    @property
    def rank(self) -> int:
        return list(Tier).index(self)

    def __lt__(self, other: object) -> bool:
        return self.rank < _rank(other)

    def __le__(self, other: object) -> bool:
        return self.rank <= _rank(other)

    def __gt__(self, other: object) -> bool:
        return self.rank > _rank(other)

    def __ge__(self, other: object) -> bool:
        return self.rank >= _rank(other)


def _rank(other: object) -> int:
    """The rank of a tier. A plain word is refused, because Python would then compare letters: "look" > "immediate"."""
    if not isinstance(other, Tier):
        raise TypeError("a tier is compared with a tier only")
    return other.rank


class Category(StrEnum):
    """What a concern may be about (the harms of the 2007 Act and the child protection guidance)."""

    PHYSICAL = "physical"
    SEXUAL = "sexual"
    PSYCHOLOGICAL = "psychological"
    FINANCIAL = "financial"
    NEGLECT = "neglect"
    SELF_NEGLECT = "self_neglect"
    SELF_HARM = "self_harm"
    SUICIDE = "suicide"
    DOMESTIC_ABUSE = "domestic_abuse"
    EXPLOITATION = "exploitation"
    FORCED_MARRIAGE = "forced_marriage"
    FGM = "fgm"
    HONOUR_BASED = "honour_based"
    HATE = "hate"
    INSTITUTIONAL = "institutional"
    ONLINE = "online"
    CHILD = "child"  # harm to a child, whoever writes
    DANGER = "danger"  # a danger to life that is none of the above: fire, overdose, missing, a weapon
    HELP = "help"  # a cry for help that says nothing more
    UNREADABLE = "unreadable"  # a language, script, picture or voice note that the screen cannot read
    UNSCREENED = "unscreened"  # the screen failed or ran out of time


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the screen made of one message. `score` lies in 0..1; `reason` names what fired, never the words."""

    tier: Tier
    score: float
    categories: tuple[Category, ...] = ()
    reason: str = ""


class AgeBand(StrEnum):
    """Asked before anything else, because it decides the notice."""

    UNDER_12 = "under_12"
    AGE_12_15 = "12_15"
    AGE_16_17 = "16_17"
    AGE_18_25 = "18_25"
    AGE_26_PLUS = "26_plus"


class Audience(StrEnum):
    """Whose set of statements is asked about."""

    PERSON = "person"  # uses health or social care services
    CARER = "carer"  # unpaid carer, of any age
    YOUNG_PERSON = "young_person"
    PARENT = "parent"  # parent or family member of a child
    JUSTICE = "justice"  # experience of the justice system


class Rating(StrEnum):
    """How far somebody agrees with a statement, or the fact that they would rather not say."""

    STRONGLY_AGREE = "strongly_agree"
    AGREE = "agree"
    NEITHER = "neither"
    DISAGREE = "disagree"
    STRONGLY_DISAGREE = "strongly_disagree"
    DONT_KNOW = "dont_know"
    NOT_APPLICABLE = "not_applicable"

    @property
    def points(self) -> int | None:
        """5 = strongly agree … 1 = strongly disagree; None for the two that are no opinion."""
        return {"strongly_agree": 5, "agree": 4, "neither": 3, "disagree": 2, "strongly_disagree": 1}.get(self.value)


class Stage(StrEnum):
    """Where a conversation stands. What is asked next follows from it; it lives in our tables, not in the dialogue."""

    WELCOME = "welcome"  # nothing said by us yet
    AGE = "age"
    AUDIENCE = "audience"
    AGREEMENT = "agreement"
    CHOOSE = "choose"  # which statements to talk about
    RATING = "rating"
    STORY = "story"
    PAUSED = "paused"
    SAFETY = "safety"  # after an alert: nothing is asked until the person asks for it
    FINISHED = "finished"
    DECLINED = "declined"  # said no, is under 12, or a wrong number
    STOPPED = "stopped"
    DELETED = "deleted"


class Asked(StrEnum):
    """The four facts about a statement that are not an answer, and the one that is."""

    NOT_ASKED = "not_asked"
    ASKED = "asked"
    ANSWERED = "answered"
    SKIPPED = "skipped"


class HoldKind(StrEnum):
    """Why sealed words are still kept."""

    TURN = "turn"  # the dialogue has not read them yet
    UNREAD = "unread"  # no person has read the conversation yet
    LOOK = "look"
    ALERT = "alert"
    RELEASE = "release"  # withheld until a person has looked


class RequestKind(StrEnum):
    """What a participant can ask a person for."""

    PERSON = "person"
    YOUNG_VOLUNTEER = "young_volunteer"
    SUPPORTER = "supporter"
    COMPLAINT = "complaint"
    LANGUAGE = "language"


class Role(StrEnum):
    """What a member of staff may do."""

    ENGAGEMENT = "engagement"
    INSPECTOR = "inspector"
    SAFEGUARDING = "safeguarding"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What intake did with a message."""

    message_id: str | None
    repeated: bool = False
    tier: Tier = Tier.NONE
    note: str = field(default="")
