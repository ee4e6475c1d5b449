"""Decides what one message of a turn is to the dialogue: what the program knows of it first, then what its words mean.

Must never let words name an intent, and never ask the reader about a message that intake has answered already.
"""

import re
from collections.abc import Callable
from dataclasses import replace

from bot import memory
from bot.actions.placing import first_stage
from bot.actions.questions import not_yet_seen
from bot.buttons import RATE_EARLIER, pressed
from bot.contexts import context_of
from bot.turn.heard import Said
from bot.turn.turn import Turn
from bot.understand import Context, Intent, Parsed
from records.types import Kind, Stage, Tier

Read = Callable[[str, Context], Parsed]

DISCLOSE, BESIDE = "disclose", "beside_a_disclosure"
TELL_MORE = "tell_more"
KNOWN = Parsed(Intent.TELL_STORY, 1.0)  # what carries no reading: the program knew already
NOT_UNDERSTOOD = 0.45  # below it, something out of scope is rather something we did not understand
PLAIN_YES = 0.9

_HEARD_BESIDE = frozenset(
    {Intent.STOP, Intent.SPEAK_TO_PERSON, Intent.DELETE_MY_DATA, Intent.SAFE_CONTACT, Intent.NOT_SAFE_CONTACT}
)
_HEARD_UNDER_12 = frozenset(
    {
        *(Intent.STOP, Intent.SPEAK_TO_PERSON, Intent.DELETE_MY_DATA, Intent.SAFE_CONTACT, Intent.NOT_SAFE_CONTACT),
        *(Intent.IS_IT_CONFIDENTIAL, Intent.BOT_CHALLENGE, Intent.NOT_EMERGENCY_HELP),
        *(Intent.COMPLAIN, Intent.CHANGE_LANGUAGE, Intent.WRONG_NUMBER),
    }
)
_ASKS_YES_OR_NO = (Stage.AGREEMENT, Stage.RATING, Stage.STORY)
_CONTACT = (Intent.SAFE_CONTACT, Intent.NOT_SAFE_CONTACT)
_RESTS = (Stage.PAUSED, Stage.SAFETY, Stage.DECLINED)
_RATED_AGAIN = re.compile(
    r"(?:(?:oops|sorry|no|wait|actually|i meant|i mean|meant|make that|make it|should be|to say|a)\W+)*([1-5])\W*", re.I
)
_WAKES = frozenset(
    {
        *(Intent.RATE, Intent.TELL_STORY, Intent.RATE_AND_STORY, Intent.SKIP, Intent.GIVE_AGE, Intent.GIVE_AUDIENCE),
        *(Intent.GO_BACK, Intent.CHANGE_ANSWER, Intent.EXPLAIN_STATEMENT, Intent.CHOOSE_STATEMENTS),
    }
)


def hear(turn: Turn, said: Said, read: Read, disclosing: bool) -> tuple[str, Parsed]:
    """The intent for the rules, and the reading behind it."""
    if said.tier >= Tier.CONCERN:
        return DISCLOSE, KNOWN
    if said.unreadable:
        return "unreadable", KNOWN
    if said.kind is Kind.RETURNED:
        return "returned", KNOWN
    if said.kind is Kind.START:
        return "start_link", KNOWN
    intent, parsed = _worded(turn, said, read)
    if disclosing and parsed.intent not in _HEARD_BESIDE:
        return BESIDE, parsed
    _wake(turn, parsed)
    if turn.is_too_young and turn.stage is Stage.DECLINED and intent not in _HEARD_UNDER_12:
        return Intent.REFUSE.value, parsed  # whatever it was, it takes them no further
    return intent, parsed


def reads_as_story(turn: Turn, said: Said, read: Read) -> bool:
    """Would this message go on with the story that the one before it tells?"""
    plain = said.kind is Kind.TEXT and said.tier < Tier.CONCERN and not said.unreadable and said.replaces is None
    return plain and _as_story(turn, said, read).intent is Intent.TELL_STORY


def _worded(turn: Turn, said: Said, read: Read) -> tuple[str, Parsed]:
    if said.replaces is not None:
        return "edited", _read_edit(turn, said, read)
    if said.kind is Kind.BUTTON and said.payload:
        turn.memory.pop(memory.EDIT, None)
        return pressed(turn, said.payload)
    if memory.EDIT in turn.memory:
        if (answer := _answer_to_edit(turn, said, read)) is not None:
            return answer
        turn.memory.pop(memory.EDIT)
    return _early(turn, said, read) or _in_turn(turn, said, read)


def _read_edit(turn: Turn, said: Said, read: Read) -> Parsed:
    found = memory.answered_by(turn, said.replaces or "")
    return read(said.text, Context.STORY if found and found[1] == "story" else Context.RATING)


