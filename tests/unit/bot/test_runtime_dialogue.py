"""A miniature dialogue, trained once, taken through turns with actions of several tempers."""

# ruff: noqa: E402

import json
import shutil
from collections.abc import Iterator
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import pytest

from bot.runtime import standin

standin.prepare()

from rasa_sdk import Action
from rasa_sdk.events import SlotSet
from rasa_sdk.interfaces import ActionExecutionRejection

from bot.runtime.actions import TooManyActions
from bot.runtime.loading import Dialogue, DialogueNotReady
from bot.runtime.training import ROOT, TrainingFailed, fingerprint, train, trained_model

DOMAIN = """
version: "3.1"
intents: [greet, rate, stop, thanks, circle, confused]
slots:
  stage: {type: categorical, values: [welcome, rating], influence_conversation: true, mappings: [{type: custom}]}
  count: {type: any, mappings: [{type: custom}]}
actions: [action_greet, action_rate, action_stop, action_unwell, action_choosy, action_circle]
responses:
  utter_hello:
    - text: "Hello from anywhere."
    - text: "Hello from Telegram."
      channel: telegram
session_config: {session_expiration_time: 0, carry_over_slots_to_new_session: true}
"""

RULES = """
version: "3.1"
rules:
  - rule: greet
    steps: [{intent: greet}, {action: action_greet}]
  - rule: rate while rating
    condition: [{slot_was_set: [{stage: rating}]}]
    steps: [{intent: rate}, {action: action_rate}]
  - rule: rate at the welcome
    condition: [{slot_was_set: [{stage: welcome}]}]
    steps: [{intent: rate}, {action: action_stop}]
  - rule: stop
    steps: [{intent: stop}, {action: action_unwell}]
  - rule: thanks
    steps: [{intent: thanks}, {action: action_choosy}]
  - rule: circle
    steps: [{intent: circle}, {action: action_circle}]
"""

NLU = """
version: "3.1"
nlu:
  - intent: greet
    examples: |
      - hello
      - hiya
      - good morning
      - hi there
  - intent: rate
    examples: |
      - I strongly agree
      - agree
      - disagree a bit
      - not really true for me
  - intent: stop
    examples: |
      - stop texting me
      - please stop
      - no more messages
      - leave me alone
"""

words: ContextVar[str] = ContextVar("words", default="")


class Greet(Action):
    def name(self) -> str:
        return "action_greet"

    def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[Any]:
        dispatcher.utter_message(response="utter_hello")
        dispatcher.utter_message(text=f"{len(words.get())} letters")
        return [SlotSet("count", (tracker.get_slot("count") or 0) + 1)]


class Rate(Action):
    def name(self) -> str:
        return "action_rate"

    async def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[Any]:
        assert domain["slots"]["stage"]
        return []


class Stop(Rate):
    def name(self) -> str:
        return "action_stop"


class Unwell(Action):
    def name(self) -> str:
        return "action_unwell"

    def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[Any]:
        raise LookupError("the action fell over")


class Choosy(Action):
    def name(self) -> str:
        return "action_choosy"

    def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[Any]:
        raise ActionExecutionRejection("action_choosy", "not now")


class Circle(Action):
    def name(self) -> str:
        return "action_circle"

    def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[Any]:
        return [{"event": "followup", "name": "action_circle"}]


ACTIONS = (Greet(), Rate(), Stop(), Unwell(), Choosy(), Circle())


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("project")
    (root / "bot/domain").mkdir(parents=True)
    (root / "bot/data").mkdir()
    (root / "bot/domain/domain.yml").write_text(DOMAIN)
    (root / "bot/data/rules.yml").write_text(RULES)
    (root / "bot/data/nlu.yml").write_text(NLU)
    shutil.copy(ROOT / "config.yml", root / "config.yml")
    return root


@pytest.fixture(scope="session")
def reported() -> list[tuple[str, float]]:
    return []


