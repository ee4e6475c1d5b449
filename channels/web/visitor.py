"""Who is at the other end of the chat page: a browser that holds a random token. The token is their address.

It lives in a cookie that ends with the browser, is never in a page, a link or a log, and signs the page's forms.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from itsdangerous import Signer
from starlette.requests import Request
from starlette.responses import Response

from channels.errors import Forged
from channels.web.config import WebConfig
from channels.web_security import same_secret

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")

NewToken = Callable[[], str]  # 43 letters and digits of chance: secrets.token_urlsafe(32)


@dataclass(frozen=True, slots=True)
class Visitor:
    """One browser. `is_new` when it came without a cookie."""

    token: str = field(repr=False)
    is_new: bool


def visitor_of(request: Request, config: WebConfig, new_token: NewToken) -> Visitor:
    """The browser that asks, known by its cookie, or a new one."""
    token = request.cookies.get(config.cookie_name, "")
    if _TOKEN.fullmatch(token):
        return Visitor(token, is_new=False)
    return Visitor(new_token(), is_new=True)


def remember(response: Response, config: WebConfig, visitor: Visitor) -> None:
    """Give a new browser its cookie. It has no end date, so it goes when the browser is closed.

    Lax and not Strict: somebody who follows a link to the page a second time must find their own chat again.
    """
    if visitor.is_new:
        response.set_cookie(
            config.cookie_name, visitor.token, path="/", secure=config.cookie_secure, httponly=True, samesite="lax"
        )


def forget(response: Response, config: WebConfig) -> None:
    """Take the cookie away."""
    response.delete_cookie(config.cookie_name, path="/", secure=config.cookie_secure, httponly=True, samesite="lax")


def form_key(config: WebConfig, visitor: Visitor) -> str:
    """What every form carries: only a page of ours can know it, and only for this browser."""
    return Signer(config.session_key, salt=b"chat form").get_signature(visitor.token).decode()


def check_form_key(config: WebConfig, visitor: Visitor, given: str) -> None:
    """Turn away a form that was not made for this browser. Raises: Forged."""
    if visitor.is_new or not same_secret(given, form_key(config, visitor)):
        raise Forged("form key")
