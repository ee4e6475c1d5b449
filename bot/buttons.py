"""Reads the data of a button. It is ours, but a chat page can send anything: what is not well formed means nothing."""

import re

from bot.turn.turn import Turn
from bot.understand import Intent, Parsed
from records.types import AgeBand, Audience, Rating, Stage

RATE_EARLIER = "rate_earlier"
OLD_BUTTON = "old_button"

_PLAIN = {
    "agree": Intent.AGREE_TO_TAKE_PART,
    "refuse": Intent.REFUSE,
    "more": Intent.ASK_FOR_MORE,
    "go": Intent.RESUME,
    "skip": Intent.SKIP,
    "pause": Intent.PAUSE,
    "person": Intent.SPEAK_TO_PERSON,
}
_OF_THE_NOTICE = ("agree", "refuse", "more")
_POINTS = {str(rating.points): rating for rating in Rating if rating.points}
_NOTHING = Parsed(Intent.CONFUSED, 1.0)
_OURS = re.compile(
    f"{'|'.join(_PLAIN)}|age:(?:{'|'.join(AgeBand)})|role:(?:{'|'.join(Audience)})"
    f"|rate:(?:{'|'.join([*_POINTS, *Rating])})(?::[0-9]{{1,2}}(?::(?:{'|'.join(Audience)}))?)?"
)


def is_ours(payload: str) -> bool:
    """Could a button of ours carry this? A closed list: what is kept of a press is kept unsealed, so no word of a
    participant's may fit in."""
    return _OURS.fullmatch(payload) is not None


def pressed(turn: Turn, payload: str) -> tuple[str, Parsed]:
    """The intent of a button and what it carries. A button of a question that is past takes them back to that question
    before they have agreed, lands on its own statement after, and otherwise means nothing any more."""
    name, _, rest = payload.partition(":")
    if name == "rate":
        return _rate(turn, *rest.split(":"))
    if name in ("age", "role"):
        return _entry(turn, name, rest)
    if payload not in _PLAIN or (payload in _OF_THE_NOTICE and turn.agreed):
        return OLD_BUTTON, _NOTHING
    return _found(Parsed(_PLAIN[payload], 1.0))


def _rate(turn: Turn, said: str, statement: str = "", audience: str = "", *_: str) -> tuple[str, Parsed]:
    rating = _POINTS.get(said) or next((one for one in Rating if one.value == said), None)
    if rating is None or turn.statement is None or (audience and audience != turn.audience):
        return OLD_BUTTON, _NOTHING
    number = int(statement) if statement.isdecimal() else turn.statement
    if number == turn.statement and turn.stage is not Stage.FINISHED:
        return _found(Parsed(Intent.RATE, 1.0, rating=rating))
    if number not in turn.progress:
        return OLD_BUTTON, _NOTHING
    return RATE_EARLIER, Parsed(Intent.RATE, 1.0, rating=rating, value=str(number))


def _entry(turn: Turn, name: str, value: str) -> tuple[str, Parsed]:
    second_set = name == "role" and turn.stage is Stage.AUDIENCE
    known = {*AgeBand} if name == "age" else {*Audience}
    if value not in known or (turn.agreed and not second_set) or turn.is_too_young:
        return OLD_BUTTON, _NOTHING
    if turn.stage not in (Stage.SAFETY, Stage.PAUSED):
        turn.stage = Stage.AGE if name == "age" or turn.age_band is None else Stage.AUDIENCE
    return _found(Parsed(Intent.GIVE_AGE if name == "age" else Intent.GIVE_AUDIENCE, 1.0, value=value))


def _found(parsed: Parsed) -> tuple[str, Parsed]:
    return parsed.intent.value, parsed
