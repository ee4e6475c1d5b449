"""A phone in memory: the other end of each channel, for scripted conversations, the terminal and tests.

It speaks the provider's own language, so that what it types goes through the channel's real parser.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from channels.interface import Sent
from channels.sms import parse as sms
from channels.sms.config import SmsConfig
from channels.sms.send import SmsChannel
from channels.telegram import parse as telegram
from channels.telegram.config import TelegramConfig
from channels.telegram.send import TelegramChannel
from channels.web.send import WebChannel
from records.clock import Clock
from records.tables import OutboxState
from records.types import Capabilities, ChannelName, Inbound, Kind, Outbound

NUMBER = "+447700900001"  # ours; theirs is below. Both from the range kept for drama
BOT = "@blether_demo_bot"
PAGE = "chat"
DOORS = {ChannelName.SMS: NUMBER, ChannelName.TELEGRAM: BOT, ChannelName.WEB: PAGE}
_CAPABILITIES = {
    ChannelName.SMS: SmsChannel.capabilities,
    ChannelName.TELEGRAM: TelegramChannel.capabilities,
    ChannelName.WEB: WebChannel.capabilities,
}
_ACCOUNT = "AC" + "0" * 32
_CHAT = 770_090_012
_NO_TOKEN = "1:none"  # noqa: S105 - nothing is called with it


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody does with their phone: one turn of a script."""

    text: str = ""
    picture: bool = False
    group: bool = False  # in a group, where we do not listen
    start: str | None = None  # follows a deep link with this code
    press: str | None = None  # presses the button with this payload
    edits: str | None = None  # the message it edits, by the id that `Pocket.type` gave
    message: str | None = None  # the id of a message that is delivered again


@dataclass(slots=True)
class Pocket:
    """One phone on one channel: what it got, and what it sends."""

    channel: ChannelName
    clock: Clock
    got: list[Outbound] = field(default_factory=list)
    _ids: Iterator[int] = field(default_factory=lambda: itertools.count(1), repr=False)

    @property
    def name(self) -> ChannelName:
        return self.channel

    @property
    def capabilities(self) -> Capabilities:
        return _CAPABILITIES[self.channel]

    @property
    def address(self) -> str:
        """Where this phone is reached."""
        return {ChannelName.SMS: "+447700900123", ChannelName.TELEGRAM: str(_CHAT)}.get(self.channel, "web-visitor")

    def send(self, address: str, message: Outbound, *, door: str, attempt_id: str) -> Sent:
        """Take a message from us, at once."""
        self.got.append(message)
        return Sent(f"pocket-{len(self.got)}", OutboxState.SENT)

    def find_sent(self, address: str, attempt_id: str, text: str, since: datetime) -> str | None:
        """A phone in memory loses nothing, so there is nothing to look up."""
        return None

    def take(self) -> list[Outbound]:
        """What has come since the last time."""
        taken, self.got = self.got, []
        return taken

    def type(self, typed: Typed) -> tuple[str, Inbound | None]:
        """The message's id, and the message as its channel reads it; None where the channel refuses it."""
        message = typed.message or typed.edits or str(next(self._ids))
        match self.channel:
            case ChannelName.SMS:
                return message, self._sms(message, typed)
            case ChannelName.TELEGRAM:
                return message, self._telegram(message, typed)
            case ChannelName.WEB:
                return message, self._web(message, typed)

    def _sms(self, message: str, typed: Typed) -> Inbound | None:
        if typed.group:
            return None
        if typed.edits or typed.start is not None or typed.press:
            return self._plain(message, typed, NUMBER)
        fields = {
            "MessageSid": f"SM{int(message):032d}",
            "From": self.address,
            "To": NUMBER,
            "Body": typed.text,
            "NumMedia": "1" if typed.picture else "0",
        }
        config = SmsConfig(_ACCOUNT, "none", "https://blether.example", number=NUMBER)
        return sms.parse(config, fields, self.clock.now())

    def _telegram(self, message: str, typed: Typed) -> Inbound | None:
        config = TelegramConfig(_NO_TOKEN, BOT)
        return telegram.parse(config, self._update(message, typed), self.clock.now()).inbound

    def _update(self, message: str, typed: Typed) -> dict[str, Any]:
        now = int(self.clock.now().timestamp())
        somebody = {"id": _CHAT, "is_bot": False, "first_name": "Guest"}
        chat = {"id": -100, "type": "group", "title": "A group"} if typed.group else {"id": _CHAT, "type": "private"}
        written: dict[str, Any] = {"message_id": int(message), "date": now, "chat": chat, "from": somebody}
        if typed.press:
            query = {"id": message, "from": somebody, "chat_instance": "1", "data": typed.press, "message": written}
            return {"update_id": int(message), "callback_query": query}
        if typed.picture:
            photo = {"file_id": "p", "file_unique_id": "p", "width": 9, "height": 9}
            written |= {"photo": [photo], "caption": typed.text}
        else:
            written["text"] = f"/start {typed.start}".strip() if typed.start is not None else typed.text
        if typed.edits:
            return {"update_id": int(message), "edited_message": {**written, "edit_date": now}}
        return {"update_id": int(message), "message": written}

    def _web(self, message: str, typed: Typed) -> Inbound | None:
        return None if typed.group else self._plain(message, typed, PAGE)

    def _plain(self, message: str, typed: Typed, to: str) -> Inbound:
        """For what a channel has no way to say by itself (an edit by SMS), and for the web page's own forms."""
        kind = Kind.MEDIA if typed.picture else Kind.BUTTON if typed.press else Kind.TEXT
        return Inbound(
            channel=self.channel,
            external_id=f"{message}:edit:{self.clock.now().timestamp()}" if typed.edits else message,
            to=to,
            address=self.address,
            kind=Kind.START if typed.start is not None else kind,
            sent_at=self.clock.now(),
            text=typed.text,
            payload=typed.start if typed.start is not None else typed.press,
            replaces=typed.edits,
        )
