"""`blether rasa ...` tells Rasa where our files are, unless the person has."""

import json
from pathlib import Path

import pytest

from app.commands.rasa import told, with_our_paths

MODEL = Path("models") / "trained.tar.gz"


@pytest.mark.parametrize(
    ("given", "added"),
    [
        ("train", "--data bot/data --domain bot/domain --config config.yml"),
        ("train --domain other", "--data bot/data --config config.yml"),
        ("train -d other -c mine.yml", "--data bot/data"),
        ("train --data=mine", "--domain bot/domain --config config.yml"),
        ("train nlu", "--nlu bot/data --domain bot/domain --config config.yml"),
        ("data validate", "--data bot/data --domain bot/domain --config config.yml"),
        ("test nlu --cross-validation", "--nlu bot/data --domain bot/domain --config config.yml --no-plot"),
        ("test nlu", f"--nlu bot/data --domain bot/domain --config config.yml --model {MODEL} --no-plot"),
        ("test core", f"--stories tests/conversation/rasa --model {MODEL} --no-plot"),
        ("shell", f"--model {MODEL}"),
        ("shell --model mine", ""),
        ("--version", ""),
        ("train --help", ""),
        ("data", ""),
    ],
)
def test_what_is_added(given: str, added: str) -> None:
    words = given.split()
    assert with_our_paths(words, lambda: MODEL) == [*words, *added.split()]


def test_no_words_ask_for_help() -> None:
    assert with_our_paths([], lambda: MODEL) == ["--help"]


def test_without_a_model_rasa_says_so_itself() -> None:
    assert with_our_paths(["shell"], lambda: None) == ["shell"]


def test_training_does_not_look_for_a_model() -> None:
    def never() -> Path:
        raise AssertionError

    assert "--config" in with_our_paths(["train"], never)


def test_the_reports_of_a_test_are_summed_up(tmp_path: Path) -> None:
    overall = {"weighted avg": {"f1-score": 0.98765, "support": 407.0}}
    stories = {**overall, "conversation_accuracy": {"correct": 70, "total": 73}}
    (tmp_path / "intent_report.json").write_text(json.dumps(overall))
    (tmp_path / "story_report.json").write_text(json.dumps(stories))
    assert told(tmp_path)[:2] == [
        "intents: F1 0.988 over 407",
        "next actions: F1 0.988 over 407; 70 of 73 conversations whole",
    ]


def test_without_reports_there_is_nothing_to_tell(tmp_path: Path) -> None:
    assert told(tmp_path) == []
