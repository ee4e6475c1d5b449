"""Conversations to read: the queue, one transcript, and what a reader can do with a line of it."""

from collections.abc import Sequence
from typing import TypeVar

from starlette.responses import Response

from console.errors import NotThere
from console.visit import Visit
from engagement.framework import Framework
from engagement.hearing import rounds, sets_of
from engagement.masking import hide, lines_with, put_masked, turn_of
from engagement.reading import Wanted, conversations, mark_read, next_unread, transcript
from protection.desk import ReasonNeeded, checked_reason
from protection.due import unread_due
from records.types import Audience, ChannelName

Kind = TypeVar("Kind", Audience, ChannelName)

MOST_WORDS = 20
SHORTEST_WORD = 2


def queue(visit: Visit) -> Response:
    """Conversations, those that wait longest first."""
    wanted = Wanted(
        unread_only=visit.asked("show") != "all",
        round_id=visit.asked("round"),
        audience=_one_of(Audience, visit.asked("audience")),
        channel=_one_of(ChannelName, visit.asked("channel")),
    )
    with visit.house.database.read() as session:
        found = conversations(session, wanted, visit.page)
        all_rounds = rounds(session)
    return visit.show("transcripts.html", found=found, wanted=wanted, rounds=all_rounds, due=unread_due)


def one(visit: Visit) -> Response:
    """One transcript, prompt beside answer."""
    return _transcript(visit, None)


def read(visit: Visit) -> Response:
    """Everything up to the last line that was shown is read; on to the next."""
    conversation_id, staff, number = visit.part("id"), visit.staff, visit.sent("number")
    with visit.house.database.write() as unit:
        if transcript(unit.session, conversation_id) is None or not number.isdigit():
            raise NotThere("This conversation is not here any more.")
        mark_read(unit, conversation_id, staff.id, int(number[:9]), actor=staff.username)
        unit.session.flush()
        following = next_unread(unit.session, conversation_id)
    return visit.go("/transcripts", said="read") if following is None else visit.go(f"/transcripts/{following}")


def mask(visit: Visit) -> Response:
    """This line still identifies someone: hide it at once, then mask the words everywhere in the conversation."""
    conversation_id, actor, words = visit.part("id"), visit.staff.username, _words(visit.sent("words"))
    with visit.house.database.write() as unit:
        turn = turn_of(unit.session, conversation_id, visit.part("turn"))
        if turn is None:
            raise NotThere("This line is not here any more.")
        hide(unit, turn, actor=actor)
        found = lines_with(unit.session, turn, words) if words else {}
    masked = {one: visit.house.remask(text, words) for one, text in found.items()}  # may think: no transaction is open
    freed = False
    if masked:
        with visit.house.database.write() as unit:
            turn = turn_of(unit.session, conversation_id, turn.id)
            freed = turn is not None and put_masked(unit, turn, masked, words, actor=actor)
    return visit.go(f"/transcripts/{conversation_id}", said="masked" if freed else "hidden")


def concern(visit: Visit) -> Response:
    """A reader is worried by a line: an alert, for those who keep people safe."""
    conversation_id = visit.part("id")
    try:
        reason = checked_reason(visit.sent("reason"))
    except ReasonNeeded as error:
        return _transcript(visit, str(error))
    with visit.house.database.write() as unit:
        turn = turn_of(unit.session, conversation_id, visit.part("turn"))
        if turn is None or turn.message_id is None:
            raise NotThere("This line is not here any more. Tell a safeguarding officer yourself, now.")
        visit.house.raise_concern(
            unit,
            conversation_id=conversation_id,
            message_id=turn.message_id,
            staff=visit.staff.username,
            reason=reason,
        )
    return visit.go(f"/transcripts/{conversation_id}", said="raised")


def _transcript(visit: Visit, problem: str | None) -> Response:
    with visit.house.database.read() as session:
        found = transcript(session, visit.part("id"))
        if found is None:
            raise NotThere("This conversation is not here any more.")
        chosen = sets_of(session, found.round_id).get(found.line.audience) if found.line.audience else None
    framework: Framework | None = None if chosen is None else chosen.framework
    return visit.show(
        "transcript.html", status=400 if problem else 200, found=found, framework=framework, problem=problem
    )


def _words(sent: str) -> Sequence[str]:
    lines = (" ".join(line.split()) for line in sent.splitlines())
    return list(dict.fromkeys(line for line in lines if len(line) >= SHORTEST_WORD))[:MOST_WORDS]


def _one_of(kind: type[Kind], value: str | None) -> Kind | None:
    return kind(value) if value in {one.value for one in kind} else None


PAGES = {
    ("GET", "/transcripts"): queue,
    ("GET", "/transcripts/{id}"): one,
    ("POST", "/transcripts/{id}/read"): read,
    ("POST", "/transcripts/{id}/turns/{turn}/mask"): mask,
    ("POST", "/transcripts/{id}/turns/{turn}/concern"): concern,
}
