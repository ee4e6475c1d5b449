"""The command `blether`. Heavy imports happen inside the commands, so that `--help` answers at once.

An error that a person can do something about is one plain sentence and exit code 2; a traceback never reaches them.
"""

import os
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

import typer
from typer.exceptions import TyperException

from app.commands import audit, chat, converse, doctor, lines, migrate, rasa, serve, staff, train, version, web, worker
from records.errors import BletherError

P = ParamSpec("P")
R = TypeVar("R")

PLAIN_ERROR = 2  # something a person can put right
SURPRISE = 1
INTERRUPTED = 130  # as shells report Ctrl-C
PASSED_THROUGH = {"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []}
RUN, LOOK, WORK, SCRIPT = "Run it", "Look after it", "Work on the dialogue", "For scripts (JSON Lines in and out)"


def application() -> typer.Typer:
    """All commands."""
    app = typer.Typer(
        name="blether",
        help="A conversational engagement bot for people with lived experience of care in Scotland.",
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode="rich",
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.command("serve", rich_help_panel=RUN)(plainly(serve.serve))
    app.command("chat", rich_help_panel=RUN)(plainly(chat.chat))
    app.command("web", rich_help_panel=RUN)(plainly(web.web))
    app.command("worker", rich_help_panel=RUN)(plainly(worker.worker))
    app.command("doctor", rich_help_panel=LOOK)(plainly(doctor.doctor))
    app.add_typer(_group("audit", "The record of who did what.", verify=audit.verify), rich_help_panel=LOOK)
    app.add_typer(_group("staff", "Who may sign in to the console.", add=staff.add), rich_help_panel=LOOK)
    app.command("migrate", rich_help_panel=LOOK)(plainly(migrate.migrate))
    app.command("version", rich_help_panel=LOOK)(plainly(version.version))
    app.command("train", rich_help_panel=WORK)(plainly(train.train))
    app.command("converse", rich_help_panel=WORK)(plainly(converse.converse))
    app.command("rasa", rich_help_panel=WORK, context_settings=PASSED_THROUGH)(plainly(rasa.rasa))
    for command in (lines.anonymise, lines.screen, lines.parse):
        app.command(command.__name__, rich_help_panel=SCRIPT)(plainly(command))
    return app


def main() -> None:
    """The entry of the command line. A word that is not understood is told in one sentence, as any other error is."""
    try:
        code = application()(prog_name="blether", standalone_mode=False)
    except typer.Abort:
        sys.exit(INTERRUPTED)
    except TyperException as error:
        _tell_usage(error)
        sys.exit(PLAIN_ERROR)
    sys.exit(code if isinstance(code, int) else 0)


def _tell_usage(error: TyperException) -> None:
    """What is wrong with the words on the command line; the whole help when there were none."""
    message = str(getattr(error, "message", "")) or str(error)
    if type(error).__name__ == "NoArgsIsHelpError":
        print(message)  # noqa: T201
        return
    print(f"{message.rstrip('.')}. `blether --help` lists what there is.", file=sys.stderr)  # noqa: T201


def plainly(command: Callable[P, R]) -> Callable[P, R]:
    """The same command, whose errors are told as a sentence. BLETHER_DEBUG=1 shows where they come from."""

    @wraps(command)
    def told(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except typer.Exit:
            raise
        except KeyboardInterrupt:
            raise typer.Exit(INTERRUPTED) from None
        except BrokenPipeError:  # whoever read our output has heard enough, as `head` does
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(0) from None
        except Exception as error:
            if os.environ.get("BLETHER_DEBUG"):
                raise
            print(_sentence(error), file=sys.stderr)  # noqa: T201 - the one place that tells a person
            raise typer.Exit(PLAIN_ERROR if _is_plain(error) else SURPRISE) from None

    return told


def _group(name: str, help_text: str, **commands: Callable[..., object]) -> typer.Typer:
    group = typer.Typer(name=name, help=help_text, no_args_is_help=True)
    group.callback()(_nothing)
    for word, command in commands.items():
        group.command(word)(plainly(command))
    return group


def _nothing() -> None:
    """Keeps a group with a single command a group."""


def _sentence(error: Exception) -> str:
    """What to tell. Of errors that are not ours only the kind and the place, because their text may quote somebody."""
    if isinstance(error, BletherError):
        return str(error)
    if _is_plain(error):
        return (
            "The database cannot be used as it is. Check that it runs and that BLETHER_DATABASE_URL is right; "
            "`blether doctor` looks further. Nothing is lost."
        )
    return (
        f"Something went wrong that was not expected ({type(error).__name__} in {_place(error)}). What was committed "
        "before is safe. BLETHER_DEBUG=1 shows more."
    )


def _is_plain(error: Exception) -> bool:
    """Ours, or the database's own: SQLAlchemy is not imported to ask."""
    kinds = {f"{kind.__module__}.{kind.__name__}" for kind in type(error).__mro__}
    return isinstance(error, BletherError) or bool(
        kinds & {"sqlalchemy.exc.OperationalError", "sqlalchemy.exc.ProgrammingError", "sqlalchemy.exc.TimeoutError"}
    )


def _place(error: Exception) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    code = trace.tb_frame.f_code if trace is not None else None
    return f"{Path(code.co_filename).name}:{trace.tb_lineno}" if code and trace else "an unknown place"
