"""Sending to the web chat: the page reads the outbox, so a message is sent as soon as the outbox says so."""

from datetime import datetime

from channels.interface import Sent
from records.tables.outbox import OutboxState
from records.types import Capabilities, ChannelName, Outbound

LONGEST = 4096


class WebChannel:
    """The chat page. Nobody can be reached who is not looking at it."""

    name = ChannelName.WEB
    capabilities = Capabilities(buttons=True, max_length=LONGEST, push=False)

    def send(self, address: str, message: Outbound, *, door: str, attempt_id: str) -> Sent:
        """Nothing leaves: from now on the page shows it."""
        return Sent(None, OutboxState.SENT)

    def find_sent(self, address: str, attempt_id: str, text: str, since: datetime) -> str | None:
        """There is no provider to ask; showing a message twice is not possible."""
        return None
