"""Asks the question that stands: never twice in the same words, and never while somebody rests or is unsafe."""

from collections.abc import Callable
from typing import Any

from rasa_sdk.events import UserUtteranceReverted

from bot import memory
from bot.actions.base import Step, facts
from bot.actions.notices import ask_agreement, say_nothing_is_asked
from bot.actions.placing import can_go_on, first_stage, left, place, welcome
from bot.turn.turn import Turn
from consent.lines import Question, fill
from consent.notice import load_notices
from engagement.framework import pack
from records.types import Button, Stage

ONE_TEXT = 160


class Ask(Step):
    """Ask what stands, in other words than the last time."""

    step = "action_ask"

    def act(self, turn: Turn) -> None:
        """Nothing is asked where nothing stands: while they rest, after an alert, at the end."""
        if asking := _QUESTIONS.get(turn.stage):
            asking(turn)


class AskWhichFirst(Step):
    """More than one audience fits them: which would they talk about first?"""

    step = "action_ask_which_first"

    def act(self, turn: Turn) -> None:
        """The second wording of the question says just that."""
        turn.memory[memory.OTHER_SET] = True
        turn.ask(*_entry_question(turn, "audience_question", "role", again=True))


class AskForRating(Step):
    """They told their story first: ask once how far they agree."""

    step = "action_ask_for_rating"

    def act(self, turn: Turn) -> None:
        """It thanks them itself, so nothing else does."""
        turn.stage = Stage.RATING
        turn.courtesy = ""
        turn.ask(turn.word("rating_to_go_with_story"), rating_buttons(turn))


class AskForStory(Step):
    """The one open question about a statement, which may be left."""

    step = "action_ask_for_story"

    def act(self, turn: Turn) -> None:
        """Go on to the story, and ask for it."""
        turn.stage = Stage.STORY
        _ask_story(turn)


class AskPlainly(Step):
    """They were not understood: ask again, and say how to answer."""

    step = "action_ask_plainly"

    def act(self, turn: Turn) -> None:
        """Where a number is wanted, say so; where nothing is asked, say what they can do."""
        if at_rest := _AT_REST.get(turn.stage):
            at_rest(turn)
        elif turn.stage in (Stage.AGE, Stage.AUDIENCE) and _has_been_asked_enough(turn):
            turn.tell("entry_unanswered")
        elif turn.stage is Stage.RATING:
            _put(turn, f"{turn.current.reworded}\n{turn.word('rating_question_again')}", rating_buttons(turn))
        elif turn.stage is Stage.STORY:
            turn.tell("confused")
            _ask_story(turn)
        elif turn.stage is Stage.CHOOSE:
            _put(turn, turn.word("choose_again", total=len(turn.framework.statements)))
        elif asking := _QUESTIONS.get(turn.stage):
            asking(turn)


class NotUnderstood(AskPlainly):
    """Nothing in the rules fits what they said where we are."""

    step = "action_default_fallback"

    def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[dict[str, Any]]:
        """Ask plainly, and let the dialogue forget the message, or it would look for a next step for ever."""
        return [*super().run(dispatcher, tracker, domain), UserUtteranceReverted()]


def not_yet_seen(turn: Turn, stage: Stage | None) -> int | None:
    """The statement before, if what was just said came before the first question of this one could be read."""
    if not (turn.early and turn.memory.get(memory.FRESH) and stage is first_stage(turn)):
        return None
    before = turn.memory.get(memory.LAST_LEFT)
    return None if before is None or before == turn.statement else int(before)


def rating_buttons(turn: Turn) -> tuple[Button, ...]:
    """One for each rating. The payload names its statement, so that a late press still lands on the right one."""
    titles = turn.tools.words.rating_titles(turn.is_young)
    wanted = (rating for rating in titles if rating in turn.framework.scale)
    return tuple(Button(titles[rating], f"rate:{rating}:{turn.statement}:{turn.audience}") for rating in wanted)


def _put(turn: Turn, text: str, buttons: tuple[Button, ...] = ()) -> None:
    """Ask, with the short thank-you that waits in front of it."""
    turn.ask(f"{turn.courtesy} {text}" if turn.courtesy else text, buttons)
    turn.courtesy = ""


def _ask_age(turn: Turn) -> None:
    _put(turn, *_entry_question(turn, "age_question", "age"))


def _ask_audience(turn: Turn) -> None:
    _put(turn, *_entry_question(turn, "audience_question", "role"))


def _entry_question(turn: Turn, key: str, prefix: str, again: bool = False) -> tuple[str, tuple[Button, ...]]:
    question: Question = load_notices().question(key, turn.heard.channel)
    odd = memory.times_asked(turn, key) % 2 == 1
    buttons = tuple(Button(option.title, f"{prefix}:{option.value}") for option in question.options)
    return fill(question.again if odd or again else question.text, **facts(turn)), buttons


