"""A phone in the terminal: chat with Blether through the real intake, screen, dialogue and delivery.

It lives on a throw-away database: nothing is sent anywhere and nothing is kept.
"""

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.panel import Panel
from rich.text import Text

from app import facts
from app.converse import Play, stage
from app.pocket import Typed
from app.script import ScriptError, duration
from app.settings import Settings
from records.types import Button, ChannelName, Outbound

_WIDTH = 64
_HELP = (
    "Write as you would on a phone. A number and Enter presses a button. "
    "/wait 5 days lets time pass, /picture sends a picture, /quit leaves."
)


def chat(settings: Settings, channel: ChannelName) -> None:
    """Talk until /quit or the end of the input."""
    screen = Console(highlight=False)
    screen.print(f"\n  [bold]Blether[/] by {channel.value}. Nothing is sent or kept.\n  [dim]{_HELP}[/]\n")
    with stage(channel, settings) as play:
        with screen.status("  Loading the dialogue", spinner="dots"):
            _ = play.worker
        _Phone(play, screen).talk()


class _Phone:
    """The terminal's side of the conversation."""

    def __init__(self, play: Play, screen: Console) -> None:
        self._play = play
        self._screen = screen
        self._buttons: Sequence[Button] = ()
        self._known: set[str] = set()
        self._recorded: dict[str, dict[str, Any]] = {}

    def talk(self) -> None:
        while True:
            try:
                line = self._screen.input("  [bold cyan]you[/]  ").strip()
            except (EOFError, KeyboardInterrupt):
                self._screen.print()
                return
            if line == "/quit":
                return
            self._answer(line)

    def _answer(self, line: str) -> None:
        if line.startswith("/wait"):
            self._wait(line.removeprefix("/wait").strip())
            return
        self._play.hear(self._typed(line))
        self._play.until_quiet()
        for outbound in self._play.pocket.take():
            self._show(outbound)
        self._tell_what_happened()

    def _wait(self, how_long: str) -> None:
        try:
            self._play.clock.advance(duration(how_long))
        except ScriptError:
            self._note("Say how long: /wait 5 days")
            return
        self._play.until_quiet()
        self._note(f"{how_long} later")

    def _typed(self, line: str) -> Typed:
        if line == "/picture":
            return Typed(picture=True)
        if line.isdigit() and 1 <= int(line) <= len(self._buttons):
            button = self._buttons[int(line) - 1]
            return Typed(text=button.title, press=button.payload)
        return Typed(text=line)

    def _show(self, outbound: Outbound) -> None:
        self._buttons = outbound.buttons
        body = Text(outbound.text)
        for number, button in enumerate(outbound.buttons, start=1):
            body.append(f"\n[{number}] {button.title}", style="cyan")
        self._screen.print(Padding(Panel(body, width=_WIDTH, border_style="dim"), (0, 0, 0, 2)))

    def _tell_what_happened(self) -> None:
        """What staff would see of it."""
        with self._play.house.database.read() as session:
            for key, alert in facts.raised(session):
                if key not in self._known:
                    self._known.add(key)
                    categories = ", ".join(alert["categories"]) or "no category"
                    self._note(f"{alert['tier']} raised for a person: {categories}", "yellow")
            now = facts.recorded(session)
        answer = facts.change(self._recorded, now)
        self._recorded = now
        if answer is not None:
            self._note(_as_recorded(answer))

    def _note(self, words: str, style: str = "dim") -> None:
        self._screen.print(f"  [{style}]· {words}[/]")


def _as_recorded(answer: dict[str, Any]) -> str:
    parts = [f"statement {answer['statement']}"]
    if answer.get("rating"):
        parts.append(str(answer["rating"]).replace("_", " "))
    parts += [f"“{story}”" for story in answer["stories"]]
    if answer.get("withheld"):
        parts.append("words withheld until a person has looked")
    if answer.get("progress") == "skipped":
        parts.append("skipped")
    return "recorded: " + ", ".join(parts)
