"""What a message is read against, and what the rules may know: the stage's question, and the slots."""

from typing import Any

from bot import memory
from bot.actions.notices import age_leads_to
from bot.actions.placing import left
from bot.actions.statements import picked_numbers
from bot.turn.turn import Turn
from bot.understand import Context, Intent
from records.types import AgeBand, Audience, Rating, Stage

MORE_THAN_ONE = "more_than_one"
VOLUNTEER_AGES = (AgeBand.AGE_12_15, AgeBand.AGE_16_17, AgeBand.AGE_18_25)

_CONTEXTS = {
    Stage.AGE: Context.AGE,
    Stage.AUDIENCE: Context.ROLE,
    Stage.AGREEMENT: Context.CONSENT,
    Stage.RATING: Context.RATING,
    Stage.STORY: Context.STORY,
}


def context_of(stage: Stage) -> Context:
    """The question that stands at a stage."""
    return _CONTEXTS.get(stage, Context.ANY)


def slots_of(turn: Turn) -> dict[str, Any]:
    """How things stand for the message being answered, in the words of the rules."""
    return {
        "stage": turn.stage.value,
        "age_given": _age_given(turn),
        "audience_given": _audience_given(turn),
        "agreed": turn.agreed,
        "ratings_on": turn.heard.round.ratings,
        "rated": memory.rated(turn),
        "told": memory.told(turn),
        "not_about_me": turn.parsed.rating is Rating.NOT_APPLICABLE,
        "changing": memory.revisited(turn) is not None,
        "may_have_volunteer": turn.age_band in VOLUNTEER_AGES,
        "away": turn.away,
        "lost": bool(turn.memory.get(memory.LOST)),
        "more_open": turn.agreed and turn.audience is not None and bool(left(turn)),
        "other_set": bool(turn.memory.get(memory.OTHER_SET)),
        "disclosed": turn.statement is not None and turn.memory.get(memory.DISCLOSED) == turn.statement,
        "picked": _picked(turn),
    }


def _age_given(turn: Turn) -> str | None:
    value = turn.parsed.value
    if turn.parsed.intent is not Intent.GIVE_AGE or value is None or value not in {*AgeBand}:
        return None
    return age_leads_to(turn, AgeBand(value))


def _audience_given(turn: Turn) -> str | None:
    value = turn.parsed.value
    if turn.parsed.intent is not Intent.GIVE_AUDIENCE or value is None:
        return None
    if value == MORE_THAN_ONE:
        return "several"
    if value not in {*Audience}:
        return None
    known = turn.may_ask(Audience(value)) and value not in turn.memory.get(memory.SETS_DONE, [])
    return "asked_about" if known else "not_asked_about"


def _picked(turn: Turn) -> str | None:
    if turn.parsed.intent is not Intent.CHOOSE_STATEMENTS or not turn.agreed or turn.audience is None:
        return None
    return "some" if picked_numbers(turn) else "none"
