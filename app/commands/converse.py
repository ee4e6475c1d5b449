"""`blether converse FILE`: a scripted conversation."""

import sys
from pathlib import Path
from typing import Annotated

import typer


def converse(
    file: Annotated[Path, typer.Argument(help="A conversation in YAML: channel, starts, turns.")],
) -> None:
    """Run a scripted conversation on a throw-away database.

    Prints one JSON object for each turn, and one with the final facts.
    """
    from app.settings import load_settings
    from app.start_up import limit_threads

    limit_threads(load_settings().threads)
    from app.converse import run_script

    run_script(file, sys.stdout)
