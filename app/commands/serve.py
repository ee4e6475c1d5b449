"""`blether serve`: everything from one command."""

from typing import Annotated

import typer
from rich.console import Console


def serve(
    host: Annotated[str | None, typer.Option(help="Where to listen. BLETHER_HOST, else this machine only.")] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="BLETHER_PORT, else 8000.")] = None,
) -> None:
    """Run everything from one command; on an empty machine, with a demo.

    Web chat, console, webhooks, the dialogue, delivery and clocks.
    """
    from app.logs import set_up_logs
    from app.settings import load_settings
    from app.start_up import limit_threads

    settings = load_settings().listening_on(host, port)
    set_up_logs()
    limit_threads(settings.threads)
    from app.serving import serve_all

    serve_all(settings, Console(highlight=False))
