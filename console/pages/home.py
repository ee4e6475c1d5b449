"""The first page: what waits for the person who signed in."""

from dataclasses import dataclass

from starlette.responses import Response

from console.visit import Visit
from engagement.reading import unread_since
from protection.desk import Queue, notifications, see_notification, waiting
from protection.due import unread_due


@dataclass(frozen=True, slots=True)
class Tile:
    """One queue as the first page shows it."""

    path: str
    name: str
    queue: Queue


def show(visit: Visit) -> Response:
    """Queues by role, and what this role has been told."""
    now, roles = visit.house.clock.now(), visit.staff.roles
    with visit.house.database.read() as session:
        queues = waiting(session, now)
        since = unread_since(session)
        told = notifications(session, [role.value for role in roles], visit.page)
    unread = Queue(len(since), sum(unread_due(one) < now for one in since))
    tiles = [
        Tile("/alerts", "Alerts to acknowledge", queues["alerts"]),
        Tile("/looks", "Messages that need a look", queues["looks"]),
        Tile("/requests", "Requests to answer", queues["requests"]),
        Tile("/transcripts", "Conversations nobody has read", unread),
    ]
    return visit.show("home.html", tiles=tiles, told=told)


def seen(visit: Visit) -> Response:
    """Take a notification off the list; its thing stays in its queue."""
    staff = visit.staff
    with visit.house.database.write() as unit:
        see_notification(unit, visit.part("id"), [role.value for role in staff.roles], staff.username)
    return visit.go("/")


PAGES = {("GET", "/"): show, ("POST", "/notifications/{id}/seen"): seen}
