"""Carries out, inside the commit, what a turn's actions asked for. One small function for each effect."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import singledispatch

from sqlalchemy import select

from bot.turn import effects as wanted
from bot.turn.turn import Turn
from consent.events import record_consent
from consent.notice import Notice
from consent.stopping import stop
from engagement import responses
from protection.requests import request_person
from records.database import UnitOfWork
from records.tables import (
    ConsentKind,
    Conversation,
    Participant,
    SealedAddress,
    TranscriptTurn,
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where effects are carried out."""

    unit: UnitOfWork
    conversation: Conversation
    participant: Participant
    turn: Turn
    lines: Mapping[str, TranscriptTurn]  # message -> its line in the transcript


def apply_effects(
    unit: UnitOfWork, conversation: Conversation, turn: Turn, lines: Mapping[str, TranscriptTurn]
) -> None:
    """Carry out everything the turn asked for, in order."""
    participant = unit.session.get_one(Participant, conversation.participant_id)
    place = Place(unit, conversation, participant, turn, lines)
    for effect in turn.effects:
        _apply(effect, place)


@singledispatch
def _apply(effect: object, place: Place) -> None:
    raise TypeError(f"nobody knows how to carry out {type(effect).__name__}")


@_apply.register
def _(effect: wanted.ShowNotice, place: Place) -> None:
    _consent(place, ConsentKind.NOTICE_SHOWN, effect.notice)


@_apply.register
def _(effect: wanted.Agree, place: Place) -> None:
    _consent(place, ConsentKind.AGREED, effect.notice, effect.purpose)


@_apply.register
def _(effect: wanted.Refuse, place: Place) -> None:
    _consent(place, ConsentKind.REFUSED, effect.notice)


def _consent(place: Place, kind: ConsentKind, notice: Notice | None, purpose: str | None = None) -> None:
    record_consent(place.unit, place.participant, place.conversation.channel, kind, notice, purpose)


@_apply.register
def _(effect: wanted.KnowPerson, place: Place) -> None:
    facts = ("age_band", "audience", "has_supporter", "safe_contact")
    for name in facts:
        value = getattr(effect, name)
        if value is not None:
            setattr(place.participant, name, value)


@_apply.register
def _(effect: wanted.SetProgress, place: Place) -> None:
    responses.set_progress(place.unit, place.conversation, effect.statement, effect.asked)


@_apply.register
def _(effect: wanted.RecordRating, place: Place) -> None:
    responses.record_rating(place.unit, place.conversation, place.turn.edition_id, effect.statement, effect.rating)


@_apply.register
def _(effect: wanted.RecordStory, place: Place) -> None:
    lines = [place.lines[message] for message, _ in effect.parts if message in place.lines]
    for line in lines:
        line.statement = effect.statement
    responses.record_story(
        place.unit, place.conversation, place.turn.edition_id, effect.statement, lines, anew=effect.anew
    )


@_apply.register
def _(effect: wanted.DeclineStory, place: Place) -> None:
    responses.decline_story(place.unit, place.conversation, place.turn.edition_id, effect.statement)


@_apply.register
def _(effect: wanted.ReplaceMessage, place: Place) -> None:
    """The new words take the old ones' place in the story, and their rating that of the statement."""
    old, new = _line_of(place, effect.old_message), _line_of(place, effect.new_message)
    if old is not None:
        old.superseded_at = place.unit.clock.now()
    if old is not None and new is not None and old.response_id is not None:
        new.response_id, new.statement = old.response_id, old.statement
    if effect.rating is not None and effect.statement is not None:
        responses.record_rating(place.unit, place.conversation, place.turn.edition_id, effect.statement, effect.rating)


def _line_of(place: Place, message_id: str) -> TranscriptTurn | None:
    found = select(TranscriptTurn).where(TranscriptTurn.message_id == message_id)
    return place.unit.session.scalars(found).first()


@_apply.register
def _(effect: wanted.AskForPerson, place: Place) -> None:
    request_person(place.unit, place.conversation.id, effect.kind)


@_apply.register
def _(effect: wanted.StopMessages, place: Place) -> None:
    address = place.unit.session.get_one(SealedAddress, place.participant.address_id)
    stop(place.unit, address)
    _consent(place, ConsentKind.STOPPED, None)


@_apply.register
def _(effect: wanted.Finish, place: Place) -> None:
    place.conversation.finished_at = place.conversation.finished_at or place.unit.clock.now()
