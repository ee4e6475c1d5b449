"""Fetches what arrived while we were down: all inbound texts in Twilio's list go through intake, which knows repeats.

Twilio tries a webhook twice and no more, so without this a text sent during an outage would never be read.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from channels.errors import NotOurs
from channels.interface import Receiver
from channels.sms.config import SmsConfig
from channels.sms.parse import parse
from channels.sms.send import client_for, translated
from records.types import Inbound

OVERLAP = timedelta(minutes=10)  # a text may enter the list later than its own date
_PAGE = 100


def reconcile(config: SmsConfig, intake: Receiver, since: datetime, now: datetime) -> int:
    """Feed what came in since `since` to intake, oldest first, and count what it had not seen.

    Move the bookmark to `now` only when this has returned.
    Raises: ChannelError, or the first failure of intake, once every other text has had its chance.
    """
    fresh, failures = 0, []
    for inbound in sorted(_arrived(config, since - OVERLAP, now), key=lambda inbound: inbound.sent_at):
        try:
            fresh += not intake.receive(inbound).repeated
        except NotOurs:  # its round has closed, or the number leads nowhere: it is none of ours today either
            continue
        except Exception as failure:  # one text that cannot be taken in must not keep the others out
            failures.append(failure)
    if failures:
        raise failures[0]
    return fresh


def _arrived(config: SmsConfig, since: datetime, now: datetime) -> list[Inbound]:
    with translated():
        listed = client_for(config).messages.stream(date_sent_after=since, page_size=_PAGE)
        return [inbound for message in listed if (inbound := _inbound(config, message, now)) is not None]


def _inbound(config: SmsConfig, message: Any, now: datetime) -> Inbound | None:
    if message.direction != "inbound":
        return None
    fields = {
        "MessageSid": message.sid,
        "From": message.from_ or "",
        "To": message.to or "",
        "MessagingServiceSid": message.messaging_service_sid or "",
        "Body": message.body or "",
        "NumMedia": str(message.num_media or "0"),
    }
    sent_at = message.date_sent or message.date_created or now
    try:
        return parse(config, fields, sent_at.astimezone(UTC))
    except NotOurs:
        return None