def _answer_to_edit(turn: Turn, said: Said, read: Read) -> tuple[str, Parsed] | None:
    parsed = read(said.text, Context.CONSENT)
    if parsed.confidence < PLAIN_YES:
        return None
    if parsed.intent in (Intent.AGREE_TO_TAKE_PART, Intent.RESUME):
        return "use_edit", parsed
    return ("keep_edit", parsed) if parsed.intent is Intent.REFUSE else None


def _early(turn: Turn, said: Said, read: Read) -> tuple[str, Parsed] | None:
    """They cannot have seen the new statement yet: what answers something answers the one before."""
    if not (turn.early and turn.memory.get(memory.FRESH)) or turn.stage is not first_stage(turn):
        return None
    before, parsed = not_yet_seen(turn, turn.stage), _as_story(turn, said, read)
    if parsed.intent is Intent.TELL_STORY:
        return None if before is None else (TELL_MORE, parsed)
    if turn.prompt is None:  # the question was sent, a moment ago: a number or a word can be an answer to it
        return None
    if parsed.intent is Intent.RATE and before is not None:
        return RATE_EARLIER, Parsed(Intent.RATE, parsed.confidence, parsed.rating, str(before))
    return (Intent.REPEAT.value, parsed) if parsed.intent in (Intent.RATE, Intent.SKIP) else None


def _in_turn(turn: Turn, said: Said, read: Read) -> tuple[str, Parsed]:
    if (heard := _heard_us(turn, said, read)) is not None:
        return heard
    context = _context(turn)
    parsed = _as_story(turn, said, read) if context is Context.STORY else read(said.text, context)
    if turn.stage is Stage.SAFETY and parsed.intent is Intent.CHOOSE_STATEMENTS and turn.resume_stage is not None:
        parsed = read(said.text, Context.RATING)  # a number is a rating, if it is anything
    if context in (Context.AGE, Context.ROLE) and parsed.confidence < NOT_UNDERSTOOD and _says_no(said, read):
        return Intent.REFUSE.value, parsed
    if parsed.intent in _CONTACT and turn.stage in (Stage.RATING, Stage.STORY) and parsed.confidence < 1:
        return Intent.TELL_STORY.value, replace(parsed, intent=Intent.TELL_STORY)  # nobody asked about their phone
    if parsed.intent is Intent.OUT_OF_SCOPE and parsed.confidence < NOT_UNDERSTOOD:
        return Intent.CONFUSED.value, parsed
    return parsed.intent.value, parsed


def _as_story(turn: Turn, said: Said, read: Read) -> Parsed:
    """A bare number where a story is asked for is the rating over again; without ratings it is an answer in words."""
    if number := _RATED_AGAIN.fullmatch(said.text.strip()):
        return read(number.group(1), Context.RATING) if turn.heard.round.ratings else KNOWN
    return read(said.text, Context.STORY)


def _says_no(said: Said, read: Read) -> bool:
    """No to being asked is no to taking part, whatever the first questions are."""
    parsed = read(said.text, Context.CONSENT)
    return parsed.intent is Intent.REFUSE and parsed.confidence >= PLAIN_YES


def _context(turn: Turn) -> Context:
    """On a break, the question that was asked before it is the one that an answer answers."""
    paused_at = turn.resume_stage if turn.stage is Stage.PAUSED else None
    return context_of(paused_at or turn.stage)


def _heard_us(turn: Turn, said: Said, read: Read) -> tuple[str, Parsed] | None:
    """A bare yes, ok or no says only that they have read us, where no question was the last thing said.

    It rates nothing, agrees to nothing and starts nothing. Where a question stands, it is asked again.
    """
    resting = turn.stage in _RESTS and not (turn.away and turn.stage is Stage.PAUSED)
    asked = turn.heard.asked_last or turn.prompt is not None
    if not resting and (asked or turn.stage not in _ASKS_YES_OR_NO):
        return None
    parsed = read(said.text, Context.ANY)
    if turn.stage is Stage.AGREEMENT and parsed.intent in (Intent.AGREE_TO_TAKE_PART, Intent.RESUME):
        return Intent.REPEAT.value, parsed
    if parsed.value not in ("yes", "no"):
        return None
    if resting:
        return (Intent.THANKS if turn.stage is Stage.SAFETY else Intent.REFUSE).value, parsed
    to_delete = turn.memory.get(memory.DELETE_TOLD) and parsed.value == "yes"
    return (Intent.DELETE_MY_DATA if to_delete else Intent.REPEAT).value, parsed


def _wake(turn: Turn, parsed: Parsed) -> None:
    """An answer ends a break: it lands where the break began."""
    if turn.stage is Stage.PAUSED and turn.resume_stage is not None and parsed.intent in _WAKES:
        turn.stage, turn.resume_stage = turn.resume_stage, None
