"""Draws the chat's pages: HTML for the browser, JSON for the script. Everything that is shown is escaped."""

import re
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, JSONResponse, Response

from channels.web.config import QUICK_EXIT
from channels.web.reading import Line, View
from channels.web.send import LONGEST
from channels.web.words import words
from channels.web_security import PAGE_HEADERS

HERE = Path(__file__).parent

# Helplines in our own texts can be called by a tap. (A price or a year looks different.)
_TELEPHONE = re.compile(
    r"(?<![\d£])(?:999|101|111|116 ?123|0[38]\d{2,3} ?\d{2,4}(?: ?\d{2,4}){0,3}|07\d{3} ?\d{3} ?\d{3})(?!\d)"
)


def html(template: str, status: int = 200, **facts: Any) -> HTMLResponse:
    """A page of ours, never kept by any cache."""
    drawn = _templates().get_template(template).render(words=words(), quick_exit=QUICK_EXIT, longest=LONGEST, **facts)
    return HTMLResponse(drawn, status, headers=PAGE_HEADERS)


def json(content: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """An answer for the page's script."""
    return JSONResponse(content, status, headers=PAGE_HEADERS | (headers or {}))


def as_json(view: View) -> dict[str, Any]:
    """The bot's new lines, as the script reads them."""
    return {
        "messages": [
            {
                "id": line.key,
                "parts": parts_of(line),
                "buttons": [{"title": button.title, "payload": button.payload} for button in line.buttons],
            }
            for line in view.lines
            if line.is_ours
        ],
        "cursor": view.cursor,
        "waiting": view.waiting,
    }


def parts_of(line: Line) -> list[dict[str, str]]:
    """A line in pieces: text, and numbers that can be called."""
    text, parts, end = line.text or "", [], 0
    for found in _TELEPHONE.finditer(text):
        if found.start() > end:
            parts.append({"text": text[end : found.start()]})
        parts.append({"text": found[0], "tel": found[0].replace(" ", "")})
        end = found.end()
    return [*parts, {"text": text[end:]}] if end < len(text) or not parts else parts


def live_buttons(view: View) -> str | None:
    """The key of the line whose buttons still stand: the last one of ours, if nobody has answered it."""
    if not view.lines or not view.lines[-1].is_ours:
        return None
    return next((line.key for line in _last_of_ours(view) if line.buttons), None)


def _last_of_ours(view: View) -> list[Line]:
    run: list[Line] = []
    for line in reversed(view.lines):
        if not line.is_ours:
            break
        run.append(line)
    return run


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.globals.update(parts_of=parts_of, live_buttons=live_buttons)
    return environment
