"""What the page's forms say, as messages. Pure: it asks nobody and stores nothing."""

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import parse_qsl

from channels.errors import Malformed
from channels.interface import well_formed
from channels.web.config import PAGE
from channels.web.send import LONGEST
from channels.web.visitor import Visitor
from records.types import Button, ChannelName, Inbound, Kind

CODE = re.compile(r"[A-Za-z0-9_-]{1,64}")
_MOST_FIELDS = 20


class EmptyMessage(Malformed):
    """Nothing was written."""

    told = "Nothing was written."


class TooLong(Malformed):
    """More was written than one message holds. `over` letters have to go."""

    told = "The message is too long."

    def __init__(self, over: int) -> None:
        super().__init__()
        self.over = over


def form_of(body: bytes) -> Mapping[str, str]:
    """The fields of a form. Raises: Malformed."""
    try:
        return dict(parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=_MOST_FIELDS))
    except ValueError:
        raise Malformed("not a form") from None


def text_message(visitor: Visitor, form: Mapping[str, str], now: datetime) -> Inbound:
    """What somebody wrote. Raises: EmptyMessage, TooLong, Malformed."""
    text = words_of(form)
    if not text.strip():
        raise EmptyMessage()
    if len(text) > LONGEST:
        raise TooLong(len(text) - LONGEST)
    return _inbound(visitor, form, Kind.TEXT, now, text=text)


def button_press(visitor: Visitor, form: Mapping[str, str], button: Button, now: datetime) -> Inbound:
    """A button that was pressed, once it is known to be one of ours."""
    return _inbound(
        visitor, form, Kind.BUTTON, now, text=button.title, payload=button.payload, prompt_id=form.get("prompt")
    )


def start(visitor: Visitor, form: Mapping[str, str], now: datetime) -> Inbound:
    """Somebody begins, with the code of an invitation or without."""
    code = form.get("code", "")
    return _inbound(visitor, form, Kind.START, now, payload=code if CODE.fullmatch(code) else None)


def words_of(form: Mapping[str, str]) -> str:
    """The text of a form as it was typed: forms send line ends as two letters, people type one."""
    return well_formed(form.get("text", "").replace("\r\n", "\n").replace("\r", "\n"))


def _inbound(
    visitor: Visitor,
    form: Mapping[str, str],
    kind: Kind,
    now: datetime,
    *,
    text: str = "",
    payload: str | None = None,
    prompt_id: str | None = None,
) -> Inbound:
    return Inbound(
        channel=ChannelName.WEB,
        external_id=_external_id(visitor, form, kind, payload or text),
        to=PAGE,
        address=visitor.token,
        kind=kind,
        sent_at=now,
        text=text,
        payload=payload,
        prompt_id=prompt_id,
    )


def _external_id(visitor: Visitor, form: Mapping[str, str], kind: Kind, content: str) -> str:
    """The same form with the same content is one message, however often it is sent.

    The content counts, because somebody may go back, change their words, and send the old form again: that is a second
    message, and it must not be lost.
    """
    form_id = form.get("form", "")
    if not form_id:
        raise Malformed("the form has no id")
    parts = "\x1f".join((visitor.token, form_id, kind.value, content))
    return hashlib.sha256(parts.encode()).hexdigest()
