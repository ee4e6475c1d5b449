"""Loads a trained dialogue and takes it through one message at a time.

Must never answer from a model that is not ready, never keep a conversation between two calls, never see a text except
to classify it.
"""

# ruff: noqa: E402 - Rasa can only be imported once the process is prepared for it

import asyncio
import contextvars
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from bot.runtime import standin

standin.prepare()

from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.data import TrainingType
from rasa.shared.exceptions import RasaException
from rasa_sdk import Action

from bot.runtime.actions import Executor, TurnAborted, TurnProcessor
from bot.runtime.tracker import Carried, State, TurnTrackerStore
from records.errors import BletherError


class DialogueNotReady(BletherError):
    """The trained dialogue is missing, broken, or does not fit the program."""


@dataclass(frozen=True, slots=True)
class Handled:
    """What Rasa made of one message. Nothing of it is stored yet."""

    tracker_state: Mapping[str, Any]
    action_names: tuple[str, ...]
    said: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)  # what actions said through the dispatcher


class Sink(OutputChannel):  # type: ignore[misc]
    """Collects what is said, under the name of the channel it is said on, so that channel variants match."""

    def __init__(self, channel: str) -> None:
        self.channel = channel
        self.said: list[Mapping[str, Any]] = []

    def name(self) -> str:
        """The channel's own name."""
        return self.channel

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep the whole message; nothing is split or sent here."""
        self.said.append(dict(message))


class Dialogue:
    """One loaded dialogue for one worker thread. Synchronous outside, with an event loop of its own inside."""

    def __init__(self, processor: TurnProcessor, store: TurnTrackerStore, carried: "list[Carried]") -> None:
        self._processor = processor
        self._carried = carried
        self._runner = asyncio.Runner()
        self._busy = threading.Lock()
        processor.tracker_store = store

    @classmethod
    def load(cls, model: Path, actions: Iterable[Action]) -> Self:
        """The dialogue of a trained model, with our actions.

        Raises: DialogueNotReady when the model cannot be loaded, cannot converse, or names an action we do not have.
        """
        executor = Executor(actions)
        carried = [Carried()]
        store = TurnTrackerStore(Domain.empty(), lambda: carried[0])
        processor = _processor(model, store, executor)
        store.domain = processor.domain
        _refuse_unless_ready(processor, executor)
        return cls(processor, store, carried)

    def handle(
        self,
        sender_id: str,
        intent: str,
        confidence: float = 1.0,
        entities: Sequence[Mapping[str, Any]] = (),
        slots: Mapping[str, Any] | None = None,
        tracker_state: State | None = None,
        channel: str = "sms",
    ) -> Handled:
        """Take one understood message through the rules and actions.

        `slots` are set before the message is handled, `tracker_state` is what the last turn returned. Actions run in
        the caller's context, so its context variables are theirs.
        Raises: whatever an action raised; TooManyActions. In either case nothing was kept.
        """
        sink = Sink(channel)
        message = UserMessage(
            "", sink, sender_id, parse_data=_parsed(intent, confidence, entities), input_channel=channel
        )
        with self._busy:
            self._carried[0] = carried = Carried(state=tracker_state, slots=slots or {})
            try:
                self._runner.run(self._processor.handle_message(message), context=contextvars.copy_context())
            except TurnAborted as aborted:
                raise aborted.__cause__ or aborted from None
            finally:
                self._carried[0] = Carried()
        return Handled(carried.saved or {}, carried.actions, tuple(sink.said))

    def classify(self, text: str) -> tuple[str, float]:
        """The likeliest intent of a text and its probability."""
        with self._busy:
            return _classify(self._processor, text)

    def close(self) -> None:
        """Give the event loop back."""
        self._runner.close()


class ModelReader:
    """Only the reading half of a trained dialogue: classifies texts, runs no rules and needs no actions."""

    def __init__(self, model: Path) -> None:
        """Raises: DialogueNotReady when the model cannot be loaded."""
        store = TurnTrackerStore(Domain.empty(), Carried)
        self._processor = _processor(model, store, Executor([]))

    def classify(self, text: str) -> tuple[str, float]:
        """The likeliest intent of a text and its probability."""
        return _classify(self._processor, text)


def _classify(processor: TurnProcessor, text: str) -> tuple[str, float]:
    """A leading slash is never a command to Rasa: without it the text is only text."""
    harmless = UserMessage(text.lstrip("/ \t\n"))
    parsed = processor._parse_message_with_graph(harmless, DialogueStateTracker.from_events("", []))
    return str(parsed["intent"]["name"]), float(parsed["intent"]["confidence"])


def _processor(model: Path, store: TurnTrackerStore, executor: Executor) -> TurnProcessor:
    if not model.is_file():
        raise DialogueNotReady("The dialogue has not been trained yet. Run `blether train`.")
    try:
        with standin.quiet():
            processor = TurnProcessor(
                model_path=model,
                tracker_store=store,
                lock_store=InMemoryLockStore(),
                generator=NaturalLanguageGenerator.create(None, None),
                executor=executor,
            )
    except (RasaException, OSError, ValueError, KeyError, EOFError) as error:
        raise DialogueNotReady("The trained dialogue cannot be read. Delete it and run `blether train`.") from error
    processor.nlg = NaturalLanguageGenerator.create(None, processor.domain)
    return processor


def _refuse_unless_ready(processor: TurnProcessor, executor: Executor) -> None:
    metadata, domain = processor.model_metadata, processor.domain
    if metadata.training_type != TrainingType.BOTH or not metadata.core_target or not metadata.nlu_target:
        raise DialogueNotReady("The trained dialogue can only do half of its work. Run `blether train`.")
    ours = {name for name in domain.user_actions if not name.startswith("utter_") and name not in domain.forms}
    if missing := sorted(ours - executor.names):
        raise DialogueNotReady(f"The dialogue names actions that do not exist: {', '.join(missing)}.")


def _parsed(intent: str, confidence: float, entities: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {
        "text": "",
        "intent": {"name": intent, "confidence": confidence},
        "entities": [dict(entity) for entity in entities],
        "intent_ranking": [],
    }
