"""Alerts: the list, one alert with its chronology, its words for a reason, and taking it on."""

from starlette.responses import Response

from console.errors import NotThere
from console.staff_names import names_of
from console.visit import Visit
from protection.desk import NotRead, ReasonNeeded, acknowledge, alert_file, alerts, close, has_opened, open_words


def listed(visit: Visit) -> Response:
    """Alerts that wait, or those that somebody has taken on."""
    acknowledged = visit.asked("show") == "acknowledged"
    with visit.house.database.read() as session:
        found = alerts(session, visit.page, acknowledged=acknowledged)
    return visit.show("alerts.html", found=found, acknowledged=acknowledged)


def one(visit: Visit) -> Response:
    """One alert, without its words."""
    return _alert(visit)


def opened(visit: Visit) -> Response:
    """The words, in this answer only: they are in no address, no title and no cache."""
    try:
        with visit.house.database.write() as unit:
            words = open_words(unit, _existing(visit), visit.staff.username, visit.sent("reason"))
    except ReasonNeeded as error:
        return _alert(visit, problem=str(error))
    return _alert(visit, words=words)


def take_on(visit: Visit) -> Response:
    """Acknowledge: from now on a named person deals with it."""
    with visit.house.database.write() as unit:
        acknowledge(unit, _existing(visit), visit.staff.username)
    return visit.go(f"/alerts/{visit.part('id')}", said="acknowledged")


def closed(visit: Visit) -> Response:
    """Close: what came of it, in the words of the person who decided."""
    try:
        with visit.house.database.write() as unit:
            close(unit, _existing(visit), visit.staff.username, visit.sent("reason"))
    except (ReasonNeeded, NotRead) as error:
        return _alert(visit, problem=str(error))
    return visit.go(f"/alerts/{visit.part('id')}", said="closed")


def _alert(visit: Visit, words: list[str] | None = None, problem: str | None = None) -> Response:
    with visit.house.database.read() as session:
        found = alert_file(session, visit.part("id"))
        if found is None:
            raise NotThere("There is no such alert.")
        names = names_of(session)
        read = has_opened(session, f"alert:{found.alert.id}", visit.staff.username)
    return visit.show(
        "alert.html",
        status=400 if problem else 200,
        found=found,
        words_opened=words,
        problem=problem,
        names=names,
        read=read,
    )


def _existing(visit: Visit) -> str:
    with visit.house.database.read() as session:
        if alert_file(session, visit.part("id")) is None:
            raise NotThere("There is no such alert.")
    return visit.part("id")


PAGES = {
    ("GET", "/alerts"): listed,
    ("GET", "/alerts/{id}"): one,
    ("POST", "/alerts/{id}/open"): opened,
    ("POST", "/alerts/{id}/acknowledge"): take_on,
    ("POST", "/alerts/{id}/close"): closed,
}
