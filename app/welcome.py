"""What a person sees when Blether starts: calm, short, and all they need to try it."""

from collections.abc import Sequence

from rich import box
from rich.console import Console, Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from app.settings import Settings
from app.start_up import Account, tick

CHAT_PATH, CONSOLE_PATH = "/chat", "/console/"


def greet(screen: Console) -> None:
    """The first line."""
    screen.print("\n  [bold]Blether[/] [dim]listens to people with lived experience of care[/]\n")


def tell_channels(settings: Settings, screen: Console) -> None:
    """Which channels are open. A closed one is no fault."""
    for name, missing in (("SMS", settings.missing_for_sms), ("Telegram", settings.missing_for_telegram)):
        if missing:
            screen.print(f"  [dim]–[/] {name:<12}[dim]closed; ./run doctor says how to open it[/]")
        else:
            tick(screen, name, "open")
    tick(screen, "Web chat", "open")


def welcome(settings: Settings, accounts: Sequence[Account], screen: Console, is_ready: bool) -> None:
    """It is ready: where everything is, and the demo's accounts, this once."""
    where = Table.grid(padding=(0, 3))
    where.add_row("Web chat", f"[link={settings.site}{CHAT_PATH}]{settings.site}{CHAT_PATH}[/]")
    where.add_row("Console", f"[link={settings.site}{CONSOLE_PATH}]{settings.site}{CONSOLE_PATH}[/]")
    where.add_row("A phone", "[bold]./run chat[/] [dim]in another terminal[/]")
    parts: list[object] = [where]
    if accounts:
        parts += [Text("\nAccounts for the console. Their passwords are shown this once.\n"), _table(accounts)]
    elif settings.demo:
        parts.append(Text("\nThe demo accounts' passwords were shown when they were made.", style="dim"))
    title = "[bold green]Ready[/]" if is_ready else "[bold yellow]The dialogue is not loaded yet[/]"
    if not is_ready:
        parts.append(Text("\nMessages are kept and answered when it is. ./run doctor looks further.", style="yellow"))
    screen.print()
    screen.print(
        Panel(Group(*parts), title=title, title_align="left", box=box.ROUNDED, padding=(1, 3), expand=False)  # type: ignore[arg-type]
    )
    screen.print("  [dim]Ctrl-C stops it. Everything is kept.[/]\n")


def part(screen: Console) -> None:
    """The last line."""
    screen.print("\n  [dim]Stopping; what is in hand is finished first.[/]")


def _table(accounts: Sequence[Account]) -> Table:
    table = Table(box=None, padding=(0, 3, 0, 0), header_style="dim")
    for heading in ("Who", "User name", "Password"):
        table.add_column(heading)
    for account in accounts:
        table.add_row(account.role.value.capitalize(), account.username, f"[bold]{account.password}[/]")
    return table
