"""What is asked of a reader of messages, and what it answers. Carries codes and numbers, never the words themselves."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from records.types import Rating

Classify = Callable[[str], tuple[str, float]]
"""The trained part: a text's likeliest intent and its probability."""


class Context(StrEnum):
    """The question that stands when a message comes in: the same word means different things to different questions."""

    CONSENT = "consent"
    AGE = "age"
    ROLE = "role"
    RATING = "rating"
    STORY = "story"
    ANY = "any"


class Intent(StrEnum):
    """Everything somebody may mean. The values are the names in the dialogue's rules and examples."""

    AGREE_TO_TAKE_PART = "agree_to_take_part"
    REFUSE = "refuse"
    RATE = "rate"
    TELL_STORY = "tell_story"
    RATE_AND_STORY = "rate_and_story"
    SKIP = "skip"
    GO_BACK = "go_back"
    CHANGE_ANSWER = "change_answer"
    PAUSE = "pause"
    RESUME = "resume"
    HOW_MANY_LEFT = "how_many_left"
    EXPLAIN_STATEMENT = "explain_statement"
    WHO_READS_THIS = "who_reads_this"
    IS_IT_CONFIDENTIAL = "is_it_confidential"
    HOW_LONG_WILL_IT_TAKE = "how_long_will_it_take"
    SPEAK_TO_PERSON = "speak_to_person"
    YOUNG_VOLUNTEER = "young_volunteer"
    SUPPORTER = "supporter"
    STOP = "stop"
    DELETE_MY_DATA = "delete_my_data"
    SEE_MY_ANSWERS = "see_my_answers"
    COMPLAIN = "complain"
    REPEAT = "repeat"
    GREET = "greet"
    THANKS = "thanks"
    BOT_CHALLENGE = "bot_challenge"
    NOT_EMERGENCY_HELP = "not_emergency_help"
    CONFUSED = "confused"
    OUT_OF_SCOPE = "out_of_scope"
    CHANGE_LANGUAGE = "change_language"
    ABUSIVE_TO_BOT = "abusive_to_bot"
    WRONG_NUMBER = "wrong_number"
    GIVE_AGE = "give_age"
    GIVE_AUDIENCE = "give_audience"
    SAFE_CONTACT = "safe_contact"
    NOT_SAFE_CONTACT = "not_safe_contact"
    ASK_FOR_MORE = "ask_for_more"
    CHOOSE_STATEMENTS = "choose_statements"
    FINISH = "finish"


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a message means.

    rating: only with RATE and RATE_AND_STORY. confidence: 0..1; 1 for a whole-message command.
    value: an age band, an audience or "more_than_one", statement numbers ("3,5,9"), or "yes"/"no" for the bare word.
    """

    intent: Intent
    confidence: float
    rating: Rating | None = None
    value: str | None = None


def unsure(text: str) -> tuple[str, float]:
    """A classifier that knows nothing: for reading without a trained model."""
    return Intent.OUT_OF_SCOPE, 0.0