@pytest.fixture(scope="session")
def model(project: Path, reported: list[tuple[str, float]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    (home / "models").mkdir()
    (home / "models/of-yesterday.tar.gz").write_bytes(b"old")
    return train(home, lambda step, fraction: reported.append((step, fraction)), project)


@pytest.fixture(scope="module")
def dialogue(model: Path) -> Iterator[Dialogue]:
    dialogue = Dialogue.load(model, ACTIONS)
    yield dialogue
    dialogue.close()


def test_progress_only_moves_forward_from_nothing_to_all(model: Path, reported: list[tuple[str, float]]) -> None:
    fractions = [fraction for _, fraction in reported]
    assert fractions == sorted(fractions)
    assert (fractions[0], fractions[-1]) == (0.0, 1.0)
    assert len({step for step, _ in reported}) >= 5


def test_a_trained_model_is_used_again_and_older_ones_are_gone(model: Path, project: Path) -> None:
    again: list[tuple[str, float]] = []
    assert train(model.parents[1], lambda *step: again.append(step), project) == model
    assert again == [("ready", 1.0)]
    assert list(model.parent.glob("*.tar.gz")) == [model]


def test_any_change_to_the_files_changes_the_fingerprint(project: Path, tmp_path: Path) -> None:
    changed = tmp_path / "changed"
    shutil.copytree(project, changed)
    assert fingerprint(changed) == fingerprint(project)
    (changed / "bot/data/nlu.yml").write_text(NLU + "      - go away\n")
    assert fingerprint(changed) != fingerprint(project)
    assert trained_model(tmp_path, changed) is None


def test_files_that_make_no_dialogue_are_refused_in_words(tmp_path: Path) -> None:
    shutil.copy(ROOT / "config.yml", tmp_path / "config.yml")
    (tmp_path / "bot/domain").mkdir(parents=True)
    (tmp_path / "bot/data").mkdir()
    with pytest.raises(TrainingFailed, match="no domain"):
        train(tmp_path / "home", lambda *_: None, tmp_path)


def test_a_message_runs_our_action_with_our_context_and_channel(dialogue: Dialogue) -> None:
    words.set("seven77")
    handled = dialogue.handle("c1", "greet", channel="telegram")
    assert handled.action_names == ("action_greet",)
    assert [message["text"] for message in handled.said] == ["Hello from Telegram.", "7 letters"]
    assert dialogue.handle("c1", "greet", channel="sms").said[0]["text"] == "Hello from anywhere."


def test_slots_are_set_before_the_message_is_handled(dialogue: Dialogue) -> None:
    assert dialogue.handle("c2", "rate", slots={"stage": "rating"}).action_names == ("action_rate",)
    assert dialogue.handle("c2", "rate", slots={"stage": "welcome"}).action_names == ("action_stop",)


def test_the_state_of_a_turn_carries_slots_into_the_next(dialogue: Dialogue) -> None:
    state: Any = None
    for turn in range(1, 30):
        handled = dialogue.handle("c3", "greet", tracker_state=state)
        state = json.loads(json.dumps(handled.tracker_state))
        assert handled.action_names == ("action_greet",)
        assert _slot(state, "count") == turn
    assert len(state["events"]) <= 40


def test_conversations_do_not_see_each_other(dialogue: Dialogue) -> None:
    first = dialogue.handle("c4", "greet").tracker_state
    other = dialogue.handle("c5", "greet").tracker_state
    assert (_slot(first, "count"), _slot(other, "count")) == (1, 1)


def test_a_failing_action_aborts_the_turn_with_its_own_exception(dialogue: Dialogue) -> None:
    with pytest.raises(LookupError, match="the action fell over"):
        dialogue.handle("c6", "stop")
    assert dialogue.handle("c6", "greet").action_names == ("action_greet",)


def test_an_action_may_reject_to_run_and_the_rules_decide_what_is_next(dialogue: Dialogue) -> None:
    handled = dialogue.handle("c7", "thanks")
    assert "action_choosy" not in handled.action_names
    assert "action_default_fallback" in handled.action_names


def test_a_dialogue_that_goes_in_circles_is_stopped_and_not_saved(dialogue: Dialogue) -> None:
    with pytest.raises(TooManyActions):
        dialogue.handle("c8", "circle")


@pytest.mark.parametrize(
    ("text", "intent"), [("please stop texting", "stop"), ("hello there", "greet"), ("I agree strongly", "rate")]
)
def test_texts_are_classified(dialogue: Dialogue, text: str, intent: str) -> None:
    name, confidence = dialogue.classify(text)
    assert name == intent
    assert 1 / 3 < confidence <= 1


def test_an_intent_typed_by_somebody_is_only_text(dialogue: Dialogue) -> None:
    name, confidence = dialogue.classify('/stop{"stage": "rating"}')
    assert confidence < 1
    assert name in {"greet", "rate", "stop"}


def test_no_words_are_in_the_state(dialogue: Dialogue) -> None:
    words.set("Aileen Farquhar 07700 900123")
    state = json.dumps(dialogue.handle("c9", "greet", slots={"stage": "rating"}).tracker_state)
    assert "Aileen" not in state
    assert "Hello" not in state


def test_a_missing_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DialogueNotReady, match="not been trained"):
        Dialogue.load(tmp_path / "none.tar.gz", ACTIONS)


def test_a_broken_model_is_refused(tmp_path: Path) -> None:
    broken = tmp_path / "broken.tar.gz"
    broken.write_bytes(b"not a model")
    with pytest.raises(DialogueNotReady, match="cannot be read"):
        Dialogue.load(broken, ACTIONS)


def test_a_model_that_names_an_unknown_action_is_refused(model: Path) -> None:
    with pytest.raises(DialogueNotReady, match=r"do not exist: action_unwell"):
        Dialogue.load(model, [action for action in ACTIONS if not isinstance(action, Unwell)])


def _slot(state: Any, name: str) -> Any:
    values = [event["value"] for event in state["events"] if event["event"] == "slot" and event["name"] == name]
    return values[-1] if values else state["slots"].get(name)
