"""`blether web`: webhooks, web chat and console, for an installation whose loops run elsewhere."""

from typing import Annotated

import typer


def web(
    host: Annotated[str | None, typer.Option(help="Where to listen. BLETHER_HOST, else this machine only.")] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="BLETHER_PORT, else 8000.")] = None,
) -> None:
    """Only the web: webhooks, web chat and console. Workers run beside it."""
    from app.house import build_house
    from app.logs import set_up_logs
    from app.serving import listening_socket, run_web
    from app.settings import load_settings
    from app.start_up import limit_threads, open_records

    settings = load_settings().listening_on(host, port)
    set_up_logs()
    limit_threads(settings.threads)
    open_records(settings).dispose()
    with listening_socket(settings) as listener:
        run_web(build_house(settings), listener)
