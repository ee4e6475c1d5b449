"""When a person sees that a line still identifies somebody: it is hidden at once, then masked again.

If the words are still there afterwards, or were never found, the line stays hidden.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from engagement.reading import readable
from records.database import UnitOfWork
from records.tables import Conversation, Participant, TranscriptTurn


def turn_of(session: Session, conversation_id: str, turn_id: str) -> TranscriptTurn | None:
    """One line of a conversation that staff may read, or None."""
    found = (
        select(TranscriptTurn)
        .join(Conversation, Conversation.id == TranscriptTurn.conversation_id)
        .join(Participant, Participant.id == Conversation.participant_id)
        .where(TranscriptTurn.id == turn_id, Conversation.id == conversation_id, readable())
    )
    return session.scalars(found).first()


def hide(unit: UnitOfWork, turn: TranscriptTurn, *, actor: str) -> None:
    """Nobody reads this line from now on."""
    turn.hidden_at, turn.hidden_by = unit.clock.now(), actor
    unit.audit("line hidden", actor=actor, subject=f"turn:{turn.id}", because="it still identifies someone")


def lines_with(session: Session, turn: TranscriptTurn, words: Sequence[str]) -> Mapping[str, str]:
    """The texts, by id, of all lines of the same conversation that hold one of the words."""
    query = select(TranscriptTurn.id, TranscriptTurn.text).where(
        TranscriptTurn.conversation_id == turn.conversation_id, TranscriptTurn.text.is_not(None)
    )
    return {one: text for one, text in session.execute(query) if _holds(text, words)}


def put_masked(
    unit: UnitOfWork, turn: TranscriptTurn, masked: Mapping[str, str], words: Sequence[str], *, actor: str
) -> bool:
    """Put the masked texts in the place of the old ones. Returns: can the line that was marked be read again?"""
    for one in unit.session.scalars(select(TranscriptTurn).where(TranscriptTurn.id.in_(masked))):
        if masked[one.id].strip():  # nothing comes back when the anonymiser holds a text: then the line stays, hidden
            one.text = masked[one.id]
        if not _is_safe(masked[one.id], words):
            one.hidden_at, one.hidden_by = unit.clock.now(), actor
    freed = turn.id in masked and _is_safe(masked[turn.id], words)
    if freed:
        turn.hidden_at, turn.hidden_by = None, None
    unit.audit("line masked again", actor=actor, subject=f"turn:{turn.id}", lines=len(masked), readable=freed)
    return freed


def _is_safe(text: str, words: Sequence[str]) -> bool:
    return bool(text.strip()) and not _holds(text, words)


def _holds(text: str, words: Sequence[str]) -> bool:
    plain = " ".join(text.split()).casefold()
    return any(" ".join(one.split()).casefold() in plain for one in words)
