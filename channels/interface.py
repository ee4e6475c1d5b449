"""What every channel is: it can send, it says what it can do, and it hands what it hears to intake.

Nothing here knows a provider. A channel never decides what is said, to whom, or whether it may be said.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from records.tables.outbox import OutboxState
from records.types import Capabilities, ChannelName, Inbound, Outbound, Receipt


@dataclass(frozen=True, slots=True)
class Sent:
    """What the provider said when it took a message. `provider_id` never contains an address."""

    provider_id: str | None
    state: OutboxState


class Channel(Protocol):
    """One way out. Called from the delivery thread, one call at a time."""

    @property
    def name(self) -> ChannelName: ...

    @property
    def capabilities(self) -> Capabilities: ...

    def send(self, address: str, message: Outbound, *, door: str, attempt_id: str) -> Sent:
        """Hand one message to the provider.

        Args: door: our end, from which it is sent; attempt_id: comes back with the provider's status reports.
        Raises: ChannelError, one of the kinds in `channels.errors`.
        """
        ...

    def find_sent(self, address: str, attempt_id: str, text: str, since: datetime) -> str | None:
        """Has the provider already taken this attempt? Its id, or None when it has not or cannot tell.

        Raises: ChannelError when the provider cannot be asked.
        """
        ...


class Receiver(Protocol):
    """Intake, as the channels see it."""

    def receive(self, inbound: Inbound) -> Receipt:
        """Return once the message is committed. Raises: NotOurs when it leads nowhere; anything else is a failure."""
        ...


class StatusRecorder(Protocol):
    """Where a provider's reports on sent messages go."""

    def __call__(
        self, *, attempt_id: str | None, provider_id: str | None, state: OutboxState, error: str | None
    ) -> bool:
        """Move a message forward. False when it is unknown."""
        ...


def well_formed(text: str) -> str:
    """The same text without half characters (lone surrogates, which JSON can carry), so that it can be encoded."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
