"""`blether audit verify`."""

from typing import Annotated

import typer
from rich.console import Console

_ADVICE = """
  Keep the head hash somewhere else, on paper or in another system. A tail that was
  cut off cannot show in what is left: give the hash back with --head to look for it."""


def verify(
    head: Annotated[str | None, typer.Option(help="A head hash printed earlier; it must still be there.")] = None,
) -> None:
    """Check the whole audit chain: nothing changed, nothing missing, nothing out of order."""
    from app.settings import load_settings
    from app.start_up import open_records
    from records.audit import verify as verify_chain

    database = open_records(load_settings())
    try:
        with database.read() as session:
            report = verify_chain(session, head.strip().lower() if head else None)
    finally:
        database.dispose()
    screen = Console(highlight=False)
    screen.print(f"  Entries  {report.entries}\n  Head     {report.head}", soft_wrap=True)
    for fault in report.faults:
        screen.print(f"  [red]✗[/] {fault}")
    if not report.sound:
        screen.print("  Somebody or something has changed the record. Keep a copy of the database as it is, and tell.")
        raise typer.Exit(1)
    screen.print("  [green]✓[/] Sound: no entry was changed, lost or moved.")
    screen.print(_ADVICE if head is None else "  [green]✓[/] The head you gave is in the chain.", style="dim")
