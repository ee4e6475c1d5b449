"""What the text message channel needs to know. Without it the channel is closed."""

from dataclasses import dataclass, field

from channels.web_security import public_address
from records.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class SmsConfig:
    """One Twilio account, and the number or messaging service that people write to.

    Raises: ConfigurationError when something is missing or cannot be right.
    """

    account_sid: str
    auth_token: str = field(repr=False)
    public_url: str  # how Twilio reaches us; signatures are checked against it, never against forwarded headers
    number: str | None = None  # E.164
    messaging_service: str | None = None  # MG...; its numbers share one door
    api_base_url: str | None = None  # for tests

    def __post_init__(self) -> None:
        if not self.account_sid.startswith("AC") or not self.auth_token:
            raise ConfigurationError("The Twilio account id (AC...) or its auth token is missing.")
        if not (self.number or self.messaging_service):
            raise ConfigurationError("Set the Twilio number or the messaging service that people write to.")
        if self.number and not self.number.startswith("+"):
            raise ConfigurationError("Write the Twilio number with its country, such as +447700900123.")
        object.__setattr__(self, "public_url", public_address(self.public_url, "The public address"))

    def door(self, to: str, service: str | None) -> str:
        """Our end of a message: the messaging service if it is ours, else the number it was sent to."""
        return service if service and service == self.messaging_service else to
