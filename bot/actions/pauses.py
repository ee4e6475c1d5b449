"""Rests and ends that are not the end of the statements: a pause, carrying on, and stopping for good."""

from bot import memory
from bot.actions.base import Step, facts
from bot.actions.notices import say_nothing_is_asked
from bot.actions.placing import can_go_on, left, open_statement
from bot.actions.questions import say_finished
from bot.actions.statements import open_other_set
from bot.turn.effects import Refuse, StopMessages
from bot.turn.turn import Turn
from records.types import Stage

RESTING = (Stage.PAUSED, Stage.SAFETY, Stage.STOPPED)


class Pause(Step):
    """They take a break."""

    step = "action_pause"

    def act(self, turn: Turn) -> None:
        """Nothing is asked until they come back."""
        turn.resume_stage = turn.stage
        turn.stage = Stage.PAUSED
        turn.tell("pause")


class Resume(Step):
    """They carry on."""

    step = "action_resume"

    def act(self, turn: Turn) -> None:
        """Back to where they were. After a rest the recap comes with the question."""
        rested = turn.away or turn.stage in RESTING
        back_to_where_they_were(turn)
        turn.recap = rested and turn.stage in (Stage.RATING, Stage.STORY)


class CarryOnAfterWorry(Step):
    """After an alert, they ask to go on."""

    step = "action_carry_on_after_worry"

    def act(self, turn: Turn) -> None:
        """Say that it stays with the team, unless others may read it; nothing of what they told is said again.

        Where nothing is left to go on with, say that instead.
        """
        going_on = can_go_on(turn)
        back_to_where_they_were(turn)
        turn.memory.pop(memory.DISCLOSED, None)
        if not going_on:
            (say_finished if turn.stage is Stage.FINISHED else say_nothing_is_asked)(turn)
            return
        if not turn.is_unsafe:
            turn.tell("safety_carry_on")
        if turn.stage is Stage.FINISHED:
            _open_again(turn)


class StopWriting(Step):
    """They asked, in words of their own, not to be written to again."""

    step = "action_stop_messages"

    def act(self, turn: Turn) -> None:
        """Say so once, and be still."""
        turn.do(StopMessages())
        turn.tell("stopped_dialogue", **facts(turn))
        if turn.stage not in RESTING:
            turn.resume_stage = turn.stage
        turn.stage = Stage.STOPPED


class WrongNumber(Step):
    """We wrote to somebody who is not who we meant."""

    step = "action_wrong_number"

    def act(self, turn: Turn) -> None:
        """Apologise; nothing more is sent."""
        turn.do(Refuse(None))
        turn.tell("wrong_number")
        turn.stage = Stage.DECLINED


def back_to_where_they_were(turn: Turn) -> None:
    """Leave a rest. Where nobody noted what was asked, it follows from what is known."""
    if turn.stage in RESTING:
        known = turn.resume_stage
        turn.stage = known if known and known not in RESTING else _where_things_stand(turn)
        turn.resume_stage = None


def _open_again(turn: Turn) -> None:
    """From an early end back among the statements, or to the other set that waits."""
    still = left(turn)
    if turn.statement in still or still:
        open_statement(turn, turn.current.number if turn.statement in still else still[0])
    else:
        open_other_set(turn)


def _where_things_stand(turn: Turn) -> Stage:
    if turn.is_too_young:
        return Stage.DECLINED
    if turn.age_band is None:
        return Stage.AGE
    if turn.audience is None:
        return Stage.AUDIENCE
    if not turn.agreed:
        return Stage.AGREEMENT
    if turn.statement is None:
        return Stage.CHOOSE
    asks_for_number = turn.heard.round.ratings and turn.answer(turn.statement).rating is None
    return Stage.RATING if asks_for_number else Stage.STORY
