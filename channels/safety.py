"""What intake itself answers to a worry: the fixed reply, and SAFE or NOT SAFE. It works when the dialogue is down."""

from bot.understand.contact import contact_answer
from channels.arrival import Arrival
from channels.replies import FixedReplies
from protection.raising import Raised, last_worry, note_on_alert
from records.database import UnitOfWork
from records.outbox import cancel_safety, post
from records.tables import Conversation, Message
from records.types import AgeBand, Category, Inbound, Kind, Lane, Stage, Tier, Verdict

SILENT_STAGES = (Stage.STOPPED, Stage.DELETED)
_A_CRY = 5  # words


def answer_worry(
    unit: UnitOfWork,
    arrival: Arrival,
    message: Message,
    inbound: Inbound,
    verdict: Verdict,
    raised: Raised,
    texts: FixedReplies,
) -> None:
    """Queue the fixed reply that the verdict calls for, and ask nothing more until the person asks for it."""
    conversation = arrival.conversation
    if not _is_in_a_longer_text(verdict, inbound):
        reply = texts.to_verdict(
            verdict,
            kind=message.kind,
            age_band=arrival.participant.age_band,
            channel=conversation.channel,
            now=unit.clock.now(),
            times=raised.times,
            safe_contact=arrival.participant.safe_contact,
            can_go_on=_can_go_on(arrival),
        )
        post(unit, conversation, reply, Lane.SAFETY, despite_stop=verdict.tier >= Tier.CONCERN)
        message.answered = bool(reply) and Category.UNSCREENED not in verdict.categories
    if verdict.tier >= Tier.CONCERN and set(verdict.categories) != {Category.UNSCREENED}:
        _let_rest(conversation)


def hear_contact(unit: UnitOfWork, arrival: Arrival, inbound: Inbound, texts: FixedReplies) -> bool:
    """SAFE or NOT SAFE, after a worry: noted for whoever gets in touch, and answered. False when it is neither."""
    conversation = arrival.conversation
    if conversation.stage is not Stage.SAFETY or inbound.kind is not Kind.TEXT:
        return False
    is_safe = contact_answer(inbound.text)
    worry = last_worry(unit.session, conversation.id)
    if is_safe is None or worry is None:
        return False
    arrival.participant.safe_contact = is_safe
    note_on_alert(unit, conversation.id, f"said that this is {'a safe' if is_safe else 'no safe'} way to contact them")
    if not is_safe:
        cancel_safety(unit, conversation)
    reply = texts.to_contact(
        is_safe, worry, arrival.participant.age_band, unit.clock.now(), can_go_on=_can_go_on(arrival)
    )
    post(unit, conversation, reply, Lane.SAFETY, despite_stop=True)
    return True


def is_a_cry(inbound: Inbound) -> bool:
    """A cry for help and nothing more: "help me", "I'm scared". A longer text is words, and goes on to the dialogue."""
    return len(inbound.text.split()) <= _A_CRY


def _can_go_on(arrival: Arrival) -> bool:
    """Is there anything that GO would carry on with?"""
    conversation = arrival.conversation
    stage = conversation.resume_stage if conversation.stage is Stage.SAFETY else conversation.stage
    over = (*SILENT_STAGES, Stage.FINISHED, Stage.DECLINED)
    return stage not in over and arrival.participant.age_band is not AgeBand.UNDER_12


def _is_in_a_longer_text(verdict: Verdict, inbound: Inbound) -> bool:
    return verdict.tier is Tier.LOOK and Category.HELP in verdict.categories and not is_a_cry(inbound)


def _let_rest(conversation: Conversation) -> None:
    """The questions rest. Where they had got to is kept, for when the person asks to go on."""
    if conversation.stage in (*SILENT_STAGES, Stage.SAFETY):
        return
    was_paused = conversation.stage is Stage.PAUSED and conversation.resume_stage is not None
    conversation.resume_stage = conversation.resume_stage if was_paused else conversation.stage
    conversation.stage = Stage.SAFETY
