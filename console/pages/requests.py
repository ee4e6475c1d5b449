"""What participants asked a person for: a queue with a due time."""

from starlette.responses import Response

from console.visit import Visit
from engagement.reading import reference_of
from protection.desk import finish_request, is_readable, requests


def listed(visit: Visit) -> Response:
    """Requests that nobody has answered."""
    with visit.house.database.read() as session:
        found = requests(session, visit.page)
        readable = {one.conversation_id for one in found.items if is_readable(session, one.conversation_id)}
    return visit.show("requests.html", found=found, readable=readable, reference_of=reference_of)


def done(visit: Visit) -> Response:
    """Somebody has answered it."""
    with visit.house.database.write() as unit:
        finish_request(unit, visit.part("id"), visit.staff.username)
    return visit.go("/requests", said="done")


PAGES = {("GET", "/requests"): listed, ("POST", "/requests/{id}/done"): done}
