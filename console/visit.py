"""One visit to one page: who came, what they sent, and how the answer is drawn."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from console.access import may_open
from console.errors import NotAllowed
from console.house import ConsoleHouse
from console.sessions import SignedIn
from console.throttle import Throttle
from records.clock import local
from records.types import Role

HERE = Path(__file__).parent
NEUTRAL = "Blether"


@dataclass(frozen=True, slots=True)
class Visit:
    """What a page is given."""

    house: ConsoleHouse
    throttle: Throttle
    request: Request
    who: SignedIn | None
    form: FormData = field(default_factory=FormData)

    @property
    def staff(self) -> SignedIn:
        """The person signed in. Raises: NotAllowed on a page that anybody may open."""
        if self.who is None:
            raise NotAllowed("Sign in first.")
        return self.who

    @property
    def base(self) -> str:
        """Where the console is mounted."""
        return str(self.request.scope.get("root_path", "")).rstrip("/")

    @property
    def page(self) -> int:
        """The page of a list that is asked for."""
        asked = self.request.query_params.get("page", "1")
        return min(int(asked), 100_000) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1

    def part(self, name: str) -> str:
        """A part of the path."""
        return str(self.request.path_params[name])

    def asked(self, name: str) -> str | None:
        """A value from the address, or None if it is empty."""
        return self.request.query_params.get(name) or None

    def sent(self, name: str) -> str:
        """A text from the form."""
        value = self.form.get(name, "")
        return value if isinstance(value, str) else ""

    def link(self, path: str, **asked: object) -> str:
        """The address of one of our pages."""
        query = urlencode({name: str(value) for name, value in asked.items() if value not in (None, "", False)})
        return f"{self.base}{path}?{query}" if query else f"{self.base}{path}"

    def show(self, template: str, *, status: int = 200, **given: Any) -> Response:
        """Draw a page."""
        page = templates().get_template(template)
        words = wording()
        shown = page.render(
            visit=self, who=self.who, link=self.link, words=words, may=self._may, now=self.house.clock.now(), **given
        )
        return HTMLResponse(shown, status_code=status)

    def go(self, path: str, **asked: object) -> Response:
        """Send the browser on to another page of ours after a form."""
        return RedirectResponse(self.link(path, **asked), status_code=303)

    def _may(self, path: str, method: str = "GET") -> bool:
        roles: frozenset[Role] = frozenset() if self.who is None else self.who.roles
        return may_open(roles, method, path)


@cache
def wording() -> Mapping[str, Any]:
    """What things are called on the pages (`wording.yml`)."""
    loaded: dict[str, Any] = yaml.safe_load((HERE / "wording.yml").read_text(encoding="utf-8"))
    return loaded


@cache
def templates() -> Environment:
    """The pages' templates: everything is escaped, and an unknown name is an error."""
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"moment": moment, "month": month, "wait": wait}
    return environment


def moment(at: datetime) -> str:
    """A moment as people in Scotland read it off the wall: "Wed 15 April, 11:05"."""
    here = local(at)
    return f"{here:%a} {here.day} {here:%B}, {here:%H:%M}"


def month(at: datetime) -> str:
    """No more than the month: "April 2026"."""
    return f"{at:%B %Y}"


def wait(at: datetime, now: datetime) -> str:
    """How far off a moment is, either way: "12 minutes", "3 hours", "2 days"."""
    minutes = int(abs((at - now).total_seconds()) // 60)
    for size, name in ((1440, "day"), (60, "hour")):
        if minutes >= size * 2 or (minutes >= size and name == "hour"):
            return _counted(minutes // size, name)
    return "less than a minute" if minutes == 0 else _counted(minutes, "minute")


def _counted(number: int, name: str) -> str:
    return f"{number} {name}" if number == 1 else f"{number} {name}s"
