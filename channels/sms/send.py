"""Sends text messages through Twilio's API. It never puts a number or words into an error."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from channels.errors import BadContent, TryAgain
from channels.interface import Sent
from channels.quiet import silence_clients
from channels.sms.codes import error_for
from channels.sms.config import SmsConfig
from channels.sms.parse import state_of
from records.tables.outbox import OutboxState
from records.types import Capabilities, ChannelName, Outbound

LONGEST = 1600  # characters; Twilio refuses more (21617)
STATUS_PATH = "/twilio/status/"
_PATIENCE_SECONDS = 10.0
_CLOCKS_DIFFER = timedelta(seconds=30)
_RECENT = 200


def client_for(config: SmsConfig) -> Client:
    """Twilio's own client, silenced, with a time limit on every call."""
    silence_clients()
    client = Client(config.account_sid, config.auth_token, http_client=TwilioHttpClient(timeout=_PATIENCE_SECONDS))
    if config.api_base_url:
        client.api.base_url = config.api_base_url
    return client


@contextmanager
def translated() -> Iterator[None]:
    """Turn what the client library raises into ours, and drop its text, which may quote a number."""
    try:
        yield
    except TwilioRestException as error:
        raise error_for(error.code, error.status) from None
    except (TwilioException, OSError):  # requests' errors are OSErrors: no connection, or no answer in time
        raise TryAgain("connection", uncertain=True) from None


class SmsChannel:
    """Text messages. Buttons are not shown: the wording carries the numbers."""

    name = ChannelName.SMS
    capabilities = Capabilities(buttons=False, max_length=LONGEST, push=True, alphabet_gsm7=True)

    def __init__(self, config: SmsConfig) -> None:
        self._config = config
        self._client = client_for(config)

    def send(self, address: str, message: Outbound, *, door: str, attempt_id: str) -> Sent:
        """Send one text from `door`, a number or a messaging service."""
        if not message.text.strip():
            raise BadContent("empty")
        if len(message.text) > LONGEST:
            raise BadContent("21617")
        end = {"messaging_service_sid": door} if door.startswith("MG") else {"from_": door}
        with translated():
            taken = self._client.messages.create(
                to=address,
                body=message.text,
                status_callback=f"{self._config.public_url}{STATUS_PATH}{attempt_id}",
                **end,
            )
        return Sent(taken.sid, state_of(taken.status) or OutboxState.SENT)

    def find_sent(self, address: str, attempt_id: str, text: str, since: datetime) -> str | None:
        """Look through the newest messages to this address for the same text since the attempt began.

        The list does not say which attempt a message was; an address has one attempt at a time, so text and time tell.
        """
        with translated():
            for message in self._client.messages.stream(to=address, limit=_RECENT):
                if message.date_created and message.date_created < since - _CLOCKS_DIFFER:
                    return None
                if message.body == text and message.direction != "inbound" and not _was_refused(message.status):
                    return str(message.sid)
        return None


def _was_refused(status: str | None) -> bool:
    return state_of(status) in (OutboxState.FAILED, OutboxState.CANCELLED)
