"""Telegram's updates in, our messages out. Pure: it asks nobody and stores nothing.

Whatever a participant types is words. What cannot be understood in a private chat still becomes a message, one that
nobody here can see into, so that a person looks at it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from telegram import CallbackQuery, ChatMemberUpdated, InlineKeyboardMarkup, Message, Update, User

from bot.buttons import is_ours
from channels.errors import Malformed
from channels.interface import well_formed
from channels.telegram.config import TelegramConfig
from records.types import ChannelName, Inbound, Kind

_START = re.compile(r"/start(?:@\w+)?(?: +([A-Za-z0-9_-]{1,64}))? *")

# Notices about the chat itself, which nobody wrote. Anything else without text is something we cannot see into.
_NOTICES = (
    "boost_added",
    "chat_background_set",
    "chat_shared",
    "connected_website",
    "delete_chat_photo",
    "forum_topic_closed",
    "forum_topic_created",
    "forum_topic_edited",
    "forum_topic_reopened",
    "message_auto_delete_timer_changed",
    "new_chat_photo",
    "new_chat_title",
    "pinned_message",
    "proximity_alert_triggered",
    "users_shared",
    "video_chat_ended",
    "video_chat_scheduled",
    "video_chat_started",
    "write_access_allowed",
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What one update comes to: a message for intake, and what Telegram wants to hear back."""

    inbound: Inbound | None = None
    answers: str | None = None  # the callback query that waits for an answer
    leaves: int | None = None  # the group or channel to leave
    why: str = ""  # why there is no message


def parse(config: TelegramConfig, raw: object, now: datetime) -> Reading:
    """Read one update as Telegram sent it. Raises: Malformed when it is not an update at all."""
    if not isinstance(raw, dict) or not isinstance(raw.get("update_id"), int):
        raise Malformed("not an update")
    try:
        update = Update.de_json(raw)
        return _read(config, update, now)
    except Exception:  # the library may fail in any way on fields newer than itself
        return _unreadable(config, raw, now)


def _read(config: TelegramConfig, update: Update, now: datetime) -> Reading:
    if update.message is not None:
        return _message(config, update.message)
    if update.edited_message is not None:
        return _edit(config, update.edited_message)
    if update.callback_query is not None:
        return _press(config, update.callback_query, now)
    if update.my_chat_member is not None:
        return _membership(config, update.update_id, update.my_chat_member)
    return Reading(why="a kind of update that we did not ask for")


def _message(config: TelegramConfig, message: Message) -> Reading:
    refused = _refused(message)
    if refused is not None:
        return refused
    started = _START.fullmatch(message.text or "")
    if started:
        return Reading(_inbound(config, message, Kind.START, payload=started[1]))
    return Reading(_inbound(config, message, Kind.MEDIA if message.text is None else Kind.TEXT))


def _edit(config: TelegramConfig, message: Message) -> Reading:
    refused = _refused(message)
    if refused is not None:
        return refused
    if message.location is not None:
        return Reading(why="a shared location moved on")
    kind = Kind.MEDIA if message.text is None else Kind.TEXT
    return Reading(_inbound(config, message, kind, edited_at=message.edit_date or message.date))


def _refused(message: Message) -> Reading | None:
    if message.chat.type != "private":
        return Reading(leaves=None if message.left_chat_member else message.chat.id, why="not a private chat")
    if message.from_user is not None and message.from_user.is_bot:
        return Reading(why="written by a bot")
    if any(getattr(message, notice, None) for notice in _NOTICES):
        return Reading(why="a notice about the chat")
    return None


def _inbound(
    config: TelegramConfig,
    message: Message,
    kind: Kind,
    *,
    payload: str | None = None,
    edited_at: datetime | None = None,
) -> Inbound:
    original = f"{message.chat.id}:{message.message_id}"
    return Inbound(
        channel=ChannelName.TELEGRAM,
        external_id=f"{original}:e{int(edited_at.timestamp())}" if edited_at else original,
        to=config.bot_name,
        address=str(message.chat.id),
        kind=kind,
        sent_at=(edited_at or message.date).astimezone(UTC),
        text=well_formed(message.text or message.caption or ""),
        payload=payload,
        replaces=original if edited_at else None,
        display_name=_name(message.from_user),
    )


def _press(config: TelegramConfig, query: CallbackQuery, now: datetime) -> Reading:
    message, payload = query.message, query.data or ""
    if message is None:
        return Reading(answers=query.id, why="a button of no message of ours")
    if message.chat.type != "private":
        return Reading(answers=query.id, leaves=message.chat.id, why="not a private chat")
    if not is_ours(payload):
        return Reading(answers=query.id, why="a button that is not ours")
    inbound = Inbound(
        channel=ChannelName.TELEGRAM,
        external_id=f"press:{query.id}",
        to=config.bot_name,
        address=str(message.chat.id),
        kind=Kind.BUTTON,
        sent_at=now,
        text=well_formed(_label(message.reply_markup if isinstance(message, Message) else None, payload)),
        payload=payload,
        prompt_id=str(message.message_id),
        display_name=_name(query.from_user),
    )
    return Reading(inbound, answers=query.id)


def _label(keyboard: InlineKeyboardMarkup | None, payload: str) -> str:
    rows = keyboard.inline_keyboard if keyboard else ()
    return next((button.text for row in rows for button in row if button.callback_data == payload), "")


def _membership(config: TelegramConfig, update_id: int, change: ChatMemberUpdated) -> Reading:
    status = change.new_chat_member.status
    if change.chat.type != "private":
        present = status not in ("left", "kicked")
        return Reading(leaves=change.chat.id if present else None, why="not a private chat")
    kind = {"kicked": Kind.STOPPED, "member": Kind.RETURNED}.get(status)
    if kind is None:
        return Reading(why="a membership that says nothing")
    return Reading(
        Inbound(
            channel=ChannelName.TELEGRAM,
            # update ids may start anew after a quiet week, so the moment is part of the id
            external_id=f"member:{update_id}:{int(change.date.timestamp())}",
            to=config.bot_name,
            address=str(change.chat.id),
            kind=kind,
            sent_at=change.date.astimezone(UTC),
            display_name=_name(change.from_user),
        )
    )


def _name(user: User | None) -> str | None:
    if user is None:
        return None
    parts = (user.first_name, user.last_name, f"@{user.username}" if user.username else None)
    return well_formed(" ".join(part for part in parts if part)) or None


def _unreadable(config: TelegramConfig, raw: Mapping[str, Any], now: datetime) -> Reading:
    """Save what can be saved of an update that the library cannot read: a look, rather than silence."""
    message = raw.get("message") or raw.get("edited_message")
    chat = message.get("chat") if isinstance(message, dict) else None
    if not isinstance(message, dict) or not isinstance(chat, dict) or chat.get("type") != "private":
        return Reading(why="an update that cannot be read")
    if not isinstance(chat.get("id"), int):
        return Reading(why="an update that cannot be read")
    text = message.get("text") or message.get("caption")
    inbound = Inbound(
        channel=ChannelName.TELEGRAM,
        external_id=f"unreadable:{chat['id']}:{message.get('message_id')}:{raw['update_id']}",
        to=config.bot_name,
        address=str(chat["id"]),
        kind=Kind.MEDIA,
        sent_at=now,
        text=well_formed(text) if isinstance(text, str) else "",
    )
    return Reading(inbound)
