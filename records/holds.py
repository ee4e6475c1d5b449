"""Holds: the reasons to keep sealed words. Whoever needs words says so here; erasure looks here first."""

from records.database import UnitOfWork
from records.tables import Hold
from records.types import HoldKind


def hold_words(unit: UnitOfWork, words_id: str | None, kind: HoldKind, subject: str) -> None:
    """Keep sealed words for a conversation, look, alert or transcript line. A message without words holds nothing."""
    if words_id is not None:
        unit.session.add(Hold(words_id=words_id, kind=kind, subject_id=subject, created_at=unit.clock.now()))
