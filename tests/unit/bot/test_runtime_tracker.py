"""What is carried from one turn to the next."""

# ruff: noqa: E402

import json

import pytest

from bot.runtime import standin

standin.prepare()

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    AllSlotsReset,
    BotUttered,
    Event,
    SlotSet,
    UserUttered,
)

from bot.runtime.tracker import KEPT_EVENTS, compact, restore

with standin.quiet():
    DOMAIN = Domain.from_yaml(
        """
version: "3.1"
intents: [rate, stop]
actions: [action_rate]
slots:
  stage: {type: text, mappings: [{type: custom}]}
  count: {type: any, mappings: [{type: custom}]}
"""
    )

TURN: list[Event] = [
    UserUttered("", {"name": "rate", "confidence": 0.9}, input_channel="sms"),
    ActionExecuted("action_rate"),
    BotUttered("Thank you."),
    ActionExecuted("action_listen"),
]


def test_a_new_conversation_has_begun_and_listens() -> None:
    tracker = restore("c", DOMAIN, None)
    assert tracker.latest_action_name == "action_listen"
    assert list(tracker.applied_events())


def test_a_long_conversation_keeps_only_its_last_turns() -> None:
    tracker = restore("c", DOMAIN, None)
    tracker.update_with_events([SlotSet("stage", "rating"), *TURN * 50], DOMAIN)
    state = compact(tracker)
    assert len(state["events"]) <= KEPT_EVENTS
    assert state["events"][0]["name"] == "action_listen"
    assert state["slots"] == {"stage": "rating"}


def test_neither_bot_texts_nor_messages_are_kept() -> None:
    tracker = restore("c", DOMAIN, None)
    said = UserUttered(
        "my name is Aileen", {"name": "stop", "confidence": 1.0}, parse_data={"text": "my name is Aileen"}
    )
    tracker.update_with_events([said, BotUttered("Hello Aileen")], DOMAIN)
    assert "Aileen" not in json.dumps(compact(tracker))


def test_an_active_loop_survives() -> None:
    tracker = restore("c", DOMAIN, None)
    tracker.update_with_events([ActiveLoop("asking"), *TURN * 20], DOMAIN)
    state = compact(tracker)
    assert state["active_loop"] == "asking"
    assert restore("c", DOMAIN, state).active_loop_name == "asking"


EVENTS = st.lists(
    st.one_of(
        st.just(TURN),
        st.integers(0, 9).map(lambda n: [SlotSet("count", n)]),
        st.sampled_from(["rating", "story", None]).map(lambda s: [SlotSet("stage", s)]),
        st.just([AllSlotsReset()]),
    ),
    max_size=60,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(EVENTS)
def test_slots_are_the_same_after_any_conversation_went_to_json_and_back(parts: list[list[Event]]) -> None:
    tracker = restore("c", DOMAIN, None)
    tracker.update_with_events([event for part in parts for event in part], DOMAIN)
    again = restore("c", DOMAIN, json.loads(json.dumps(compact(tracker))))
    assert again.current_slot_values() == tracker.current_slot_values()
    assert again.latest_action_name == tracker.latest_action_name


@pytest.mark.parametrize("turns", [1, 9, 10, 11, 30])
def test_compacting_a_restored_tracker_again_changes_nothing(turns: int) -> None:
    tracker = restore("c", DOMAIN, None)
    for _ in range(turns):
        tracker.update_with_events(TURN, DOMAIN)
        tracker = restore("c", DOMAIN, compact(tracker))
    state = compact(tracker)
    assert compact(restore("c", DOMAIN, state))["events"] == state["events"]
