"""Takes one turn: reads each message that waits, lets the dialogue decide, and returns what is to be done.

It must never change anything outside the Turn, so that a turn can be thrown away and taken again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Protocol

from bot import memory
from bot.contexts import slots_of
from bot.hearing import Read, hear, reads_as_story
from bot.turn.heard import Heard, Said
from bot.turn.turn import Tools, Turn, running
from bot.understand import Intent, Parsed
from records.types import Kind, Stage, Tier

AWHILE = timedelta(hours=12)
ONE_BREATH = timedelta(minutes=1)
SILENT = (Stage.STOPPED, Stage.DELETED)
TELLING = (Stage.RATING, Stage.STORY)


class HandledLike(Protocol):
    """What the dialogue made of one message."""

    @property
    def tracker_state(self) -> Mapping[str, Any]:
        """Its own state, for the next message."""

    @property
    def action_names(self) -> tuple[str, ...]:
        """What it did, in order."""


class DialogueLike(Protocol):
    """The trained dialogue, as far as a turn needs it."""

    def handle(
        self,
        sender_id: str,
        intent: str,
        confidence: float = 1.0,
        entities: Sequence[Mapping[str, Any]] = (),
        slots: Mapping[str, Any] | None = None,
        tracker_state: Mapping[str, Any] | None = None,
        channel: str = "sms",
    ) -> HandledLike:
        """Take one understood message through the rules and actions."""


def take_turn(heard: Heard, tools: Tools, dialogue: DialogueLike, read: Read) -> Turn:
    """Everything that is to be said and done about the messages that wait.

    Raises: whatever an action, the anonymiser or the dialogue raises; then nothing of the turn may be kept.
    """
    turn = Turn(heard, tools)
    turn.away = heard.last_heard_at is not None and heard.now - heard.last_heard_at > AWHILE
    turn.recap = turn.away and _asked_at(heard) in TELLING
    worries = [said.received_at for said in heard.said if said.tier >= Tier.CONCERN]
    waiting = list(heard.said)
    while waiting:
        said = waiting.pop(0)
        if turn.stage in SILENT and said.kind is not Kind.RETURNED:
            continue  # they stopped, or took everything back: nothing is said, and nothing kept
        turn.early = said.before_prompt or turn.prompt is not None
        if not turn.early:
            turn.memory.pop(memory.FRESH, None)
        disclosing = any(abs(said.received_at - worry) <= ONE_BREATH for worry in worries)
        intent, parsed = hear(turn, said, read, disclosing)
        if intent == Intent.TELL_STORY and turn.stage in TELLING:
            said = _with_the_rest(turn, said, waiting, read)
        _handle(turn, said, intent, parsed, dialogue)
    return turn


def _handle(turn: Turn, said: Said, intent: str, parsed: Parsed, dialogue: DialogueLike) -> None:
    turn.listen(said, parsed)
    with running(turn):
        handled = dialogue.handle(
            turn.heard.conversation_id,
            intent,
            parsed.confidence,
            slots=slots_of(turn),
            tracker_state=turn.tracker,
            channel=turn.heard.channel.value,
        )
    turn.tracker = handled.tracker_state
    turn.actions += handled.action_names
    turn.memory[memory.DELETE_TOLD] = intent == Intent.DELETE_MY_DATA
    turn.memory[memory.LOST] = int(turn.memory.get(memory.LOST, 0)) + 1 if intent == Intent.CONFUSED else 0
    if turn.courtesy:  # no question came for it to go in front of
        turn.say(turn.courtesy)
        turn.courtesy = ""
    if turn.agreed:  # the transcript is written from these
        for message_id, text in zip(said.message_ids, said.texts, strict=True):
            turn.masked(message_id, text)


def _with_the_rest(turn: Turn, said: Said, waiting: list[Said], read: Read) -> Said:
    """A story sent in several messages is one story: what follows it in the same breath is taken with it."""
    while waiting and reads_as_story(turn, waiting[0], read):
        more = waiting.pop(0)
        said = replace(
            said,
            message_ids=said.message_ids + more.message_ids,
            texts=said.texts + more.texts,
            tier=max(said.tier, more.tier),
        )
    return said


def _asked_at(heard: Heard) -> Stage | None:
    return heard.resume_stage if heard.stage is Stage.PAUSED else heard.stage
