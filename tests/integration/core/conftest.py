"""A whole house in small: real tables, real intake, worker and delivery; a scripted dialogue and a fake provider."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

import pytest

from anonymise.anonymiser import Masked
from bot.turn.effects import RecordStory
from bot.turn.heard import Heard
from bot.turn.turn import Tools, Turn
from bot.understand import Parsed
from bot.words import Words
from bot.worker import Worker
from channels.delivery import Delivery
from channels.errors import ChannelError
from channels.intake import Intake
from channels.interface import Sent
from channels.replies import FixedReplies
from engagement.rounds import open_demo_round
from records.clock import ManualClock
from records.database import Database
from records.tables import OutboxState
from records.types import (
    Capabilities,
    Category,
    ChannelName,
    Inbound,
    Kind,
    Outbound,
    Stage,
    Tier,
    Verdict,
)

DOOR = "+447700900000"
PERSON = "+447700900123"


@dataclass
class FakeProvider:
    """Takes messages, or fails as it is told to."""

    name: ChannelName = ChannelName.SMS
    capabilities: Capabilities = field(
        default_factory=lambda: Capabilities(buttons=False, max_length=1600, push=True, alphabet_gsm7=True)
    )
    sent: list[tuple[str, str]] = field(default_factory=list)
    attempts: list[str] = field(default_factory=list)
    failures: list[ChannelError] = field(default_factory=list)
    known: dict[str, str] = field(default_factory=dict)  # attempts the provider has although we do not know
    state: OutboxState = OutboxState.SENT

    def send(self, address: str, message: Outbound, *, door: str, attempt_id: str) -> Sent:
        self.attempts.append(attempt_id)
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append((address, message.text))
        return Sent(f"SM{len(self.sent)}", self.state)

    def find_sent(self, address: str, attempt_id: str, text: str, since: datetime) -> str | None:
        return self.known.get(attempt_id)

    @property
    def texts(self) -> list[str]:
        return [text for _, text in self.sent]


def screen(inbound: Inbound, asked: str | None) -> Verdict:
    """Fires on three words of these tests, and on "no" after a first question."""
    if inbound.text == "no" and asked == "Question 1?":
        return Verdict(Tier.LOOK, 0.5, (Category.PSYCHOLOGICAL,), "test: no")
    if "danger" in inbound.text:
        return Verdict(Tier.IMMEDIATE, 0.99, (Category.PHYSICAL,), "test: danger")
    if "worry" in inbound.text:
        return Verdict(Tier.CONCERN, 0.9, (Category.NEGLECT,), "test: worry")
    if "hmm" in inbound.text:
        return Verdict(Tier.LOOK, 0.5, (Category.NEGLECT,), "test: hmm")
    if inbound.kind is Kind.MEDIA:
        return Verdict(Tier.LOOK, 1.0, (Category.UNREADABLE,), "a picture")
    return Verdict(Tier.NONE, 0.0)


def mask(text: str, placeholders: object, *, always: object = ()) -> Masked:
    return Masked(text=text.replace("Morag", "«name 1»"), findings=(), held="withhold" in text, reason="test")


@dataclass
class FakeDialogue:
    """Thanks for everything and asks the next question; `during` runs while it thinks."""

    tools: Tools
    during: Callable[[Heard], None] | None = None
    failures: int = 0
    heard: list[Heard] = field(default_factory=list)

    def __call__(self, heard: Heard) -> Turn:
        self.heard.append(heard)
        if self.failures:
            self.failures -= 1
            raise ValueError("Morag said something secret")
        if self.during is not None:
            self.during(heard)
        turn = Turn(heard, self.tools)
        for said in heard.said:
            turn.listen(said, Parsed("tell_story", None, 1.0, None))
            for message_id, text in zip(said.message_ids, said.texts, strict=True):
                masked = turn.masked(message_id, text)
                if turn.agreed and turn.statement:
                    turn.do(RecordStory(turn.statement, ((message_id, masked),)))
        if heard.stage is not Stage.SAFETY:
            turn.say("Thank you.")
            turn.ask(f"Question {len(self.heard)}?")
        return turn


@dataclass
class SmallHouse:
    """Everything that a message meets."""

    database: Database
    clock: ManualClock
    provider: FakeProvider
    dialogue: FakeDialogue
    intake: Intake
    worker: Worker
    delivery: Delivery
    count: int = 0

    def text(self, words: str, **facts: object) -> Inbound:
        """A message from our person."""
        self.count += 1
        known = {
            "channel": ChannelName.SMS,
            "external_id": f"SM{self.count:032d}",
            "to": DOOR,
            "address": PERSON,
            "kind": Kind.TEXT,
            "sent_at": self.clock.now(),
            "text": words,
        }
        return Inbound(**{**known, **facts})  # type: ignore[arg-type]

    def hear(self, words: str, **facts: object) -> Inbound:
        inbound = self.text(words, **facts)
        self.intake.receive(inbound)
        return inbound

    def settle(self, seconds: float = 30) -> None:
        """Let time pass, take all turns and deliver everything."""
        self.clock.advance(timedelta(seconds=seconds))
        self.worker.take_all()
        self.deliver()

    def deliver(self) -> list[str]:
        before = len(self.provider.sent)
        self.delivery.deliver_due(ChannelName.SMS)
        return self.provider.texts[before:]


@pytest.fixture
def house(database: Database, clock: ManualClock) -> SmallHouse:
    with database.write() as unit:
        open_demo_round(unit, [(ChannelName.SMS, DOOR)])
    provider = FakeProvider()
    tools = Tools(mask=mask, words=Words.load(), placeholder_key=database.box.placeholder_key)
    dialogue = FakeDialogue(tools)
    worker = Worker(
        database,
        {ChannelName.SMS: provider.capabilities},
        dialogue,
        lambda channel: (Outbound("A person will read that."),),
    )
    return SmallHouse(
        database,
        clock,
        provider,
        dialogue,
        Intake(database, screen, FixedReplies(Words.load())),
        worker,
        Delivery(database, {ChannelName.SMS: provider}, Random(7)),
    )
