"""The command line as a person meets it: help at once, errors in one sentence, no traceback."""

import subprocess
import sys
from pathlib import Path

import pytest
import typer
from sqlalchemy.exc import OperationalError
from typer.testing import CliRunner

from app.cli import application, plainly
from records.errors import BletherError

COMMANDS = [
    "serve",
    "chat",
    "web",
    "worker",
    "doctor",
    "audit",
    "staff",
    "migrate",
    "version",
    "train",
    "converse",
    "rasa",
    "anonymise",
    "screen",
    "parse",
]
HEAVY = ("rasa", "sqlalchemy", "numpy", "starlette", "pydantic_settings", "telegram", "twilio", "alembic")


def failing_with(error: BaseException) -> typer.Typer:
    """A command line with a single command that fails."""

    def fail() -> None:
        raise error

    app = typer.Typer(pretty_exceptions_enable=False)
    app.command()(plainly(fail))
    return app


def test_every_command_is_there_and_explains_itself() -> None:
    runner = CliRunner()
    overview = runner.invoke(application(), ["--help"]).output
    assert [name for name in COMMANDS if name not in overview] == []
    for name in COMMANDS:
        if name != "rasa":  # which hands --help on to Rasa
            assert runner.invoke(application(), [name, "--help"]).exit_code == 0, name


def test_help_brings_nothing_heavy_with_it() -> None:
    """Which is what keeps it under a third of a second."""
    code = "import sys, app.cli; app.cli.application(); print(*(name for name in sys.argv[1:] if name in sys.modules))"
    answer = subprocess.run([sys.executable, "-c", code, *HEAVY], capture_output=True, text=True, check=True)  # noqa: S603
    assert answer.stdout.strip() == ""


def test_an_error_of_ours_is_one_sentence_and_exit_code_2() -> None:
    answer = CliRunner().invoke(failing_with(BletherError("The door is shut. Open it.")))
    assert (answer.exit_code, answer.stderr, answer.stdout) == (2, "The door is shut. Open it.\n", "")


def test_a_database_that_is_away_is_one_sentence_and_exit_code_2() -> None:
    answer = CliRunner().invoke(failing_with(OperationalError("SELECT words", {}, Exception("hunter2"))))
    assert answer.exit_code == 2
    assert "BLETHER_DATABASE_URL" in answer.stderr
    assert "hunter2" not in answer.stderr


def test_a_surprise_tells_its_kind_and_place_but_never_its_text() -> None:
    answer = CliRunner().invoke(failing_with(ValueError("what somebody wrote")))
    assert answer.exit_code == 1
    assert "ValueError in test_cli.py:" in answer.stderr
    assert "somebody" not in answer.stderr


def test_ctrl_c_is_quiet() -> None:
    answer = CliRunner().invoke(failing_with(KeyboardInterrupt()))
    assert (answer.exit_code, answer.output) == (130, "")


def test_debugging_shows_the_error_itself() -> None:
    answer = CliRunner().invoke(failing_with(ValueError("here")), env={"BLETHER_DEBUG": "1"})
    assert isinstance(answer.exception, ValueError)


def test_a_wrong_setting_is_one_sentence(tmp_path: Path) -> None:
    answer = CliRunner().invoke(application(), ["doctor"], env={"BLETHER_HOME": str(tmp_path), "BLETHER_PORT": "x"})
    assert answer.exit_code == 2
    assert answer.stderr.startswith("BLETHER_PORT cannot be right")
    assert len(answer.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    "arguments", [["nope"], ["worker"], ["worker", "nope"], ["converse"], ["serve", "--port", "x"]]
)
def test_a_slip_of_the_finger_is_exit_code_2_and_points_to_help(arguments: list[str]) -> None:
    answer = CliRunner().invoke(application(), arguments)
    assert answer.exit_code == 2
    assert "Traceback" not in answer.output


def test_the_version_says_what_it_stands_on() -> None:
    assert "Rasa 3.6.21, Python 3.11" in CliRunner().invoke(application(), ["version"]).output
