"""All pages of the console behind one guard: sign-in, roles, the form's token, and the headers of every answer."""

import hmac
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from channels.web_security import PAGE_HEADERS
from console.access import WHO, may_open
from console.errors import ConsoleError, NotAllowed, NotSignedIn
from console.house import ConsoleHouse
from console.pages import alerts, export, home, looks, requests, sign_in, statements, transcripts
from console.sessions import SignedIn, signed_in
from console.throttle import Throttle
from console.visit import Visit
from protection.errors import ProtectionError

Page = Callable[[Visit], Response]

LARGEST_FORM = 64 * 1024
PAGES: dict[tuple[str, str], Page] = {
    **sign_in.PAGES,
    **home.PAGES,
    **transcripts.PAGES,
    **statements.PAGES,
    **export.PAGES,
    **alerts.PAGES,
    **looks.PAGES,
    **requests.PAGES,
}


def routes(house: ConsoleHouse) -> list[Route]:
    """The console's routes, to be mounted under /console.

    Raises: LookupError when a page is missing from the table of who may open it.
    """
    if set(PAGES) != set(WHO):
        raise LookupError(f"pages and the table of who may open them differ: {sorted(set(PAGES) ^ set(WHO))}")
    throttle = Throttle(house.clock)
    return [
        Route(path, _guarded(house, throttle, method, path, page), methods=[method])
        for (method, path), page in PAGES.items()
    ]


def _guarded(
    house: ConsoleHouse, throttle: Throttle, method: str, path: str, page: Page
) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        visit = Visit(house, throttle, request, await run_in_threadpool(_who, house, request))
        try:
            _let_in(visit.who, method, path)
            form = await _form(request, visit.who) if method == "POST" else FormData()
            visit = Visit(house, throttle, request, visit.who, form)
            response = await run_in_threadpool(page, visit)
        except (ConsoleError, ProtectionError) as error:
            response = await run_in_threadpool(_refusal, visit, error)
        for name, value in PAGE_HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    return answer


def _who(house: ConsoleHouse, request: Request) -> SignedIn | None:
    secret = request.cookies.get(sign_in.COOKIE)
    return signed_in(house.database, secret) if secret else None


def _let_in(who: SignedIn | None, method: str, path: str) -> None:
    if may_open(frozenset() if who is None else who.roles, method, path):
        return
    if who is None:
        raise NotSignedIn("Sign in first.")
    raise NotAllowed("Your role does not open this page.")


async def _form(request: Request, who: SignedIn | None) -> FormData:
    _check_origin(request)
    length = request.headers.get("content-length", "")
    if not length.isdigit() or int(length) > LARGEST_FORM:
        raise NotAllowed("The form was too large.")
    form = await request.form(max_files=0, max_fields=20)
    token = form.get("csrf")
    given = token if isinstance(token, str) else ""
    if who is not None and not hmac.compare_digest(given.encode("utf-8", "replace"), who.csrf.encode()):
        raise NotAllowed(
            "This form is not from a page of yours, or it is too old. Go back, load the page again, retry."
        )
    return form


def _check_origin(request: Request) -> None:
    """A form is sent from our own pages only. Behind a proxy the scheme may differ, the host does not."""
    origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site")
    if site not in (None, "same-origin") or (origin is None and site is None):
        raise NotAllowed("The form came from another site.")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        raise NotAllowed("The form came from another site.")


def _refusal(visit: Visit, error: ConsoleError | ProtectionError) -> Response:
    if isinstance(error, NotSignedIn):
        return visit.go("/sign-in")
    status = error.status if isinstance(error, ConsoleError) else 409
    return visit.show("refused.html", status=status, sentence=str(error))
