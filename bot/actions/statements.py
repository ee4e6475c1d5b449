"""Moving about among the statements: on, back, leaving one out, changing one, picking some, and the end."""

from bot import memory
from bot.actions.base import Step, facts
from bot.actions.placing import before, last_answered, left, next_open, open_statement, plan_of
from bot.actions.questions import Ask, say_finished
from bot.turn.effects import Finish, SetProgress
from bot.turn.turn import Turn
from records.types import Asked, Stage


class NextStatement(Step):
    """Go on: back to where they were if they had gone back, else to the next statement, else to the end."""

    step = "action_next_statement"

    def act(self, turn: Turn) -> None:
        """Ask what stands there."""
        turn.memory[memory.LAST_LEFT] = turn.statement
        if back := memory.take_return(turn):
            turn.move(*back)
        elif turn.stage is Stage.FINISHED and turn.statement in left(turn):  # they ended before they answered it
            open_statement(turn, turn.current.number)
        elif (number := next_open(turn)) is not None:
            open_statement(turn, number)
        else:
            close(turn)
        turn.memory[memory.FRESH] = True
        Ask().act(turn)


class SkipStatement(Step):
    """They would rather not talk about this one."""

    step = "action_skip_statement"

    def act(self, turn: Turn) -> None:
        """An answer that stands already stays."""
        if turn.asked(turn.current.number) is not Asked.ANSWERED:
            turn.do(SetProgress(turn.current.number, Asked.SKIPPED))
        turn.courtesy = turn.word("skipped")


class KeepAnswer(Step):
    """They came back to a statement and leave it as it is."""

    step = "action_keep_answer"

    def act(self, turn: Turn) -> None:
        """Nothing changes."""
        turn.courtesy = turn.word("kept")


class GoBack(Step):
    """To the statement before. What was said stays until something new is said."""

    step = "action_go_back"

    def act(self, turn: Turn) -> None:
        """At the first one there is none."""
        number = before(turn)
        if number is None:
            turn.courtesy = turn.word("cannot_go_back")
            return
        memory.set_return(turn)
        _revisit(turn, number)
        turn.courtesy = turn.word("back")


class ChangeAnswer(Step):
    """To the statement they answered last, to answer it anew."""

    step = "action_change_answer"

    def act(self, turn: Turn) -> None:
        """Without an answer there is nothing to change."""
        number = last_answered(turn)
        if number is None:
            turn.courtesy = turn.word("change_none")
            return
        if number != turn.statement:
            memory.set_return(turn)
        _revisit(turn, number)
        turn.courtesy = turn.word("change_what", theme=turn.current.theme)


class OfferChoice(Step):
    """Show the list, for those who would rather pick."""

    step = "action_offer_choice"

    def act(self, turn: Turn) -> None:
        """The list is shown with the question."""
        turn.memory.get(memory.ASKED, {}).pop("choose", None)
        turn.stage = Stage.CHOOSE


class Choose(Step):
    """They picked some statements by number."""

    step = "action_choose"

    def act(self, turn: Turn) -> None:
        """From now on these are asked, in the order they were named."""
        numbers = picked_numbers(turn)
        turn.plan, turn.statement = numbers, None
        for number in numbers:
            if turn.asked(number) is Asked.SKIPPED:
                turn.do(SetProgress(number, Asked.ASKED))
        turn.courtesy = turn.word("chosen", chosen=", ".join(map(str, numbers)))


class ChooseAll(Step):
    """They take them all in turn."""

    step = "action_choose_all"

    def act(self, turn: Turn) -> None:
        """What has been answered stays answered."""
        turn.plan, turn.statement = [one.number for one in turn.framework.statements], None
        turn.courtesy = turn.word("chosen_all")


class Close(Step):
    """They have had enough, or everything has been talked about."""

    step = "action_close"

    def act(self, turn: Turn) -> None:
        """What happens next, and how to take it back."""
        close(turn)


class SayFinished(Step):
    """There is nothing more to ask, or nothing unless they want it."""

    step = "action_say_finished"

    def act(self, turn: Turn) -> None:
        """Say what they can still do."""
        say_finished(turn)


class OpenOtherSet(Step):
    """More than one audience fits them: on to the next set."""

    step = "action_open_other_set"

    def act(self, turn: Turn) -> None:
        """They are asked which; what they told us stays where it is."""
        open_other_set(turn)


class LeaveOtherSet(Step):
    """One set was enough."""

    step = "action_leave_other_set"

    def act(self, turn: Turn) -> None:
        """Back to the end."""
        turn.stage = Stage.FINISHED
        say_finished(turn)


def close(turn: Turn) -> None:
    """Say how it goes on from here, once; after that only that there is nothing more to ask."""
    turn.stage = Stage.FINISHED
    turn.courtesy = ""
    done = list(turn.memory.get(memory.SETS_DONE, []))
    if turn.audience and turn.audience.value in done:
        say_finished(turn)
        return
    turn.memory[memory.SETS_DONE] = [*done, turn.audience.value] if turn.audience else done
    first, *rest = turn.words("finished", **facts(turn))
    turn.say(turn.word("finished_early") if left(turn) else first, *rest)
    turn.do(Finish())
    if turn.memory.get(memory.OTHER_SET):
        turn.ask(turn.word("other_set"))


def open_other_set(turn: Turn) -> None:
    """Which set next? The one they have been through is behind them."""
    turn.memory.pop(memory.OTHER_SET, None)
    turn.memory.pop(memory.SAID, None)
    turn.memory.pop(memory.LAST_LEFT, None)
    turn.stage = Stage.AUDIENCE


def picked_numbers(turn: Turn) -> list[int]:
    """The statement numbers in what they just said that this set has, each once, in their order."""
    named = (part for part in (turn.parsed.value or "").split(",") if part.strip().isdigit())
    known = {one.number for one in turn.framework.statements}
    return [number for number in dict.fromkeys(map(int, named)) if number in known]


def _revisit(turn: Turn, number: int) -> None:
    if turn.asked(number) is Asked.ANSWERED:
        memory.begin_revisit(turn, number)
    if number not in plan_of(turn):
        turn.plan = [number, *turn.plan]
    open_statement(turn, number)
