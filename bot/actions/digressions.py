"""Answers to what people ask in between. Each is short, and none loses the place: the question comes again."""

from typing import Any

from bot import memory
from bot.actions.base import Answer, Step
from bot.actions.placing import can_go_on, left, plan_of
from bot.turn.turn import Turn
from engagement.framework import pack
from records.types import Asked, Stage

ONE_TEXT = 160
AT_STATEMENTS = (Stage.CHOOSE, Stage.RATING, Stage.STORY, Stage.PAUSED)


class Greet(Step):
    """They say hello."""

    step = "action_greet"

    def act(self, turn: Turn) -> None:
        """A recap says hello itself."""
        if not turn.recap:
            turn.courtesy = turn.word("greet_back" if turn.agreed else "greet_new")


class HowManyLeft(Step):
    """How many are still to come?"""

    step = "action_how_many_left"

    def act(self, turn: Turn) -> None:
        """The one that stands counts."""
        if not turn.agreed:
            turn.tell("how_long")
        elif still := left(turn):
            turn.tell("how_many_left", left=len(still), total=len(plan_of(turn)))
        else:
            turn.tell("no_more")


class HowLong(Step):
    """How long will it take?"""

    step = "action_how_long"

    def act(self, turn: Turn) -> None:
        """All of it, or what is left of it."""
        still = left(turn) if turn.agreed else []
        if still:
            turn.tell("how_long_left", left=len(still))
        else:
            turn.tell("how_long")


class Explain(Step):
    """What does the statement mean?"""

    step = "action_explain"

    def act(self, turn: Turn) -> None:
        """The first time in the framework's words, after that in general ones."""
        if memory.times_asked(turn, f"explain {turn.audience} {turn.statement}"):
            turn.tell("explain_again")
        else:
            turn.say(*turn.current.explanation_messages)


class SeeAnswers(Step):
    """What have I told you? Ratings as words, and where there is a story. Never the stories: others may see them."""

    step = "action_see_answers"

    def act(self, turn: Turn) -> None:
        """As few texts as they fit in."""
        lines = [line for number in sorted({*turn.answers, *turn.progress}) if (line := _line(turn, number))]
        if not lines:
            turn.tell("nothing_yet")
            return
        turn.tell("see_answers_intro")
        turn.say(*pack(lines, "\n", ONE_TEXT))


class ExplainDelete(Step):
    """What does DELETE do?"""

    step = "action_explain_delete"

    def act(self, turn: Turn) -> None:
        """Where somebody else may read it, or nothing can be gone on with, only the word itself."""
        bare = turn.is_unsafe or turn.is_too_young
        turn.tell("delete_explained_plain" if bare else "delete_explained")


class SayOutOfScope(Step):
    """They want something that cannot be had here."""

    step = "action_say_out_of_scope"

    def act(self, turn: Turn) -> None:
        """GO is offered only where there is something to go on with."""
        turn.tell("out_of_scope" if can_go_on(turn) else "out_of_scope_at_the_end")


class SayWhatWorks(Answer):
    """They are lost: say what can be said."""

    def act(self, turn: Turn) -> None:
        """The words for moving about mean something only among the statements."""
        if turn.stage in AT_STATEMENTS:
            super().act(turn)


def _line(turn: Turn, number: int) -> str:
    answer, titles = turn.answer(number), turn.tools.words.rating_titles(turn.is_young)
    if answer.rating is not None:
        said = titles[answer.rating]
        if answer.told:
            said = _same("answer_and_story", turn, answer=said)
    elif answer.told:
        said = _same("answer_in_words", turn)
    elif turn.asked(number) is Asked.SKIPPED or answer.declined:
        said = _same("answer_left_out", turn)
    else:
        return ""
    return _same("see_answers_line", turn, number=number, theme=turn.framework.statement(number).theme, answer=said)


def _same(key: str, turn: Turn, **values: Any) -> str:
    """The lines of one list are worded alike."""
    return turn.tools.words.line(key, channel=turn.heard.channel, young=turn.is_young, **values)
