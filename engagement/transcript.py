"""The transcript: anonymised turns in order, the prompt beside the answer. Nothing raw is ever written here."""

from records.database import UnitOfWork
from records.tables import Conversation, Speaker, TranscriptTurn


def add_turn(
    unit: UnitOfWork,
    conversation: Conversation,
    speaker: Speaker,
    text: str | None,
    *,
    statement: int | None = None,
    message_id: str | None = None,
    withheld_because: str | None = None,
) -> TranscriptTurn:
    """Add a line. `text` is masked words, or None while a person must look first (then say why)."""
    conversation.last_turn += 1
    turn = TranscriptTurn(
        conversation_id=conversation.id,
        number=conversation.last_turn,
        speaker=speaker,
        text=text,
        statement=statement,
        message_id=message_id,
        withheld_because=withheld_because,
        at=unit.clock.now(),
    )
    unit.session.add(turn)
    unit.session.flush()
    return turn
