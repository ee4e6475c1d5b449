"""Twilio's fields in, our messages out. Pure: it asks nobody and stores nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from channels.errors import Malformed, NotOurs
from channels.interface import well_formed
from channels.sms.config import SmsConfig
from records.tables.outbox import OutboxState
from records.types import ChannelName, Inbound, Kind

# `OptOutType` comes only when Twilio answers these keywords itself (Advanced Opt-Out): then we must not answer again.
_OPT_OUT = {"STOP": Kind.STOPPED, "START": Kind.RETURNED, "HELP": Kind.TEXT}

_STATES = {
    "accepted": OutboxState.ACCEPTED,
    "scheduled": OutboxState.ACCEPTED,
    "queued": OutboxState.ACCEPTED,
    "sending": OutboxState.ACCEPTED,
    "sent": OutboxState.SENT,
    "delivered": OutboxState.DELIVERED,
    "read": OutboxState.READ,
    "undelivered": OutboxState.FAILED,
    "failed": OutboxState.FAILED,
    "canceled": OutboxState.CANCELLED,
}


@dataclass(frozen=True, slots=True)
class StatusReport:
    """What became of a message we sent, as Twilio says it."""

    provider_id: str | None
    state: OutboxState
    error: str | None


def parse(config: SmsConfig, fields: Mapping[str, str], now: datetime) -> Inbound:
    """One text message as Twilio's webhook gives it, which carries no time of its own.

    Raises: Malformed when what every message has is missing, NotOurs for another kind of message.
    """
    external_id = fields.get("MessageSid") or fields.get("SmsSid") or fields.get("SmsMessageSid")
    address, to = fields.get("From"), fields.get("To") or fields.get("MessagingServiceSid")
    if not (external_id and address and to):
        raise Malformed("MessageSid, From or To is missing")
    if ":" in address:
        raise NotOurs("not a text message")  # whatsapp:, messenger: ... have rules of their own
    opt_out = fields.get("OptOutType", "").upper()
    return Inbound(
        channel=ChannelName.SMS,
        external_id=external_id,
        to=config.door(to, fields.get("MessagingServiceSid")),
        address=address,
        kind=_OPT_OUT.get(opt_out) or _kind(fields),
        sent_at=now,
        text=well_formed(fields.get("Body", "")),
        provider_replied=opt_out in _OPT_OUT,
    )


def _kind(fields: Mapping[str, str]) -> Kind:
    has_media = fields.get("NumMedia", "").strip() not in ("", "0") or bool(fields.get("MediaUrl0"))
    return Kind.MEDIA if has_media else Kind.TEXT


def parse_status(fields: Mapping[str, str]) -> StatusReport | None:
    """What a status callback says; None for a status that we do not know."""
    status = fields.get("MessageStatus") or fields.get("SmsStatus") or ""
    state = state_of(status)
    if state is None:
        return None
    return StatusReport(fields.get("MessageSid") or fields.get("SmsSid"), state, fields.get("ErrorCode") or None)


def state_of(status: str | None) -> OutboxState | None:
    """Twilio's word for where a sent message stands, in ours; None when we do not know it."""
    return _STATES.get((status or "").lower())
