"""Calls Telegram's Bot API with the library's `Bot`, from threads that run no event loop.

The library's own webhook server is not used: it queues in memory after answering 200, and logs addresses that hold the
token. No error leaves here with a name, an id or words in it.
"""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from telegram import Bot
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)
from telegram.request import HTTPXRequest

from channels.errors import (
    AnotherReader,
    BadAddress,
    BadContent,
    ChannelError,
    OurConfiguration,
    StopContact,
    TryAgain,
)
from channels.quiet import silence_clients
from channels.telegram.config import TelegramConfig

PATH = "/telegram/webhook"
ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
_PATIENCE_SECONDS = 10.0

T = TypeVar("T")


class TelegramApi:
    """One bot. Calls wait for each other; an event loop of its own runs each to its end."""

    def __init__(self, config: TelegramConfig) -> None:
        silence_clients()
        self._request = HTTPXRequest(4, _PATIENCE_SECONDS, _PATIENCE_SECONDS, _PATIENCE_SECONDS, _PATIENCE_SECONDS)
        base = config.api_base_url or "https://api.telegram.org"
        self._bot = Bot(config.token, f"{base}/bot", request=self._request, get_updates_request=self._request)
        self._runner = asyncio.Runner(loop_factory=asyncio.new_event_loop)
        self._one_at_a_time = threading.Lock()

    def call(self, ask: Callable[[Bot], Awaitable[T]]) -> T:
        """Run one call to its end. Raises: ChannelError."""

        async def asked() -> T:
            return await ask(self._bot)

        with self._one_at_a_time, translated():
            return self._runner.run(asked())

    def answer(self, callback_id: str) -> None:
        """Take away the waiting mark on a button that was pressed."""
        self.call(lambda bot: bot.answer_callback_query(callback_id))

    def leave(self, chat_id: int) -> None:
        """Leave a group or channel: conversations are private."""
        self.call(lambda bot: bot.leave_chat(chat_id))

    def updates(self, offset: int | None, wait_seconds: int) -> list[Any]:
        """What waits, as Telegram sent it, from `offset` on; asking confirms everything before `offset`.

        Raw, because the library drops a whole batch, and logs it, when it cannot read one update.
        Raises: AnotherReader when somebody else asks too.
        """
        wanted = {"timeout": wait_seconds, "allowed_updates": list(ALLOWED_UPDATES), "offset": offset}
        patience = wait_seconds + _PATIENCE_SECONDS
        # Written in lower case (Telegram does not mind) so that the library does not offer its own method instead.
        return list(self.call(lambda bot: bot.do_api_request("getupdates", api_kwargs=wanted, read_timeout=patience)))

    def register_webhook(self, config: TelegramConfig) -> None:
        """Tell Telegram where to call, with which secret, about what. Waiting messages are kept."""
        self.call(
            lambda bot: bot.set_webhook(
                f"{config.public_url}{PATH}",
                secret_token=config.webhook_secret,
                allowed_updates=list(ALLOWED_UPDATES),
                drop_pending_updates=False,
            )
        )

    def remove_webhook(self) -> None:
        """Tell Telegram to call no more, so that polling may begin. Waiting messages are kept."""
        self.call(lambda bot: bot.delete_webhook(drop_pending_updates=False))

    def close(self) -> None:
        """Close connections and the event loop."""
        with self._one_at_a_time:
            self._runner.run(self._request.shutdown())
            self._runner.close()


@contextmanager
def translated() -> Iterator[None]:
    """Turn what the library raises into ours, and drop its text, which may quote what was sent."""
    try:
        yield
    except TelegramError as error:
        raise error_for(error) from None


def error_for(error: TelegramError) -> ChannelError:
    """The error of ours that one of the library's stands for. A lost connection leaves open whether it was taken."""
    match error:
        case RetryAfter():
            return TryAgain("429", _seconds(error.retry_after))
        case Forbidden():
            gone = any(words in error.message.lower() for words in ("blocked by the user", "user is deactivated"))
            return StopContact("403") if gone else BadAddress("403")
        case Conflict():
            return AnotherReader("409")
        case InvalidToken():
            return OurConfiguration("401")
        case BadRequest():
            return BadAddress("400") if "chat not found" in error.message.lower() else BadContent("400")
        case ChatMigrated():
            return BadAddress("400")
        case NetworkError():
            return TryAgain("connection", uncertain=True)
        case _:
            return ChannelError("telegram")


def _seconds(given: Any) -> float:
    """The library gives whole seconds now, and a timedelta in its next version."""
    return float(given.total_seconds()) if hasattr(given, "total_seconds") else float(given)
