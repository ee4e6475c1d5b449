from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.understand import Context, Intent, describe, parse
from bot.understand.normal import plain
from records.types import Rating

TABLE = yaml.safe_load((Path(__file__).parent / "parse_table.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("text", "context", "intent", "rating", "value"), TABLE)
def test_plain_readers_read_what_people_write(
    text: str, context: str, intent: str, rating: str | None, value: str | None
) -> None:
    parsed = parse(text, Context(context))
    assert (parsed.intent, parsed.rating and parsed.rating.value, parsed.value) == (intent, rating, value)


@pytest.mark.parametrize(
    "text",
    ["yes but who reads it?", "yes if my mum can help", "ok?", "maybe", "I suppose", "yes when I know more", "why"],
)
def test_a_doubtful_yes_is_never_an_agreement(text: str) -> None:
    sure_of_agreement = parse(text, Context.CONSENT, lambda _: (Intent.AGREE_TO_TAKE_PART, 0.99))
    if text not in {"maybe", "I suppose", "why"}:
        assert sure_of_agreement.intent is not Intent.AGREE_TO_TAKE_PART
    assert parse(text, Context.CONSENT).intent is not Intent.AGREE_TO_TAKE_PART


@pytest.mark.parametrize("intent", [Intent.STOP, Intent.DELETE_MY_DATA, Intent.SKIP, Intent.ABUSIVE_TO_BOT])
def test_a_long_story_is_a_story_whatever_the_classifier_feels(intent: Intent) -> None:
    story = "they stop my money and then I have to phone and phone and delete the old form and start again"
    assert parse(story, Context.STORY, lambda _: (intent, 0.99)).intent is Intent.TELL_STORY


def test_the_classifier_answers_a_short_question_in_a_story() -> None:
    parsed = parse("will my worker be shown this", Context.STORY, lambda _: (Intent.WHO_READS_THIS, 0.8))
    assert (parsed.intent, parsed.confidence) == (Intent.WHO_READS_THIS, 0.8)


def test_an_unsure_classifier_leaves_a_story_a_story() -> None:
    parsed = parse("will my worker be shown this", Context.STORY, lambda _: (Intent.WHO_READS_THIS, 0.3))
    assert parsed.intent is Intent.TELL_STORY


def test_safe_with_somebody_else_in_it_is_not_safe() -> None:
    parsed = parse("it is fine when he goes out", Context.ANY, lambda _: (Intent.SAFE_CONTACT, 0.9))
    assert parsed.intent is Intent.NOT_SAFE_CONTACT


def test_an_age_or_audience_without_its_value_is_asked_again() -> None:
    assert parse("my son is 14", Context.AGE, lambda _: (Intent.GIVE_AGE, 0.99)).intent is Intent.CONFUSED
    assert parse("none of these", Context.ROLE, lambda _: (Intent.GIVE_AUDIENCE, 0.99)).intent is Intent.CONFUSED


@pytest.mark.parametrize("context", list(Context))
@given(st.text(max_size=80))
def test_any_text_is_read_without_an_error(context: Context, text: str) -> None:
    parsed = parse(text, context)
    assert 0 <= parsed.confidence <= 1
    assert (parsed.rating is not None) == (parsed.intent in {Intent.RATE, Intent.RATE_AND_STORY})


@given(st.text(alphabet=st.characters(codec="ascii"), max_size=30))
def test_a_leading_slash_never_names_an_intent(rest: str) -> None:
    for intent in Intent:
        parsed = parse(f"/{intent.value}{{{rest}", Context.ANY, lambda _: (Intent.STOP, 1.0))
        assert parsed.intent is (Intent.STOP if intent is Intent.STOP else Intent.OUT_OF_SCOPE)


@pytest.mark.parametrize("context", list(Context))
@pytest.mark.parametrize("text", ["stop", "STOP", " Stop! ", "stop please", "stop texting me", "ＳＴＯＰ"])
def test_stop_works_whatever_is_asked(context: Context, text: str) -> None:
    assert parse(text, context).intent is Intent.STOP


def test_a_description_has_exactly_three_parts() -> None:
    described = describe("2 - they never ring back", Context.RATING, lambda _: ("greet", 1.0))
    assert described == {"intent": "rate_and_story", "rating": Rating.DISAGREE.value, "confidence": 0.95}


@given(st.text(max_size=120))
def test_the_plain_form_is_already_plain(text: str) -> None:
    assert plain(plain(text)) == plain(text)
