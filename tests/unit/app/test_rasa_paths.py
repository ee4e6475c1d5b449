"""`blether rasa ...` tells Rasa where our files are, unless the person has."""

from pathlib import Path

import pytest

from app.commands.rasa import with_our_paths

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
        ("test nlu --cross-validation", "--nlu bot/data --domain bot/domain --config config.yml"),
        ("test nlu", f"--nlu bot/data --domain bot/domain --config config.yml --model {MODEL}"),
        ("test core", f"--stories tests/conversation/rasa --model {MODEL}"),
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
