"""All tables, one file per noun."""

from records.tables.audit import AuditEntry, AuditHead
from records.tables.base import Base, new_id
from records.tables.consent import ConsentEvent, ConsentKind, Erasure
from records.tables.conversations import Conversation, Progress
from records.tables.engagement import Door, FrameworkEdition, Invitation, Round, RoundFramework
from records.tables.messages import Hold, Message, MessageState, SealedWords
from records.tables.outbox import OutboxMessage, OutboxState
from records.tables.people import Participant, SealedAddress, StoppedAddress
from records.tables.protection import (
    Alert,
    AlertEvent,
    AlertMessage,
    AlertOrigin,
    AlertState,
    Look,
    Notification,
    Request,
)
from records.tables.responses import Reading, Response, Speaker, TranscriptTurn
from records.tables.staff import Bookmark, Staff, StaffSession

__all__ = [
    "Alert",
    "AlertEvent",
    "AlertMessage",
    "AlertOrigin",
    "AlertState",
    "AuditEntry",
    "AuditHead",
    "Base",
    "Bookmark",
    "ConsentEvent",
    "ConsentKind",
    "Conversation",
    "Door",
    "Erasure",
    "FrameworkEdition",
    "Hold",
    "Invitation",
    "Look",
    "Message",
    "MessageState",
    "Notification",
    "OutboxMessage",
    "OutboxState",
    "Participant",
    "Progress",
    "Reading",
    "Request",
    "Response",
    "Round",
    "RoundFramework",
    "SealedAddress",
    "SealedWords",
    "Speaker",
    "Staff",
    "StaffSession",
    "StoppedAddress",
    "TranscriptTurn",
    "new_id",
]
