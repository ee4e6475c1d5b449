"""What the Telegram channel needs to know. Without it the channel is closed."""

import re
from dataclasses import dataclass, field

from channels.web_security import public_address
from records.errors import ConfigurationError

_TOKEN = re.compile(r"\d+:[\w-]+")
_SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}")


@dataclass(frozen=True, slots=True)
class TelegramConfig:
    """One bot. With a public address and a secret it is called by webhook, without them it asks (long polling).

    Raises: ConfigurationError when something is missing or cannot be right.
    """

    token: str = field(repr=False)
    bot_name: str  # "@name": the door of its round
    webhook_secret: str | None = field(default=None, repr=False)
    public_url: str | None = None
    api_base_url: str | None = None  # for tests

    def __post_init__(self) -> None:
        if not _TOKEN.fullmatch(self.token):
            raise ConfigurationError("The Telegram token is not one. Copy it from BotFather: digits, a colon, letters.")
        if not self.bot_name.strip("@"):
            raise ConfigurationError("Set the Telegram bot's name, such as @example_bot.")
        object.__setattr__(self, "bot_name", "@" + self.bot_name.strip("@"))
        if bool(self.webhook_secret) != bool(self.public_url):
            raise ConfigurationError(
                "A Telegram webhook needs both: the public address and a secret. Set both or none."
            )
        if self.webhook_secret and not _SECRET.fullmatch(self.webhook_secret):
            raise ConfigurationError("The Telegram webhook secret must be 16 to 256 of: letters, digits, _ and -.")
        if self.public_url:
            object.__setattr__(self, "public_url", public_address(self.public_url, "The public address"))

    @property
    def uses_webhook(self) -> bool:
        """Does Telegram call us, rather than we it?"""
        return self.webhook_secret is not None and self.public_url is not None
