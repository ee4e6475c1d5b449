"""The record of a person's agreement: what they were shown, what they said to it, and when they took it back."""

from consent.notice import Notice
from records.database import UnitOfWork
from records.tables import ConsentEvent, ConsentKind, Participant
from records.types import ChannelName


def record_consent(
    unit: UnitOfWork,
    participant: Participant,
    channel: ChannelName,
    kind: ConsentKind,
    notice: Notice | None = None,
    purpose: str | None = None,
) -> None:
    """Write down one moment, with the notice it was about, and audit it."""
    unit.session.add(
        ConsentEvent(
            participant_id=participant.id,
            kind=kind,
            purpose=purpose,
            notice=notice.key if notice else None,
            version=notice.version if notice else None,
            digest=notice.digest if notice else None,
            channel=channel,
            at=unit.clock.now(),
        )
    )
    if kind is ConsentKind.AGREED and participant.agreed_at is None:
        participant.agreed_at = unit.clock.now()
    unit.audit(kind.value.replace("_", " "), actor="participant", subject=f"participant:{participant.id}")
