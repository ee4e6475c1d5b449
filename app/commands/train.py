"""`blether train`."""

from typing import Annotated

import typer
from rich.console import Console


def train(
    anew: Annotated[bool, typer.Option("--anew", help="Train even if nothing has changed.")] = False,
) -> None:
    """Train the dialogue, if its files have changed since it was trained."""
    import time

    from app.settings import load_settings
    from app.start_up import limit_threads, tick, train_with_bar
    from bot.runtime.training import trained_model

    settings, screen, started = load_settings(), Console(), time.monotonic()
    limit_threads(settings.threads)
    model = trained_model(settings.home)
    if model is not None and not anew:
        tick(screen, "Dialogue", "trained already")
        return
    if model is not None:
        model.unlink()
    train_with_bar(settings, screen)
    tick(screen, "Dialogue", f"trained in {time.monotonic() - started:.0f} seconds; kept until its files change")
