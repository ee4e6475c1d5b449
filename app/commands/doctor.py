"""`blether doctor`."""

import typer
from rich.console import Console


def doctor() -> None:
    """Say what is set up, what is not, and what to do.

    Never prints a secret. Exit code 1 when something is broken.
    """
    from app.doctor import examine, show
    from app.settings import load_settings

    findings = examine(load_settings())
    show(findings, Console(highlight=False))
    if any(finding.is_broken for finding in findings):
        raise typer.Exit(1)
