"""What a conversation remembers between turns beside its progress: codes, ids and numbers, never anybody's words.

The names of everything in `turn.memory` stand here, so that no two steps use one name for two things.
"""

from collections.abc import Sequence
from typing import Any

from bot.turn.turn import Turn
from records.types import Stage

KEPT_MESSAGES = 40  # an edit of an older message than this is treated as one that belongs to no answer

ASKED = "asked"  # question -> how often it was asked, so that it is never asked twice in the same words
REVISIT = "revisit"  # the statement they came back to, and what they have answered since
RETURN_TO = "return_to"  # where they were when they went back
FRESH = "fresh"  # nothing has been heard since this statement was first asked about
LAST_LEFT = "last_left"  # the statement they were at before the one that stands
SAID = "said"  # message id -> the statement it answered, and what it held
EDITED = "edited"  # message id -> the later version that now stands for it
EDIT = "edit"  # the edit they have been asked about
MORE_SHOWN = "more_shown"  # how many texts of the longer notice they have read
OTHER_SET = "other_set"  # more than one audience fits them
SETS_DONE = "sets_done"  # audiences whose statements they have been through
DISCLOSED = "disclosed"  # the statement that was answered by what worried us
LOST = "lost"  # messages in a row that were not understood
DELETE_TOLD = "delete_told"  # the last thing they asked was what DELETE does
REQUESTED = "requested"  # what they asked a person for -> when it is due


def times_asked(turn: Turn, question: str) -> int:
    """How often a question has been asked in this conversation. Counts this time in for the next."""
    asked: dict[str, int] = dict(turn.memory.get(ASKED, {}))
    times = asked.get(question, 0)
    turn.memory[ASKED] = {**asked, question: times + 1}
    return times


def remember_said(turn: Turn, message_ids: Sequence[str], statement: int, held: str) -> None:
    """Note which statement a message answered, and whether it held a "rating", a "story" or "both"."""
    said = {**turn.memory.get(SAID, {}), **{one: [statement, held] for one in message_ids}}
    turn.memory[SAID] = dict(list(said.items())[-KEPT_MESSAGES:])


def standing(turn: Turn, message_id: str) -> str:
    """The version of a message that stands: itself, or the edit that took its place."""
    edited: dict[str, str] = turn.memory.get(EDITED, {})
    while message_id in edited:
        message_id = edited[message_id]
    return message_id


def replace_said(turn: Turn, old: str, new: str) -> None:
    """From now on `new` stands for `old`."""
    edited = {**turn.memory.get(EDITED, {}), old: new}
    turn.memory[EDITED] = dict(list(edited.items())[-KEPT_MESSAGES:])


def answered_by(turn: Turn, message_id: str) -> tuple[int, str] | None:
    """The statement a message answered, and what it held; None if it belongs to no answer that is kept."""
    found = turn.memory.get(SAID, {}).get(standing(turn, message_id))
    return (int(found[0]), str(found[1])) if found else None


def begin_revisit(turn: Turn, statement: int) -> None:
    """They come back to a statement: its answers stand until new ones take their place."""
    turn.memory[REVISIT] = {"statement": statement, "rated": False, "told": False}


def revisited(turn: Turn) -> dict[str, Any] | None:
    """What has been answered since they came back to the statement that stands, if they did."""
    revisit: dict[str, Any] | None = turn.memory.get(REVISIT)
    return revisit if revisit and revisit["statement"] == turn.statement else None


def note_revisit(turn: Turn, answered: str) -> None:
    """The statement they came back to now has its new rating ("rated") or story ("told")."""
    if revisit := revisited(turn):
        turn.memory[REVISIT] = {**revisit, answered: True}


def set_return(turn: Turn) -> None:
    """Remember where they are before they go back, unless they are on the way already."""
    if turn.stage in (Stage.RATING, Stage.STORY):
        turn.memory.setdefault(RETURN_TO, {"statement": turn.statement, "stage": turn.stage.value})


def take_return(turn: Turn) -> tuple[Stage, int] | None:
    """Where they were before they went back; asked for once."""
    found = turn.memory.pop(RETURN_TO, None)
    turn.memory.pop(REVISIT, None)
    return (Stage(found["stage"]), int(found["statement"])) if found else None


def rated(turn: Turn) -> bool:
    """Has the statement that stands its rating, as far as the next question goes?"""
    if revisit := revisited(turn):
        return bool(revisit["rated"])
    return turn.statement is not None and turn.answer(turn.statement).rating is not None


def told(turn: Turn) -> bool:
    """Has it its story, or would they rather not tell one?"""
    if revisit := revisited(turn):
        return bool(revisit["told"])
    if turn.statement is None:
        return False
    answer = turn.answer(turn.statement)
    return answer.told or answer.declined
