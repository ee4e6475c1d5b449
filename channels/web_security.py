"""What every web route of the channels needs against the open internet: a limit on bodies, headers, an Origin check.

Nothing here trusts a forwarded header: where we are reached is configured.
"""

import hmac
import ipaddress
from urllib.parse import urlsplit

from starlette.requests import Request

from channels.errors import Forged, Malformed
from records.errors import ConfigurationError

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "img-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

# `same-origin` and not `no-referrer`: under the latter browsers send `Origin: null` with our own forms.
PAGE_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",  # also keeps the page out of the back button's memory
}


class TooLarge(Malformed):
    """A body is larger than anything the provider sends."""

    told = "A call was too large to read."


async def read_body(request: Request, limit: int) -> bytes:
    """The body of a request. Raises: TooLarge above `limit` bytes, before the rest is read."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise TooLarge(f"over {limit} bytes")
    return bytes(body)


def public_address(url: str, setting: str) -> str:
    """A configured public address without its last slash.

    Raises: ConfigurationError unless it is https, or http on this very machine.
    """
    parts = urlsplit(url)
    if parts.scheme == "https" and parts.hostname and not parts.query:
        return url.rstrip("/")
    if parts.scheme == "http" and is_loopback(parts.hostname or ""):
        return url.rstrip("/")
    raise ConfigurationError(f"{setting} must be a full https address, such as https://chat.example.org")


def is_loopback(host: str) -> bool:
    """Does `host` name this very machine?"""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def check_origin(request: Request, public_url: str) -> None:
    """Turn away a form that another site sent. Raises: Forged.

    A missing Origin is let through: old browsers send none, and the form's own token still has to be right. On this
    very machine any of its names will do.
    """
    origin = request.headers.get("origin")
    if request.headers.get("sec-fetch-site") == "cross-site":
        raise Forged("cross-site")
    if origin is None:
        return
    ours = urlsplit(public_url)
    is_trial = is_loopback(ours.hostname or "")
    same_host = urlsplit(origin).netloc == request.headers.get("host", "") != ""
    if origin != f"{ours.scheme}://{ours.netloc}" and not (is_trial and same_host):
        raise Forged("another origin")


def same_secret(given: str, ours: str) -> bool:
    """Compare two secrets in constant time."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), ours.encode())
