"""The chat page's addresses. Everything works as plain forms; the script only makes it smoother."""

import logging
from secrets import token_urlsafe
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from channels.errors import Forged, Malformed, NotOurs
from channels.interface import Receiver
from channels.web.config import WebConfig
from channels.web.desk import Desk, Form, Limits, Making, Trouble
from channels.web.page import HERE, as_json, html, json
from channels.web.parse import CODE, words_of
from channels.web.reading import View, is_open, read_chat
from channels.web.visitor import NewToken, Visitor, forget, form_key, remember
from channels.web.words import words
from channels.web_security import PAGE_HEADERS, check_origin
from records.clock import Clock
from records.database import Database

_log = logging.getLogger(__name__)


def new_token() -> str:
    """The random token of a new browser, or of a form (256 bits)."""
    return token_urlsafe(32)


def routes(
    config: WebConfig | None,
    database: Database,
    intake: Receiver,
    clock: Clock,
    *,
    token: NewToken = new_token,
    limits: Limits | None = None,
) -> list[BaseRoute]:
    """The channel's routes; none when it is closed."""
    if config is None:
        return []
    pages = _Pages(Desk(config, database, intake, clock, token, limits or Limits()))
    return [
        Route("/chat", pages.show, methods=["GET"], name="chat"),
        Route("/chat/messages", pages.messages, methods=["GET"]),
        Route("/chat/send", pages.send, methods=["POST"]),
        Route("/chat/press", pages.press, methods=["POST"]),
        Route("/chat/start", pages.start, methods=["POST"]),
        Route("/chat/leave", pages.leave, methods=["POST"]),
        Mount("/chat/static", _Static(directory=HERE / "static")),
        Route("/chat/{code}", pages.show, methods=["GET"]),
    ]


class _Static(StaticFiles):
    """The page's script and styles: always asked for anew, never read as anything else."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers.update({"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"})
        return response


class _Pages:
    """Answers the browser."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def show(self, request: Request) -> Response:
        """The chat, or the page that says it is closed."""
        code = request.path_params.get("code")
        if code is not None and not CODE.fullmatch(code):
            return html("not_found.html", 404)
        visitor = self._desk.visitor(request)
        if not self._desk.may_read(request):
            return await self._chat(visitor, code, View(), problem=words()["problem_press_busy"].format(seconds=10))
        if not await run_in_threadpool(is_open, self._desk.database, visitor, code):
            return html("closed.html")
        return await self._chat(visitor, code, await self._view(visitor))

    async def messages(self, request: Request) -> Response:
        """What is new since `after`, for the script."""
        visitor = self._desk.visitor(request)
        if visitor.is_new:
            return json({"gone": True}, 403)
        if not self._desk.may_read(request):
            return json({"problem": ""}, 429, {"Retry-After": "10"})
        after = request.query_params.get("after", "0")
        number = int(after) if after.isascii() and after.isdigit() and len(after) < 10 else 0
        return json(as_json(await self._view(visitor, number)))

    async def send(self, request: Request) -> Response:
        return await self._take(request, self._desk.text)

    async def press(self, request: Request) -> Response:
        return await self._take(request, self._desk.press, "problem_press")

    async def start(self, request: Request) -> Response:
        return await self._take(request, self._desk.start, "problem_press")

    async def leave(self, request: Request) -> Response:
        """Take the cookie away and show another page. A plain page leads there: form rules forbid to redirect away."""
        try:
            check_origin(request, self._desk.config.public_url)
        except Forged:  # another site must not be able to end somebody's chat
            return RedirectResponse("/chat", 303, PAGE_HEADERS)
        response = html("left.html")
        forget(response, self._desk.config)
        return response

    async def _take(self, request: Request, make: Making, about: str = "problem") -> Response:
        visitor = self._desk.visitor(request)
        form: Form = {}
        try:
            form = await self._desk.form(request)
            await self._desk.take(request, visitor, form, make, about)
        except Trouble as trouble:
            return await self._trouble(request, visitor, form, trouble)
        except Malformed as error:
            return await self._trouble(request, visitor, form, Trouble(words()["problem_forged"], 400), error)
        except NotOurs:
            return json({"closed": True, "problem": words()["closed"]}) if _is_script(request) else html("closed.html")
        if _is_script(request):
            return json({"taken": True})
        return RedirectResponse("/chat", 303, PAGE_HEADERS)

    async def _trouble(
        self, request: Request, visitor: Visitor, form: Form, trouble: Trouble, error: Malformed | None = None
    ) -> Response:
        if error is not None:
            _log.warning("web: %s", error)
        retry = {"Retry-After": str(trouble.retry_after)} if trouble.retry_after else {}
        if _is_script(request):
            return json({"problem": trouble.sentence}, trouble.status, retry)
        kept = words_of(form) if trouble.keeps_words else ""
        code = form.get("code") if trouble.keeps_words else None
        view = await self._view_or_nothing(visitor)
        page = await self._chat(visitor, code, view, trouble.sentence, kept, form.get("form"), trouble.status)
        page.headers.update(retry)
        return page

    async def _view(self, visitor: Visitor, after: int = 0) -> View:
        return await run_in_threadpool(read_chat, self._desk.database, visitor, after)

    async def _view_or_nothing(self, visitor: Visitor) -> View:
        """When the database fails, their words still have to come back to them."""
        try:
            return await self._view(visitor)
        except Exception as error:
            _log.error("web: the chat could not be read: %s", type(error).__name__)
            return View(started=True)

    async def _chat(
        self,
        visitor: Visitor,
        code: str | None,
        view: View,
        problem: str = "",
        kept: str = "",
        form_id: str | None = None,
        status: int = 200,
    ) -> Response:
        page = html(
            "chat.html",
            status,
            view=view,
            code=code if code and CODE.fullmatch(code) else "",
            key=form_key(self._desk.config, visitor),
            form_id=form_id or self._desk.new_token(),
            problem=problem,
            kept=kept,
        )
        remember(page, self._desk.config, visitor)
        return page


def _is_script(request: Request) -> bool:
    return "application/json" in request.headers.get("accept", "")
