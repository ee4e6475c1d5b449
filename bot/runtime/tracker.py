"""A conversation's state as Rasa needs it between two turns, kept small, and free of anybody's words.

Must never keep a text: only intents, actions, slots and loops are carried over.
"""

# ruff: noqa: E402 - Rasa can only be imported once the process is prepared for it

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.runtime import standin

standin.prepare()

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    AllSlotsReset,
    BotUttered,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
    deserialise_events,
)
from rasa.shared.core.trackers import DialogueStateTracker

KEPT_EVENTS = 40

State = Mapping[str, Any]


def compact(tracker: DialogueStateTracker) -> dict[str, Any]:
    """What the next turn needs of a tracker, ready for JSON: the last events, and what the earlier ones amounted to.

    Bot texts are left out (the transcript has them) and of a message only its intent and entities are kept.
    """
    events = [event for event in tracker.events if not isinstance(event, BotUttered)]
    cut = _turn_boundary(events)
    slots, loop = _folded(events[:cut])
    return {"slots": slots, "active_loop": loop, "events": [_plain(event) for event in events[cut:]]}


def restore(sender_id: str, domain: Domain, state: State | None) -> DialogueStateTracker:
    """The tracker again; without a state, that of a conversation which has just begun and listens."""
    return DialogueStateTracker.from_events(sender_id, _restored(state), slots=domain.slots, domain=domain)


def _restored(state: State | None) -> list[Event]:
    if state is None:
        return [ActionExecuted(ACTION_SESSION_START_NAME), SessionStarted(), ActionExecuted(ACTION_LISTEN_NAME)]
    earlier: list[Event] = [SlotSet(name, value) for name, value in state["slots"].items()]
    loop = [ActiveLoop(state["active_loop"])] if state["active_loop"] else []
    return [*earlier, *loop, *deserialise_events(list(state["events"]))]


def _turn_boundary(events: list[Event]) -> int:
    """Where the kept events begin: at a point where the bot listened, so that no turn is kept by halves."""
    earliest = max(0, len(events) - KEPT_EVENTS)
    listens = (i for i in range(earliest, len(events)) if getattr(events[i], "action_name", None) == ACTION_LISTEN_NAME)
    return 0 if earliest == 0 else next(listens, earliest)


def _folded(events: Iterable[Event]) -> tuple[dict[str, Any], str | None]:
    slots: dict[str, Any] = {}
    loop: str | None = None
    for event in events:
        if isinstance(event, SlotSet):
            slots[event.key] = event.value
        elif isinstance(event, AllSlotsReset):
            slots.clear()
        elif isinstance(event, ActiveLoop):
            loop = event.name
    return slots, loop


def _plain(event: Event) -> dict[str, Any]:
    if not isinstance(event, UserUttered):
        plain: dict[str, Any] = event.as_dict()
        return plain
    parsed = {"text": "", "intent": dict(event.intent), "entities": [dict(entity) for entity in event.entities]}
    return {
        "event": "user",
        "timestamp": event.timestamp,
        "text": "",
        "parse_data": parsed,
        "input_channel": event.input_channel,
    }


@dataclass(slots=True)
class Carried:
    """What goes into one turn and what comes out of it."""

    state: State | None = None
    slots: Mapping[str, Any] = field(default_factory=dict)
    saved: dict[str, Any] | None = None
    actions: tuple[str, ...] = ()


class TurnTrackerStore(TrackerStore):  # type: ignore[misc]
    """Hands Rasa the tracker of this turn, and keeps what it saves for whoever commits the turn. Stores nothing."""

    def __init__(self, domain: Domain, carried: Callable[[], Carried]) -> None:
        super().__init__(domain)
        self._carried = carried

    async def retrieve(self, sender_id: str) -> DialogueStateTracker:
        """The tracker as the last turn left it, with the slots that our own tables say are true now."""
        carried = self._carried()
        tracker = restore(sender_id, self.domain, carried.state)
        changed = {name: value for name, value in carried.slots.items() if tracker.get_slot(name) != value}
        tracker.update_with_events([SlotSet(name, value) for name, value in changed.items()], self.domain)
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep the compacted state for the caller to commit."""
        carried = self._carried()
        carried.saved = compact(tracker)
        carried.actions = _actions_of_this_turn(tracker)


def _actions_of_this_turn(tracker: DialogueStateTracker) -> tuple[str, ...]:
    names: list[str] = []
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            break
        if isinstance(event, ActionExecuted) and event.action_name:
            names.append(event.action_name)
    return tuple(name for name in reversed(names) if name != ACTION_LISTEN_NAME)
