"""Sends messages through Telegram, as plain text: nothing in a text is read as markup."""

from datetime import datetime

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions

from channels.errors import BadAddress, BadContent
from channels.interface import Sent
from channels.telegram.api import TelegramApi
from channels.telegram.config import TelegramConfig
from records.tables.outbox import OutboxState
from records.types import Button, Capabilities, ChannelName, Outbound

LONGEST = 4096  # UTF-16 units, to be on the safe side of how Telegram counts
_LONGEST_PAYLOAD = 64  # bytes
_SHORT_LABEL, _IN_A_ROW = 10, 3


class TelegramChannel:
    """Telegram messages, with buttons under them."""

    name = ChannelName.TELEGRAM
    capabilities = Capabilities(buttons=True, max_length=LONGEST, push=True)

    def __init__(self, config: TelegramConfig) -> None:
        self._api = TelegramApi(config)

    def send(self, address: str, message: Outbound, *, door: str, attempt_id: str) -> Sent:
        """Send one message. Telegram reports nothing further, so there is no use for `door` and `attempt_id`."""
        if not message.text.strip():
            raise BadContent("empty")
        if len(message.text.encode("utf-16-le", "surrogatepass")) // 2 > LONGEST:
            raise BadContent("too long")
        if not address.lstrip("-").isdigit():
            raise BadAddress("400")
        keyboard = keyboard_of(message.buttons)
        taken = self._api.call(
            lambda bot: bot.send_message(
                int(address),
                message.text,
                reply_markup=keyboard,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
        )
        return Sent(str(taken.message_id), OutboxState.SENT)

    def find_sent(self, address: str, attempt_id: str, text: str, since: datetime) -> str | None:
        """Telegram does not tell bots what they have sent."""
        return None

    def close(self) -> None:
        """Close the connections."""
        self._api.close()


def keyboard_of(buttons: tuple[Button, ...]) -> InlineKeyboardMarkup | None:
    """Buttons under a message: short ones side by side, long ones each on a line of its own.

    Raises: BadContent when what a button carries is too long to come back.
    """
    if not buttons:
        return None
    if any(len(button.payload.encode()) > _LONGEST_PAYLOAD for button in buttons):
        raise BadContent("button")
    drawn = [InlineKeyboardButton(button.title, callback_data=button.payload) for button in buttons]
    width = _IN_A_ROW if all(len(button.title) <= _SHORT_LABEL for button in buttons) else 1
    return InlineKeyboardMarkup([drawn[start : start + width] for start in range(0, len(drawn), width)])
