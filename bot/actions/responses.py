"""Records what people answer. Here, and only here, words become part of a response: anonymised, message by message."""

from bot import memory
from bot.actions.base import Step
from bot.turn.effects import DeclineStory, RecordRating, RecordStory, SetProgress
from bot.turn.heard import Said
from bot.turn.turn import Turn
from bot.understand import Intent
from protection.texts import look_thanks
from records.types import Asked, Rating, Tier


class RecordResponse(Step):
    """Keep what they just said to the statement that stands: a rating, a story, or both."""

    step = "action_record_response"

    def act(self, turn: Turn) -> None:
        """The rating counts only where the round asks for ratings; otherwise all of it is a story."""
        number, rating = turn.current.number, _rating_of(turn)
        if rating is not None:
            record_rating(turn, number, rating)
        if rating is None or turn.parsed.intent is Intent.RATE_AND_STORY:
            record_story(turn, number)
        memory.remember_said(turn, turn.said.message_ids, number, _held(turn, rating))
        _thank(turn, told=rating is None or turn.parsed.intent is Intent.RATE_AND_STORY)


class RecordMore(Step):
    """More of the last story, sent before the next question could be seen: it belongs to the statement before."""

    step = "action_record_more"

    def act(self, turn: Turn) -> None:
        """Keep it there, and stay where we are."""
        number = int(turn.memory[memory.LAST_LEFT])
        record_story(turn, number)
        memory.remember_said(turn, turn.said.message_ids, number, "story")
        _thank(turn, told=True)


class RateEarlier(Step):
    """A button under an earlier statement was pressed: the rating lands there."""

    step = "action_rate_earlier"

    def act(self, turn: Turn) -> None:
        """It takes the place of the rating before."""
        number, rating = int(turn.parsed.value or 0), turn.parsed.rating
        if rating is not None:
            record_rating(turn, number, rating)
        turn.courtesy = turn.word("changed")


class DeclineToTell(Step):
    """They would rather not tell more about it."""

    step = "action_decline_story"

    def act(self, turn: Turn) -> None:
        """Not telling is a fact of its own, and fine."""
        number = turn.current.number
        turn.do(DeclineStory(number))
        turn.note_answer(number, declined=True)
        if turn.asked(number) is not Asked.ANSWERED:  # no rating was asked for, so nothing was said to it
            turn.do(SetProgress(number, Asked.SKIPPED))
        turn.courtesy = turn.word("story_declined")


class ThankAtTheEnd(Step):
    """They tell more when all is done: it stays in the transcript and changes no answer."""

    step = "action_thank_at_the_end"

    def act(self, turn: Turn) -> None:
        """Thank them, and say how to say more."""
        if turn.said.tier is Tier.LOOK:
            _thank(turn, told=True)
        else:
            turn.tell("said_after_the_end")


def record_rating(turn: Turn, number: int, rating: Rating) -> None:
    """Keep a rating; it takes the place of the one before."""
    turn.do(RecordRating(number, rating))
    turn.note_answer(number, rating=rating)
    _answered(turn, number, "rated")


def record_story(turn: Turn, number: int, said: Said | None = None) -> None:
    """Keep a story, anonymised. The first one after they came back to a statement takes the place of the old one."""
    told = said or turn.said
    parts = tuple((one, turn.masked(one, text)) for one, text in zip(told.message_ids, told.texts, strict=True))
    revisit = memory.revisited(turn) if number == turn.statement else None
    turn.do(RecordStory(number, parts, anew=bool(revisit and not revisit["told"])))
    turn.note_answer(number, told=True, declined=False)
    _answered(turn, number, "told")


def _answered(turn: Turn, number: int, what: str) -> None:
    if turn.asked(number) is not Asked.ANSWERED:
        turn.do(SetProgress(number, Asked.ANSWERED))
    if number == turn.statement:
        memory.note_revisit(turn, what)


def _rating_of(turn: Turn) -> Rating | None:
    return turn.parsed.rating if turn.heard.round.ratings else None


def _held(turn: Turn, rating: Rating | None) -> str:
    if rating is None:
        return "story"
    return "both" if turn.parsed.intent is Intent.RATE_AND_STORY else "rating"


def _thank(turn: Turn, told: bool) -> None:
    """Neutral, always. After a look it names a person to turn to, and is a text of its own."""
    if turn.said.tier is Tier.LOOK:
        turn.courtesy = ""
        turn.say(*(one.text for one in look_thanks(memory.times_asked(turn, "look thanks"))))
        return
    turn.courtesy = turn.word("thanks_story" if told else "thanks_rating")
