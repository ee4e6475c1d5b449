"""Signing in and out, and the two files that every page needs."""

from starlette.responses import FileResponse, Response

from console.errors import NotThere, TooMany
from console.sessions import LONGEST, sign_in, sign_out
from console.visit import HERE, Visit

COOKIE = "__Host-staff"
FILES = {
    "console.css": "text/css; charset=utf-8",
    "console.js": "text/javascript; charset=utf-8",
    "mark.svg": "image/svg+xml",
}
WRONG = "That did not work. Check the username and password. After several tries, wait 15 minutes."


def static_file(visit: Visit) -> Response:
    """The style sheet, the script or the mark: nothing else is served."""
    name = visit.part("file")
    if name not in FILES:
        raise NotThere("There is no such file.")
    return FileResponse(
        HERE / "static" / name, headers={"Cache-Control": "public, max-age=300", "Content-Type": FILES[name]}
    )


def form(visit: Visit) -> Response:
    """The sign-in page."""
    return visit.go("/") if visit.who is not None else visit.show("sign_in.html", problem=None)


def enter(visit: Visit) -> Response:
    """Check a username and password. Whatever was wrong, the answer reads the same."""
    client = visit.request.client
    if not visit.throttle.lets("nowhere" if client is None else client.host):
        raise TooMany("Too many tries from here. Wait five minutes.")
    secret = sign_in(visit.house.database, visit.sent("username"), visit.sent("password"))
    if secret is None:
        return visit.show("sign_in.html", status=401, problem=WRONG)
    if visit.who is not None:
        sign_out(visit.house.database, visit.who)
    answer = visit.go("/")
    answer.set_cookie(
        COOKIE, secret, max_age=int(LONGEST.total_seconds()), path="/", secure=True, httponly=True, samesite="strict"
    )
    return answer


def leave(visit: Visit) -> Response:
    """End the session, here and in the browser."""
    sign_out(visit.house.database, visit.staff)
    answer = visit.go("/sign-in")
    answer.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="strict")
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


PAGES = {
    ("GET", "/static/{file}"): static_file,
    ("GET", "/sign-in"): form,
    ("POST", "/sign-in"): enter,
    ("POST", "/sign-out"): leave,
}