def _ask_welcome(turn: Turn) -> None:
    welcome(turn)
    _ask_age(turn)


def _ask_choice(turn: Turn) -> None:
    total = len(turn.framework.statements)
    if memory.times_asked(turn, "choose"):
        _put(turn, turn.word("choose_again", total=total))
        return
    *intro, last = (*turn.words("choose_intro", total=total), *turn.framework.menu)
    turn.say(*intro)
    _put(turn, last)


def _ask_rating(turn: Turn) -> None:
    times = memory.times_asked(turn, f"rating {turn.audience} {turn.statement}")
    first_of_all = "rating_question" not in turn.memory.get("used", {})
    scale = turn.word("rating_question" if first_of_all else "rating_question_short")
    _put(turn, f"{_counted(turn, _statement_words(turn, times))}\n{scale}", rating_buttons(turn))


def _ask_story(turn: Turn) -> None:
    times = memory.times_asked(turn, f"story {turn.audience} {turn.statement}")
    recapped = _recap(turn)
    invitation = turn.current.story_prompt if times % 2 == 0 else turn.word("story_again")
    if not turn.heard.round.ratings:
        counter = "" if recapped else f"{_counter(turn)} "
        _put(turn, f"{counter}{_statement_words(turn, times)}\n{invitation}")
        return
    if times % 2 == 1:
        _put(turn, f"{turn.current.reworded}\n{invitation}")
        return
    _put(turn, " ".join((invitation, *_optional(turn, len(invitation)))))


def _optional(turn: Turn, length: int) -> tuple[str, ...]:
    """That it may be left: said the first time, and later where it fits in the same text."""
    first_of_all = "story_optional" not in turn.memory.get("used", {})
    words = turn.word("story_optional")
    fits = len(pack((turn.courtesy + " " * length, words), " ", ONE_TEXT)) == 1
    return (words,) if first_of_all or fits else ()


def _statement_words(turn: Turn, times: int) -> str:
    return turn.current.prompt if times % 2 == 0 else turn.current.reworded


def _counted(turn: Turn, words: str) -> str:
    return words if _recap(turn) else f"{_counter(turn)} {words}"


def _counter(turn: Turn) -> str:
    number, total = place(turn)
    return turn.word("counter", number=number, total=total)


def _recap(turn: Turn) -> bool:
    """Where we were, if they have been away; said once. It names the theme and never a story.

    Returns whether it named the statement that is asked now. What they came back with may have taken us further.
    """
    if not turn.recap:
        return False
    turn.recap = False
    was = turn.heard.statement or turn.current.number
    number, total = place(turn, was)
    turn.tell("resumed_recap", number=number, total=total, theme=turn.framework.statement(was).theme)
    return was == turn.current.number


def say_finished(turn: Turn) -> None:
    """They are at the end: what they can still do."""
    turn.tell("finished_early_already" if left(turn) else "finished_already")


def say_waiting(turn: Turn) -> None:
    """After a worry: how to go on, if there is anything to go on with. Nothing that hints, if others may read it."""
    if turn.is_too_young:
        say_nothing_is_asked(turn)
    elif turn.is_unsafe:
        turn.tell("waiting_unsafe" if can_go_on(turn) else "waiting_unsafe_at_the_end")
    else:
        turn.tell("safety_waiting" if can_go_on(turn) else "safety_waiting_at_the_end")


def _say_paused(turn: Turn) -> None:
    turn.tell("paused_already")


def _has_been_asked_enough(turn: Turn) -> bool:
    """They were asked twice and would not or could not say: offer a person with the question, then instead of it."""
    key = "age_question" if turn.stage is Stage.AGE else "audience_question"
    times = int(turn.memory.get(memory.ASKED, {}).get(key, 0))
    if times == 2:
        turn.tell("entry_unanswered")
    return times > 2


_AT_REST: dict[Stage, Callable[[Turn], None]] = {
    Stage.PAUSED: _say_paused,
    Stage.SAFETY: say_waiting,
    Stage.DECLINED: say_nothing_is_asked,
    Stage.FINISHED: say_finished,
}
_QUESTIONS: dict[Stage, Callable[[Turn], None]] = {
    Stage.WELCOME: _ask_welcome,
    Stage.AGE: _ask_age,
    Stage.AUDIENCE: _ask_audience,
    Stage.AGREEMENT: ask_agreement,
    Stage.CHOOSE: _ask_choice,
    Stage.RATING: _ask_rating,
    Stage.STORY: _ask_story,
}
