"""`blether train`."""

from typing import Annotated

import typer
from rich.console import Console


def train(
    anew: Annotated[bool, typer.Option("--anew", help="Train even if nothing has changed.")] = False,
) -> None:
    """Train the dialogue, if its files have changed since it was trained."""
    from app.settings import load_settings
    from app.start_up import limit_threads, prepare_dialogue

    settings = load_settings()
    limit_threads(settings.threads)
    from bot.runtime.training import trained_model

    if anew and (model := trained_model(settings.home)):
        model.unlink()
    prepare_dialogue(settings, Console())
