"""What the dialogue does around a worry. Intake has answered with a fixed text, so nothing here adds to it unasked.

It never asks, never promises, never repeats what was told.
"""

from bot import memory
from bot.actions.base import Step
from bot.actions.placing import can_go_on
from bot.actions.questions import not_yet_seen, say_waiting
from bot.actions.responses import record_rating, record_story
from bot.turn.effects import KnowPerson
from bot.turn.turn import Turn
from bot.understand import Intent
from records.types import Kind, Stage

AT_A_STATEMENT = (Stage.RATING, Stage.STORY)
_TELLS = (Intent.TELL_STORY, Intent.RATE_AND_STORY, Intent.OUT_OF_SCOPE, Intent.ABUSIVE_TO_BOT)
LEFT_ALONE = (Stage.DECLINED, Stage.STOPPED, Stage.DELETED)


class RecordDisclosure(Step):
    """They told us something that worries us: keep it with the statement it answers, and be still."""

    step = "action_record_disclosure"

    def act(self, turn: Turn) -> None:
        """The statement counts as answered, so that it is not asked again."""
        at = _rest(turn)
        earlier = _belongs_elsewhere(turn, at)
        number = turn.statement if earlier is None else earlier
        if not turn.agreed or number is None or at not in AT_A_STATEMENT:
            return
        record_story(turn, number)
        memory.remember_said(turn, turn.said.message_ids, number, "story")
        if earlier is None:
            turn.memory[memory.DISCLOSED] = number


class RecordQuietly(Step):
    """It came with, or after, what worried us: keep it where it belongs, and say nothing."""

    step = "action_record_quietly"

    def act(self, turn: Turn) -> None:
        """A rating is kept if there is none yet, and what tells something as words. GO and SKIP are neither."""
        at = turn.resume_stage if turn.stage is Stage.SAFETY else turn.stage
        number = turn.statement
        if not turn.agreed or number is None or at not in AT_A_STATEMENT:
            return
        rating = turn.parsed.rating if turn.heard.round.ratings else None
        if rating is not None and at is Stage.RATING and turn.answer(number).rating is None:
            record_rating(turn, number, rating)
        if turn.parsed.intent in _TELLS:
            record_story(turn, number)


class RecordUnreadable(Step):
    """A picture, a voice note, a language nobody here can read: kept for a person, and not answered again."""

    step = "action_record_unreadable"

    def act(self, turn: Turn) -> None:
        """It is withheld until somebody has looked. The question that stood still stands."""
        at = turn.resume_stage if turn.stage is Stage.SAFETY else turn.stage
        if turn.agreed and turn.statement is not None and at in AT_A_STATEMENT and turn.said.kind is not Kind.BUTTON:
            record_story(turn, turn.statement)


class Wait(Step):
    """After a worry: say how to go on, and how to reach a person. No question."""

    step = "action_wait"

    def act(self, turn: Turn) -> None:
        """In other words each time."""
        say_waiting(turn)


class NoteSafeContact(Step):
    """This is a safe way to reach them."""

    step = "action_note_safe_contact"

    def act(self, turn: Turn) -> None:
        """Note it for whoever gets in touch."""
        turn.do(KnowPerson(safe_contact=True))
        turn.tell("safe_contact" if can_go_on(turn) else "safe_contact_at_the_end")


class NoteUnsafeContact(Step):
    """This is no safe way to reach them."""

    step = "action_note_unsafe_contact"

    def act(self, turn: Turn) -> None:
        """Note it, ask nothing more, and keep the answer as plain as can be: somebody else may read it."""
        if turn.stage in (*AT_A_STATEMENT, Stage.CHOOSE):
            turn.stage, turn.resume_stage = Stage.PAUSED, turn.stage
        turn.do(KnowPerson(safe_contact=False))
        turn.tell("not_safe_contact")


def _belongs_elsewhere(turn: Turn, at: Stage | None) -> int | None:
    """The statement it was said to, if that is not the one that stands: an edit, or sent before this one was seen."""
    if turn.said.replaces is not None and (answered := memory.answered_by(turn, turn.said.replaces)):
        return answered[0] if answered[0] != turn.statement else None
    return not_yet_seen(turn, at)


def _rest(turn: Turn) -> Stage | None:
    """Make sure that the questions rest, as intake has done already, and say where they had got to."""
    if turn.stage is not Stage.SAFETY and turn.stage not in LEFT_ALONE:
        turn.resume_stage = turn.stage if turn.stage is not Stage.PAUSED else turn.resume_stage
        turn.stage = Stage.SAFETY
    return turn.resume_stage
