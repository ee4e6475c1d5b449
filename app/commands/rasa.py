"""`blether rasa ...`: Rasa's own command line, for those who design the dialogue. Nothing is sent to anybody."""

import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import typer

_ROOT = Path(__file__).resolve().parents[2]
# what a command of Rasa's needs to be told about where our files are, unless the person has told it already
_DATA = ("--data", "bot/data")
_DOMAIN = ("--domain", "bot/domain")
_CONFIG = ("--config", "config.yml")
_PATHS = {
    ("train",): (_DATA, _DOMAIN, _CONFIG),
    ("train", "nlu"): (("--nlu", "bot/data"), _DOMAIN, _CONFIG),
    ("train", "core"): (("--stories", "bot/data"), _DOMAIN, _CONFIG),
    ("test",): (("--stories", "tests/conversation/rasa"), ("--nlu", "bot/data"), _DOMAIN),
    ("test", "nlu"): (("--nlu", "bot/data"), _DOMAIN, _CONFIG),
    ("test", "core"): (("--stories", "tests/conversation/rasa"),),
    ("data", "validate"): (_DATA, _DOMAIN, _CONFIG),
    ("data", "split"): (("--nlu", "bot/data"),),
    ("visualize",): (("--stories", "bot/data"), _DOMAIN, _CONFIG),
}
_WITH_MODEL = {("shell",), ("shell", "nlu"), ("test",), ("test", "nlu"), ("test", "core"), ("interactive",)}
_SHORT = {"-d": "--domain", "-c": "--config", "-m": "--model", "-u": "--nlu", "-s": "--stories"}


def rasa(context: typer.Context) -> None:
    """Rasa's own commands, with our files.

    For example: train, test nlu --cross-validation, shell, data validate.
    """
    from app.settings import load_settings
    from app.start_up import limit_threads

    settings = load_settings()
    limit_threads(settings.threads)
    from bot.runtime import standin
    from bot.runtime.training import trained_model

    arguments = with_our_paths(context.args, lambda: trained_model(settings.home))
    results = settings.home / "results"
    if arguments[0] == "test" and not any(word.startswith("--out") for word in arguments):
        arguments += ["--out", str(results)]
    standin.prepare()
    if not Path("config.yml").exists():
        os.chdir(_ROOT)  # where the files above are
    sys.path.insert(0, str(_ROOT))  # Rasa loads our components by their dotted names
    sys.argv = ["rasa", *arguments]
    from rasa.__main__ import main

    main()
    if arguments[0] == "test":
        for line in told(results):
            typer.echo(line)


def told(results: Path) -> list[str]:
    """What the reports of a test come to. Rasa would log it, but its loggers are off, because they log messages too."""
    lines = []
    for name, what in (("intent_report.json", "intents"), ("story_report.json", "next actions")):
        if (results / name).is_file():
            report = json.loads((results / name).read_text())
            overall = report.get("weighted avg", {})
            share = f"F1 {overall.get('f1-score', 0):.3f} over {overall.get('support', 0):.0f}"
            stories = report.get("conversation_accuracy")
            whole = f"; {stories['correct']} of {stories['total']} conversations whole" if stories else ""
            lines.append(f"{what}: {share}{whole}")
    return [*lines, f"The reports are in {results}"] if lines else []


def with_our_paths(given: Sequence[str], model: Callable[[], Path | None]) -> list[str]:
    """The arguments, with the places of our files added where the person named none.

    Args: model: finds the trained model, which is asked for only by commands that need one.
    """
    if not given or "--help" in given or "-h" in given:
        return list(given) or ["--help"]
    words = tuple(word for word in given[:2] if not word.startswith("-"))
    command = words if words in _PATHS or words in _WITH_MODEL else words[:1]
    named = {_SHORT.get(word, word).partition("=")[0] for word in given}
    added = [part for option in _PATHS.get(command, ()) if option[0] not in named for part in option]
    if command in _WITH_MODEL and "--model" not in named and "--cross-validation" not in named and (found := model()):
        added += ["--model", str(found)]
    if command[:1] == ("test",) and "--no-plot" not in named:
        added.append("--no-plot")  # matplotlib takes the stand-in for TensorFlow at its word, and never comes back
    return [*given, *added]
