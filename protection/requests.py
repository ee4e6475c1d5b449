"""What a participant asks a person for: a queue with a due time, and somebody told at once."""

from protection.due import request_due
from protection.raising import notify
from records.database import UnitOfWork
from records.tables import Request
from records.types import RequestKind, Role

_TOLD = {
    RequestKind.PERSON: "Somebody asks to speak to a person.",
    RequestKind.YOUNG_VOLUNTEER: "Somebody asks for a young inspection volunteer.",
    RequestKind.SUPPORTER: "Somebody would like a supporter with them.",
    RequestKind.COMPLAINT: "Somebody makes a complaint.",
    RequestKind.LANGUAGE: "Somebody asks for another language.",
}


def request_person(unit: UnitOfWork, conversation_id: str, kind: RequestKind) -> Request:
    """Put a request in the queue and tell the engagement team."""
    now = unit.clock.now()
    request = Request(kind=kind, conversation_id=conversation_id, created_at=now, due_at=request_due(kind, now))
    unit.session.add(request)
    unit.session.flush()
    notify(unit, Role.ENGAGEMENT, _TOLD[kind], f"request:{request.id}")
    unit.audit("request made", actor="participant", subject=f"request:{request.id}", kind=kind.value)
    return request
