"""The Turn: the in-memory world that the dialogue's actions read and write. Nothing here touches the database."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any, Protocol

from anonymise.anonymiser import Masked
from anonymise.placeholders import Placeholders
from bot.turn.effects import Effect, KnowPerson, SetProgress
from bot.turn.heard import Answer, Heard, Said
from bot.understand import Parsed
from bot.words import Words
from engagement.framework import Framework, Statement, pack
from records.errors import BletherError
from records.types import AgeBand, Asked, Audience, Button, Outbound, Stage

_SMS_COMFORT = 306  # two segments
_COMFORT = 700

_CURRENT: ContextVar["Turn"] = ContextVar("turn")


class NoTurn(BletherError):
    """An action ran outside a turn."""


class Mask(Protocol):
    """Anonymises a response: the only way from raw words to words that are kept."""

    def __call__(self, text: str, placeholders: Placeholders, *, always: Sequence[str] = ()) -> Masked: ...


@dataclass(frozen=True, slots=True)
class Tools:
    """What a turn works with. Passed in, so that a test can pass others."""

    mask: Mask
    words: Words
    placeholder_key: bytes


class Turn:
    """One turn. Actions speak with `say` and `ask`, move `stage` and `statement`, and add effects with `do`."""

    def __init__(self, heard: Heard, tools: Tools) -> None:
        self.heard = heard
        self.tools = tools
        self.stage = heard.stage
        self.resume_stage = heard.resume_stage
        self.statement = heard.statement
        self.plan = list(heard.plan)
        self.progress = dict(heard.progress)
        self.answers = dict(heard.answers)
        self.age_band = heard.age_band
        self.audience = heard.audience
        self.safe_contact = heard.safe_contact
        self.agreed = heard.agreed
        self.memory: dict[str, Any] = {**heard.memory}
        self.placeholders = Placeholders(tools.placeholder_key, heard.placeholders)
        self.effects: list[Effect] = []
        self.replies: list[str] = []
        self.prompt: Outbound | None = None
        self.actions: list[str] = []  # names of what the dialogue did, for the audit
        self.kept: set[str] = set()  # messages read after they had agreed: only these are transcribed
        self.statement_of: dict[str, int | None] = {}  # message -> the statement that stood when it was read
        self.tracker: Mapping[str, Any] | None = heard.tracker  # the dialogue's own state, to be committed
        self.courtesy = ""  # a short thank-you that goes in front of the question, so that it costs no text of its own
        self.recap = False  # they come back after a while: say where we were before anything is asked
        self.away = False  # they write again after more than half a day
        self.early = False  # this message was sent before the question that stands could be read
        self._masked: dict[str, Masked] = {}
        self._said: Said | None = None
        self._parsed: Parsed | None = None

    # what is being answered -------------------------------------------------------------------------------------------

    def listen(self, said: Said, parsed: Parsed) -> None:
        """Take up the next message. What was asked by an earlier one of the same turn is asked no more."""
        self._said, self._parsed = said, parsed
        self.prompt = None
        for message_id in said.message_ids:
            self.statement_of[message_id] = self.statement
        if self.agreed:
            self.kept.update(said.message_ids)

    @property
    def said(self) -> Said:
        """The message being answered. Raises: NoTurn before `listen`."""
        if self._said is None:
            raise NoTurn("No message is being answered.")
        return self._said

    @property
    def parsed(self) -> Parsed:
        """How the message being answered was understood. Raises: NoTurn before `listen`."""
        if self._parsed is None:
            raise NoTurn("No message is being answered.")
        return self._parsed

    @property
    def framework(self) -> Framework:
        """The statements this person is asked about. Raises: NoTurn before they said who they are."""
        return self._edition[1]

    @property
    def edition_id(self) -> str:
        """The framework edition's id in our tables."""
        return self._edition[0]

    @property
    def _edition(self) -> tuple[str, Framework]:
        if self.audience is None or self.audience not in self.heard.frameworks:
            raise NoTurn("This round has no statements for this audience.")
        return self.heard.frameworks[self.audience]

    @property
    def current(self) -> Statement:
        """The statement being talked about. Raises: NoTurn when none is."""
        if self.statement is None:
            raise NoTurn("No statement is being talked about.")
        return self.framework.statement(self.statement)

    def answer(self, statement: int) -> Answer:
        """What has been answered to a statement so far."""
        return self.answers.get(statement, Answer(rating=None, told=False, declined=False))

    # speaking ---------------------------------------------------------------------------------------------------------

    def words(self, key: str, **values: object) -> tuple[str, ...]:
        """The messages of the wording for `key`, another wording each time it is needed in this conversation."""
        used: dict[str, int] = dict(self.memory.get("used", {}))
        times = used.get(key, 0)
        used[key] = times + 1
        self.memory["used"] = used
        return self.tools.words.say(key, channel=self.heard.channel, variant=times, young=self.is_young, **values)

    def word(self, key: str, **values: object) -> str:
        """The same as one text."""
        return "\n\n".join(self.words(key, **values))

    def tell(self, key: str, **values: object) -> None:
        """Say the wording for `key`, one reply for each of its messages."""
        self.say(*self.words(key, **values))

    def say(self, *texts: str) -> None:
        """Add replies; they leave in order, before the question."""
        self.replies += [text for text in texts if text]

    def ask(self, text: str, buttons: Sequence[Button] = ()) -> None:
        """Set the question that this turn ends with. The last one asked stands."""
        shown = tuple(buttons) if self.heard.capabilities.buttons else ()
        self.prompt = Outbound(text, shown)

    def packed_replies(self) -> tuple[Outbound, ...]:
        """The replies in as few messages as the channel carries comfortably, in order."""
        limit = _SMS_COMFORT if self.heard.capabilities.alphabet_gsm7 else _COMFORT
        return tuple(Outbound(text) for text in pack(self.replies, "\n\n", limit))

    # doing ------------------------------------------------------------------------------------------------------------

    def do(self, effect: Effect) -> None:
        """Add an effect, and let the rest of the turn see the world as it will then be."""
        self.effects.append(effect)
        match effect:
            case SetProgress(statement, asked):
                self.progress[statement] = asked
            case KnowPerson(age_band=age_band, audience=audience, safe_contact=safe_contact):
                self.age_band = age_band or self.age_band
                self.audience = audience or self.audience
                self.safe_contact = self.safe_contact if safe_contact is None else safe_contact
            case _:
                pass

    def note_answer(self, statement: int, **facts: Any) -> None:
        """Remember within the turn what was just answered: rating, told, declined."""
        self.answers[statement] = replace(self.answer(statement), **facts)

    def masked(self, message_id: str, text: str) -> Masked:
        """The anonymised words of one message, anonymised once a turn."""
        if message_id not in self._masked:
            name = self.heard.display_name
            self._masked[message_id] = self.tools.mask(text, self.placeholders, always=(name,) if name else ())
        return self._masked[message_id]

    def move(self, stage: Stage, statement: int | None = None) -> None:
        """Go to a stage, and to a statement if one is given."""
        self.stage = stage
        if statement is not None:
            self.statement = statement

    @property
    def is_young(self) -> bool:
        """Under 18, as far as they told us."""
        return self.age_band in (AgeBand.UNDER_12, AgeBand.AGE_12_15, AgeBand.AGE_16_17)

    @property
    def is_too_young(self) -> bool:
        """Under 12: they are never asked, and never invited."""
        return self.age_band is AgeBand.UNDER_12

    @property
    def is_unsafe(self) -> bool:
        """They said that this is no safe way to reach them: somebody else may read what we write."""
        return self.safe_contact is False

    def asked(self, statement: int) -> Asked:
        """What is known about a statement: not asked, asked, answered or skipped."""
        return self.progress.get(statement, Asked.NOT_ASKED)

    def may_ask(self, audience: Audience) -> bool:
        """Has the round statements for this audience?"""
        return audience in self.heard.frameworks


def current_turn() -> Turn:
    """The turn that an action runs in. Raises: NoTurn outside one."""
    try:
        return _CURRENT.get()
    except LookupError:
        raise NoTurn("An action ran outside a turn.") from None


@contextmanager
def running(turn: Turn) -> Iterator[Turn]:
    """Make `turn` the current one."""
    token = _CURRENT.set(turn)
    try:
        yield turn
    finally:
        _CURRENT.reset(token)
