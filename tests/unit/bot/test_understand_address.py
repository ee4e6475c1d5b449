import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understand import Context, Intent, parse
from bot.understand.address import asks, at_us, begins_with_others, tells, to_us
from bot.understand.normal import plain, standard


@pytest.mark.parametrize(
    "text", ["who reads this", "fa reads this", "can I talk to someone", "is that private?", "when is the end", "hello"]
)
def test_a_question_or_a_greeting_asks(text: str) -> None:
    assert asks(text)


@pytest.mark.parametrize(
    "text", ["when my dad died it all stopped", "what a difference it made", "they stopped coming", "I was scared"]
)
def test_what_happened_asks_nothing_and_tells(text: str) -> None:
    assert not asks(text)
    assert tells(text)


def test_a_rude_word_is_ours_only_when_it_is_said_to_us() -> None:
    assert at_us("you stupid machine")
    assert at_us("get stuffed")
    assert not at_us("she is stupid")
    assert not at_us("the manager was rude and thick as mince")


def test_somebody_else_is_the_subject_unless_we_are_in_it() -> None:
    assert begins_with_others("they don't know my name")
    assert not begins_with_others("they told me you would delete it")
    assert to_us("they told me you would delete it")


@pytest.mark.parametrize("intent", [Intent.IS_IT_CONFIDENTIAL, Intent.ABUSIVE_TO_BOT, Intent.STOP, Intent.GO_BACK])
@pytest.mark.parametrize("context", [Context.RATING, Context.STORY])
def test_what_is_told_of_others_stays_a_story(intent: Intent, context: Context) -> None:
    assert parse("they don't know my name", context, lambda _: (intent, 0.95)).intent is Intent.TELL_STORY
    assert parse("she is stupid to me", context, lambda _: (intent, 0.9)).intent is Intent.TELL_STORY


@pytest.mark.parametrize("context", [Context.RATING, Context.STORY, Context.CONSENT, Context.AGE, Context.ROLE])
@pytest.mark.parametrize("intent", [Intent.SAFE_CONTACT, Intent.NOT_SAFE_CONTACT])
def test_the_classifier_never_answers_whether_it_is_safe_to_write_where_nobody_asked(
    context: Context, intent: Intent
) -> None:
    assert parse("and then it went quiet", context, lambda _: (intent, 0.99)).intent is not intent


def test_a_command_beside_a_rating_is_the_command() -> None:
    changed = parse("oops I meant agree", Context.RATING, lambda _: (Intent.CHANGE_ANSWER, 0.95))
    assert (changed.intent, changed.rating) == (Intent.CHANGE_ANSWER, None)


@pytest.mark.parametrize("text", ["2 or 3", "still not", "three and a half"])
def test_what_might_be_a_rating_is_asked_again(text: str) -> None:
    for intent in (Intent.RATE, Intent.REFUSE, Intent.TELL_STORY):
        parsed = parse(text, Context.RATING, lambda _, intent=intent: (intent, 0.9))  # type: ignore[misc]
        assert parsed.intent is (Intent.TELL_STORY if intent is Intent.TELL_STORY else Intent.CONFUSED)


def test_needing_help_is_no_answer_to_who_you_are() -> None:
    assert parse("I need help now quick", Context.ROLE, lambda _: (Intent.NOT_EMERGENCY_HELP, 0.9)).intent is (
        Intent.NOT_EMERGENCY_HELP
    )


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("whit dis that mean", "what does that mean"),
        ("fit dis that mean", "what does that mean"),
        ("wot dus that meen", "what does that mean"),
        ("im fit and well", "im fit and well"),
        ("how far is it", "how far is it"),
        ("nxt 1 b4 we go 2 bed", "next 1 before we go to bed"),
        ("i meant 4 not 2", "i meant 4 not 2"),
        ("stop phonin me", "stop phoning me"),
        ("my cousin again", "my cousin again"),
    ],
)
def test_every_way_of_writing_has_one_spelling(said: str, meant: str) -> None:
    assert standard(said) == meant


@given(st.text(max_size=120))
def test_any_text_has_a_standard_spelling(text: str) -> None:
    assert isinstance(standard(plain(text)), str)
