"""The dialogue's own files: they fit together, agree with the program, and do what the test stories tell."""

# ruff: noqa: E402

import asyncio
import json
from itertools import chain

import pytest
import yaml

from bot.runtime import standin

standin.prepare()

from rasa.core.agent import load_agent
from rasa.core.test import test as run_core_test
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.validator import Validator

from bot.actions import all_actions
from bot.contexts import slots_of
from bot.runtime.training import ROOT
from bot.understand import Intent, Parsed
from records.types import Stage

DOMAIN = {
    name: yaml.safe_load((ROOT / f"bot/domain/{name}.yml").read_text()) for name in ("intents", "slots", "actions")
}
RULES = [
    rule
    for path in sorted((ROOT / "bot/data/rules").glob("*.yml"))
    for rule in yaml.safe_load(path.read_text())["rules"]
]
TEST_STORIES = ROOT / "tests/conversation/rasa"


def intents_of(rule):
    first = rule["steps"][0]
    return [one["intent"] for one in first["or"]] if "or" in first else [first["intent"]]


def test_every_intent_that_can_be_read_is_known_to_the_rules():
    known = set(DOMAIN["intents"]["intents"])
    assert {intent.value for intent in Intent} <= known
    assert {intent for rule in RULES for intent in intents_of(rule)} <= known


def test_every_intent_has_a_rule():
    assert set(DOMAIN["intents"]["intents"]) == {intent for rule in RULES for intent in intents_of(rule)}


def test_every_action_that_can_be_done_is_in_the_domain_and_the_other_way_round():
    assert sorted(DOMAIN["actions"]["actions"]) == sorted(action.name() for action in all_actions())


def test_every_action_is_used_by_a_rule_or_is_the_fallback():
    used = {step["action"] for rule in RULES for step in rule["steps"] if "action" in step}
    assert {action.name() for action in all_actions()} - used == {"action_default_fallback"}


def test_the_slots_of_the_rules_are_the_slots_that_are_set(talk):
    turn = talk(Stage.RATING).says("4")
    turn.listen(turn.said, Parsed(Intent.RATE, 1.0))
    assert set(slots_of(turn)) == set(DOMAIN["slots"]["slots"])


def test_the_stages_of_the_rules_are_the_stages_there_are():
    assert DOMAIN["slots"]["slots"]["stage"]["values"] == [stage.value for stage in Stage]


def test_no_two_rules_share_a_name():
    names = [rule["rule"] for rule in RULES]
    assert len(set(names)) == len(names)


@pytest.mark.filterwarnings("ignore")
def test_the_files_are_valid_for_rasa():
    importer = TrainingDataImporter.load_from_config(
        str(ROOT / "config.yml"), str(ROOT / "bot/domain"), [str(ROOT / "bot/data")]
    )
    validator = Validator.from_importer(importer)
    assert validator.verify_domain_validity()
    assert validator.verify_intents(ignore_warnings=True)
    assert validator.verify_story_structure(ignore_warnings=False)


def test_there_are_at_least_forty_test_stories():
    stories = chain.from_iterable(yaml.safe_load(path.read_text())["stories"] for path in TEST_STORIES.glob("*.yml"))
    assert len(list(stories)) >= 40


@pytest.mark.filterwarnings("ignore")
def test_every_test_story_goes_as_it_is_told(dialogue_model, tmp_path):
    agent = asyncio.run(load_agent(str(dialogue_model)))
    told = run_core_test(str(TEST_STORIES), agent, out_directory=str(tmp_path), disable_plotting=True, errors=True)
    asyncio.run(told)
    report = json.loads((tmp_path / "story_report.json").read_text())["conversation_accuracy"]
    assert (report["correct"], report["total"] >= 40) == (report["total"], True), report
    assert "predicted" not in (tmp_path / "failed_test_stories.yml").read_text()
