"""Looks: one message each that a person should read, then clear or raise as an alert."""

from starlette.responses import Response

from console.errors import NotThere
from console.staff_names import names_of
from console.visit import Visit
from protection.desk import ReasonNeeded, clear_look, has_opened, is_readable, look, looks, open_words, raise_from_look


def listed(visit: Visit) -> Response:
    """Looks that nobody has cleared."""
    with visit.house.database.read() as session:
        return visit.show("looks.html", found=looks(session, visit.page))


def one(visit: Visit) -> Response:
    """One look, without its words."""
    return _look(visit)


def opened(visit: Visit) -> Response:
    """The words, in this answer only, and what to decide."""
    _existing(visit)
    try:
        with visit.house.database.write() as unit:
            words = open_words(unit, visit.part("id"), visit.staff.username, visit.sent("reason"))
    except ReasonNeeded as error:
        return _look(visit, problem=str(error))
    return _look(visit, words=words)


def cleared(visit: Visit) -> Response:
    """Nothing there."""
    _existing(visit)
    with visit.house.database.write() as unit:
        clear_look(unit, visit.part("id"), visit.staff.username)
    return visit.go("/looks", said="cleared")


def raised(visit: Visit) -> Response:
    """It is an alert."""
    _existing(visit)
    try:
        with visit.house.database.write() as unit:
            alert_id = raise_from_look(
                unit, visit.part("id"), visit.staff.username, visit.sent("reason"), visit.house.raise_concern
            )
    except ReasonNeeded as error:
        return _look(visit, problem=str(error))
    return visit.go(f"/alerts/{alert_id}", said="raised")


def _look(visit: Visit, words: list[str] | None = None, problem: str | None = None) -> Response:
    with visit.house.database.read() as session:
        found = look(session, visit.part("id"))
        if found is None:
            raise NotThere("There is no such look.")
        names = names_of(session)
        read = has_opened(session, f"look:{found.id}", visit.staff.username)
        readable = is_readable(session, found.conversation_id)
    return visit.show(
        "look.html",
        status=400 if problem else 200,
        found=found,
        words_opened=words,
        problem=problem,
        names=names,
        read=read,
        readable=readable,
    )


def _existing(visit: Visit) -> None:
    with visit.house.database.read() as session:
        if look(session, visit.part("id")) is None:
            raise NotThere("There is no such look.")


PAGES = {
    ("GET", "/looks"): listed,
    ("GET", "/looks/{id}"): one,
    ("POST", "/looks/{id}/open"): opened,
    ("POST", "/looks/{id}/clear"): cleared,
    ("POST", "/looks/{id}/alert"): raised,
}
