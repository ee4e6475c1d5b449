"""What STOP, START and DELETE do, inside the transaction that stores them."""

from channels.arrival import Arrival
from channels.commands import Command
from channels.replies import FixedReplies
from consent.erasure import request_erasure
from consent.events import record_consent
from consent.stopping import restart, stop
from protection.raising import last_worry
from records.database import UnitOfWork
from records.outbox import post
from records.tables import ConsentKind, Conversation
from records.types import Inbound, Kind, Lane, Stage


def obey(unit: UnitOfWork, arrival: Arrival, command: Command, inbound: Inbound, texts: FixedReplies) -> bool:
    """Carry out a command. The reply is a fixed text, unless the provider has already answered the keyword itself.

    Returns whether that was all: somebody who comes back before anything was said is welcomed by the dialogue.
    """
    match command:
        case Command.STOP:
            _stop(unit, arrival, inbound, texts)
        case Command.DELETE:
            _delete(unit, arrival, texts)
        case Command.START:
            _start(unit, arrival, inbound, texts)
    return command is not Command.START or arrival.conversation.stage is not Stage.WELCOME


def _stop(unit: UnitOfWork, arrival: Arrival, inbound: Inbound, texts: FixedReplies) -> None:
    conversation = arrival.conversation
    was_stopped = arrival.stopped
    stop(unit, arrival.address, by_provider=inbound.kind is Kind.STOPPED)
    if conversation.stage is not Stage.DELETED:
        _leave(conversation, Stage.STOPPED)
    if was_stopped:
        return
    record_consent(unit, arrival.participant, conversation.channel, ConsentKind.STOPPED)
    if inbound.kind is not Kind.STOPPED and not inbound.provider_replied:
        post(unit, conversation, texts.stopped(conversation.channel, arrival.round), Lane.REPLY, despite_stop=True)


def _delete(unit: UnitOfWork, arrival: Arrival, texts: FixedReplies) -> None:
    conversation = arrival.conversation
    first_time = conversation.stage is not Stage.DELETED
    stop(unit, arrival.address)
    _leave(conversation, Stage.DELETED)
    request_erasure(unit, arrival.participant)
    unit.ring("clocks")
    if first_time:
        record_consent(unit, arrival.participant, conversation.channel, ConsentKind.WITHDRAWN)
        post(unit, conversation, texts.deleted(conversation.channel, arrival.round), Lane.REPLY, despite_stop=True)


def _start(unit: UnitOfWork, arrival: Arrival, inbound: Inbound, texts: FixedReplies) -> None:
    conversation = arrival.conversation
    if conversation.stage is Stage.DELETED:  # still waiting for a person to be done with an alert
        post(
            unit, conversation, texts.still_deleting(conversation.channel, arrival.round), Lane.REPLY, despite_stop=True
        )
        return
    restart(unit, arrival.address)
    if conversation.stage is Stage.STOPPED:
        worried = last_worry(unit.session, conversation.id) is not None
        conversation.stage = _stage_after_stop(conversation.resume_stage, worried=worried)
    record_consent(unit, arrival.participant, conversation.channel, ConsentKind.RETURNED)
    if not inbound.provider_replied and conversation.stage is not Stage.WELCOME:
        post(unit, conversation, texts.welcome_back(conversation.channel, arrival.round), Lane.REPLY)


def _stage_after_stop(before: Stage | None, *, worried: bool) -> Stage:
    """Nothing is asked until they say so, and after a worry only GO says so.

    Who had said nothing yet, or had come to the end, is where they were.
    """
    if before in (None, Stage.WELCOME):
        return Stage.WELCOME
    if before in (Stage.FINISHED, Stage.DECLINED):
        return before
    return Stage.SAFETY if worried else Stage.PAUSED


def _leave(conversation: Conversation, stage: Stage) -> None:
    if conversation.stage not in (Stage.STOPPED, Stage.DELETED, Stage.PAUSED, Stage.SAFETY):
        conversation.resume_stage = conversation.stage
    conversation.stage = stage
    conversation.due_at = None
