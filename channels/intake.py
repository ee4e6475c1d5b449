"""Intake: the one way in. A message is screened, then stored in one short transaction with everything it sets off.

The provider is answered only after the commit, so no disclosure is ever acknowledged whose alert and safety reply are
not on disk. Nothing in here waits for the dialogue: safety replies and STOP work when everything behind it is down.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from channels import replies
from channels.arrival import Arrival, arrive
from channels.commands import Command, command_in
from channels.obey import obey
from channels.safety import SILENT_STAGES, answer_worry, hear_contact, is_a_cry
from consent.stopping import stop
from engagement.participants import conversation_with, find_address, meet_address
from engagement.rounds import round_behind
from protection.raising import Raised, for_their_age, raise_from_screen
from records.database import Database, UnitOfWork
from records.holds import hold_words
from records.outbox import cancel_prompts, post
from records.tables import Conversation, Message, MessageState, OutboxMessage, SealedWords, new_id
from records.types import Category, HoldKind, Inbound, Kind, Lane, Receipt, Stage, Tier, Verdict

_TRIES = 3  # two first messages of one person may race to make the same address row


@dataclass(frozen=True, slots=True)
class Settling:
    """How long to wait for a second message before answering the first."""

    usual: timedelta = timedelta(seconds=3)
    story: timedelta = timedelta(seconds=8)
    button: timedelta = timedelta(0)
    longest: timedelta = timedelta(seconds=20)  # since the first message that waits


@dataclass(frozen=True, slots=True)
class Intake:
    """Takes messages in. `screen` answers within its budget, whatever happens, and never raises."""

    database: Database
    screen: Callable[[Inbound, str | None], Verdict]  # the message, and the question that they were asked last
    texts: replies.FixedReplies
    settling: Settling = Settling()

    def receive(self, inbound: Inbound) -> Receipt:
        """Store one message and all it sets off; return after the commit.

        Raises: NotOurs when it leads to no round. Anything else is a failure, and the provider must not be told "ok".
        """
        with self.database.read() as session:
            if self._is_known(session, inbound):
                return Receipt(None, repeated=True)
            asked = _asked(session, self.database, inbound)
        verdict = self.screen(inbound, asked)
        for last in (False,) * (_TRIES - 1) + (True,):
            try:
                with self.database.write() as unit:
                    return self._accept(unit, inbound, verdict)
            except (IntegrityError, DBAPIError) as error:
                if last or not _may_pass(error):
                    raise
        raise AssertionError("the last try returns or raises")

    def _is_known(self, session: Session, inbound: Inbound) -> bool:
        return session.scalar(select(Message.id).where(Message.dedupe == self._dedupe(inbound))) is not None

    def _dedupe(self, inbound: Inbound) -> str:
        return self.database.box.lookup("message", inbound.channel.value, inbound.to, inbound.external_id)

    def _accept(self, unit: UnitOfWork, inbound: Inbound, verdict: Verdict) -> Receipt:
        if self._is_known(unit.session, inbound):
            return Receipt(None, repeated=True)
        if self._only_stops(unit, inbound):
            return Receipt(None)
        arrival = arrive(unit, inbound, worrying=verdict.tier is not Tier.NONE)
        message = self._store(unit, arrival, inbound, verdict)
        verdict = for_their_age(verdict, arrival.participant.age_band)
        raised = raise_from_screen(unit, message, verdict)
        self._react(unit, arrival, inbound, message, verdict, raised)
        unit.audit(
            "message received",
            actor="participant",
            subject=f"message:{message.id}",
            channel=inbound.channel.value,
            kind=inbound.kind.value,
            tier=verdict.tier.value,
        )
        return Receipt(message.id, tier=verdict.tier)

    def _only_stops(self, unit: UnitOfWork, inbound: Inbound) -> bool:
        """STOP at a door that leads nowhere is obeyed all the same."""
        if command_in(inbound, stopped=False) is not Command.STOP:
            return False
        if round_behind(unit.session, inbound.channel, inbound.to) is not None:
            return False
        address = meet_address(unit, inbound)
        if conversation_with(unit.session, address, None) is not None:
            return False
        stop(unit, address, by_provider=inbound.kind is Kind.STOPPED)
        return True

    def _store(self, unit: UnitOfWork, arrival: Arrival, inbound: Inbound, verdict: Verdict) -> Message:
        conversation, now = arrival.conversation, unit.clock.now()
        newest = select(func.max(Message.number)).where(Message.conversation_id == conversation.id)
        message = Message(
            dedupe=self._dedupe(inbound),
            number=(unit.session.scalar(newest) or 0) + 1,
            conversation_id=conversation.id,
            kind=inbound.kind,
            payload=inbound.payload if inbound.kind is Kind.BUTTON else None,
            words_id=_seal_words(unit, conversation, inbound.text),
            replaces_id=self._edited(unit, inbound),
            prompt_id=inbound.prompt_id,
            tier=verdict.tier,
            foreign=inbound.kind is Kind.TEXT and Category.UNREADABLE in verdict.categories,
            state=MessageState.DUE,
            sent_at=inbound.sent_at,
            received_at=now,
        )
        unit.session.add(message)
        unit.session.flush()
        return message

    def _edited(self, unit: UnitOfWork, inbound: Inbound) -> str | None:
        if inbound.replaces is None:
            return None
        key = self.database.box.lookup("message", inbound.channel.value, inbound.to, inbound.replaces)
        return unit.session.scalar(select(Message.id).where(Message.dedupe == key))

    def _react(
        self,
        unit: UnitOfWork,
        arrival: Arrival,
        inbound: Inbound,
        message: Message,
        verdict: Verdict,
        raised: Raised,
    ) -> None:
        conversation = arrival.conversation
        conversation.interrupts += 1
        cancel_prompts(unit, conversation)
        answered = hear_contact(unit, arrival, inbound, self.texts)
        if not answered:
            answer_worry(unit, arrival, message, inbound, verdict, raised, self.texts)
        command = command_in(inbound, stopped=arrival.stopped)
        obeyed = command is not None and obey(unit, arrival, command, inbound, self.texts)
        if answered or obeyed or self._is_settled_here(unit, arrival, message, inbound, verdict):
            _finish(unit, message)
        else:
            self._make_due(unit, conversation, message)
        conversation.last_heard_at = unit.clock.now()

    def _is_settled_here(
        self, unit: UnitOfWork, arrival: Arrival, message: Message, inbound: Inbound, verdict: Verdict
    ) -> bool:
        """Is there nothing left for the dialogue to do?"""
        conversation = arrival.conversation
        if conversation.stage in SILENT_STAGES:
            return True
        if not arrival.round.is_open:
            post(unit, conversation, self.texts.round_closed(conversation.channel, arrival.round), Lane.REPLY)
            return True
        if verdict.tier is Tier.LOOK and Category.HELP in verdict.categories and is_a_cry(inbound):
            return True
        return inbound.kind is Kind.MEDIA and not inbound.text.strip()

    def _make_due(self, unit: UnitOfWork, conversation: Conversation, message: Message) -> None:
        now = unit.clock.now()
        due = now + self._settle(conversation, message)
        first = unit.session.scalar(
            select(func.min(Message.received_at)).where(
                Message.conversation_id == conversation.id, Message.state == MessageState.DUE
            )
        )
        conversation.due_at = min(due, (first or now) + self.settling.longest)
        unit.ring("turns")

    def _settle(self, conversation: Conversation, message: Message) -> timedelta:
        if message.kind in (Kind.BUTTON, Kind.START):
            return self.settling.button
        return self.settling.story if conversation.stage is Stage.STORY else self.settling.usual


def _asked(session: Session, database: Database, inbound: Inbound) -> str | None:
    """The last question they were shown: "no" means one thing after "I feel safe", another after "shall we go on?"."""
    address = find_address(session, database.box, inbound.channel, inbound.address)
    if address is None:
        return None
    shown = select(OutboxMessage.text).where(
        OutboxMessage.address_id == address.id,
        OutboxMessage.lane == Lane.PROMPT,
        OutboxMessage.sent_at.is_not(None),
    )
    return session.scalar(shown.order_by(OutboxMessage.number.desc()).limit(1))


def _seal_words(unit: UnitOfWork, conversation: Conversation, text: str) -> str | None:
    if not text:
        return None
    row, now = new_id(), unit.clock.now()
    unit.session.add(SealedWords(id=row, words=unit.box.seal("sealed_words", row, "words", text), created_at=now))
    unit.session.flush()
    for kind in (HoldKind.TURN, HoldKind.UNREAD):
        hold_words(unit, row, kind, conversation.id)
    return row


def _finish(unit: UnitOfWork, message: Message) -> None:
    message.state, message.done_at = MessageState.DONE, unit.clock.now()


def _may_pass(error: DBAPIError) -> bool:
    """A race that another try wins: a unique row made twice, a deadlock, a serialisation failure."""
    if isinstance(error, IntegrityError):
        return True
    return getattr(error.orig, "sqlstate", None) in ("40001", "40P01")
