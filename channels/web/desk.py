"""Checks what a browser sends before it becomes a message: whose form it is, where from, how often, how much."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from channels.errors import Forged, NotOurs
from channels.interface import Receiver
from channels.web.config import WebConfig
from channels.web.limits import Limit, Limiter
from channels.web.parse import EmptyMessage, TooLong, button_press, form_of, start, text_message
from channels.web.reading import button_behind
from channels.web.visitor import NewToken, Visitor, check_form_key, visitor_of
from channels.web.words import words
from channels.web_security import TooLarge, check_origin, read_body
from records.clock import Clock
from records.database import Database
from records.types import Inbound

_LARGEST_BODY = 64 * 1024
_log = logging.getLogger(__name__)

Form = Mapping[str, str]
Making = Callable[[Visitor, Form], Sequence[Inbound]]


@dataclass(frozen=True, slots=True)
class Limits:
    """How often a browser may write, and one internet address write and read. A hostel may share one."""

    writing: Limiter = field(default_factory=lambda: Limiter(Limit(burst=10, per_second=0.5)))
    writing_from: Limiter = field(default_factory=lambda: Limiter(Limit(burst=120, per_second=4)))
    reading_from: Limiter = field(default_factory=lambda: Limiter(Limit(burst=300, per_second=30)))


class Trouble(Exception):
    """Why a form was not taken in: a sentence of the page, and whether their words may be shown again."""

    def __init__(self, sentence: str, status: int, *, keeps_words: bool = True, retry_after: int = 0) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status
        self.keeps_words = keeps_words
        self.retry_after = retry_after


class Desk:
    """Takes the page's forms."""

    def __init__(
        self,
        config: WebConfig,
        database: Database,
        intake: Receiver,
        clock: Clock,
        new_token: NewToken,
        limits: Limits,
    ) -> None:
        self.config = config
        self.database = database
        self.new_token = new_token
        self._intake = intake
        self._clock = clock
        self._limits = limits

    def visitor(self, request: Request) -> Visitor:
        """The browser that asks."""
        return visitor_of(request, self.config, self.new_token)

    def may_read(self, request: Request) -> bool:
        """Is this internet address within its limit for looking?"""
        return self._limits.reading_from.wait(_internet_address(request), self._clock.now()) == 0

    async def form(self, request: Request) -> Form:
        """The fields of a form from a page of ours. Raises: Trouble, Malformed."""
        try:
            check_origin(request, self.config.public_url)
            return form_of(await read_body(request, _LARGEST_BODY))
        except Forged:
            raise Trouble(words()["problem_forged"], 403, keeps_words=False) from None
        except TooLarge:
            raise Trouble(words()["problem_large"], 413, keeps_words=False) from None

    async def take(self, request: Request, visitor: Visitor, form: Form, make: Making, about: str = "problem") -> None:
        """Take one form in, up to the commit. Raises: Trouble, NotOurs, Malformed.

        Args: about: which sentences tell what went wrong, for a message or for a press.
        """
        self._check_key(request, visitor, form, about)
        self._check_limits(request, visitor, about)
        try:
            await run_in_threadpool(self._receive, make, visitor, form)
        except EmptyMessage:
            raise Trouble(words()["problem_empty"], 422) from None
        except TooLong as error:
            raise Trouble(words()["problem_too_long"].format(over=error.over), 422) from None
        except (NotOurs, Trouble):
            raise
        except Exception as error:  # not committed, so their words stay in the box. Only the kind is logged
            _log.error("web: a message was not taken in: %s", type(error).__name__)
            raise Trouble(words()[f"{about}_not_taken_in"], 503) from None

    def text(self, visitor: Visitor, form: Form) -> Sequence[Inbound]:
        """What they wrote; first of all with the invitation whose link they followed, so that it finds its round."""
        now = self._clock.now()
        message = text_message(visitor, form, now)
        return (start(visitor, form, now), message) if form.get("code") else (message,)

    def start(self, visitor: Visitor, form: Form) -> Sequence[Inbound]:
        """The beginning of a chat."""
        return (start(visitor, form, self._clock.now()),)

    def press(self, visitor: Visitor, form: Form) -> Sequence[Inbound]:
        """A press of a button that this browser was shown. Raises: Trouble for any other."""
        button = button_behind(self.database, visitor, form.get("prompt", ""), form.get("payload", ""))
        if button is None:
            raise Trouble(words()["problem_button"], 409)
        return (button_press(visitor, form, button, self._clock.now()),)

    def _receive(self, make: Making, visitor: Visitor, form: Form) -> None:
        for inbound in make(visitor, form):
            self._intake.receive(inbound)

    def _check_key(self, request: Request, visitor: Visitor, form: Form, about: str) -> None:
        try:
            check_form_key(self.config, visitor, form.get("key", ""))
        except Forged:
            lost = visitor.is_new and not request.cookies
            sentence = words()["problem_cookies"] if lost else words()[f"{about}_stale"]
            raise Trouble(sentence, 403) from None

    def _check_limits(self, request: Request, visitor: Visitor, about: str) -> None:
        now = self._clock.now()
        wait = self._limits.writing.wait(visitor.token, now) or self._limits.writing_from.wait(
            _internet_address(request), now
        )
        if wait:
            seconds = int(wait) + 1
            raise Trouble(words()[f"{about}_busy"].format(seconds=seconds), 429, retry_after=seconds)


def _internet_address(request: Request) -> str:
    """As the server gives it; whether a proxy's word counts is decided where the server is started."""
    return request.client.host if request.client else ""
