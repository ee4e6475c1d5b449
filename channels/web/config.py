"""What the web chat needs to know."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from channels.web_security import is_loopback, public_address

PAGE = "chat"  # the door: which round it leads to is kept with the rounds
QUICK_EXIT = "https://www.bbc.co.uk/weather"  # a page that anybody might be looking at


@dataclass(frozen=True, slots=True)
class WebConfig:
    """Where the page is reached, and the key that signs its forms.

    Raises: ConfigurationError unless the address is https, or http on this very machine.
    """

    public_url: str
    session_key: bytes = field(repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "public_url", public_address(self.public_url, "The public address"))

    @property
    def cookie_name(self) -> str:
        """`__Host-` binds the cookie to this host over https; browsers keep no such cookie over plain http."""
        return "__Host-chat" if self.cookie_secure else "chat"

    @property
    def cookie_secure(self) -> bool:
        """Only a trial on this very machine goes without."""
        parts = urlsplit(self.public_url)
        return parts.scheme == "https" or not is_loopback(parts.hostname or "")
