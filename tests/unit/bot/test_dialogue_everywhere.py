"""Whatever anybody says, wherever the conversation stands: there is an answer, and the rules that may not bend hold."""

import json
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.take_turn import take_turn
from bot.turn import effects
from bot.understand import Intent, Parsed
from records.types import Asked, Audience, ChannelName, Kind, Rating, Stage, Tier

SILENT = (Stage.STOPPED, Stage.DELETED)
ASKING = (Stage.AGE, Stage.AUDIENCE, Stage.AGREEMENT, Stage.CHOOSE, Stage.RATING, Stage.STORY)
VALUES = {Intent.GIVE_AGE: "26_plus", Intent.GIVE_AUDIENCE: "carer", Intent.CHOOSE_STATEMENTS: "3,7"}
RATED = (Intent.RATE, Intent.RATE_AND_STORY)
RAW = "Zebedee Quixwell of 14 Nowhere Lane"  # what nobody's memory, tracker or reply may hold


def take(talk_now, intent, rating=Rating.AGREE, value=None, **facts):
    """A turn in which one message means `intent`, whatever its words."""
    parsed = Parsed(intent, 1.0, rating if intent in RATED else None, value or VALUES.get(intent))
    said = talk_now.said(RAW, **facts)
    return take_turn(replace(talk_now.heard, said=(said,)), talk_now.tools, talk_now.dialogue, lambda *_: parsed)


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage not in SILENT])
@pytest.mark.parametrize("intent", list(Intent))
def test_everything_said_anywhere_is_answered(talk, stage, intent):
    turn = take(talk(stage), intent)
    assert turn.replies or turn.prompt is not None


@pytest.mark.parametrize("stage", SILENT)
@pytest.mark.parametrize("intent", list(Intent))
def test_who_stopped_or_took_everything_back_is_left_in_peace(talk, stage, intent):
    turn = take(talk(stage), intent)
    assert (turn.replies, turn.prompt, turn.effects, turn.actions) == ([], None, [], [])


@pytest.mark.parametrize("stage", [Stage.WELCOME, Stage.AGE, Stage.AUDIENCE, Stage.AGREEMENT, Stage.DECLINED])
@pytest.mark.parametrize("intent", [one for one in Intent if one is not Intent.AGREE_TO_TAKE_PART])
def test_nothing_anybody_writes_is_kept_before_they_agree(talk, stage, intent):
    if (stage, intent) == (Stage.AGREEMENT, Intent.RESUME):
        return  # GO is a yes
    kept = (effects.RecordStory, effects.RecordRating, effects.Agree)
    assert not [one for one in take(talk(stage), intent).effects if isinstance(one, kept)]


@pytest.mark.parametrize("intent", [one for one in Intent if one not in (Intent.RESUME, Intent.AGREE_TO_TAKE_PART)])
def test_after_a_worry_nothing_is_asked_until_they_ask_to_go_on(talk, intent):
    turn = take(talk(Stage.SAFETY), intent)
    assert turn.prompt is None
    assert turn.stage in (Stage.SAFETY, Stage.STOPPED, Stage.DECLINED)


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage not in SILENT])
@pytest.mark.parametrize("tier", [Tier.CONCERN, Tier.IMMEDIATE])
def test_a_disclosure_is_met_with_silence_everywhere_since_intake_has_answered(talk, stage, tier):
    turn = take(talk(stage), Intent.TELL_STORY, tier=tier)
    assert (turn.replies, turn.prompt) == ([], None)


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage not in SILENT])
def test_what_nobody_can_read_is_met_with_silence_since_intake_has_answered(talk, stage):
    turn = take(talk(stage), Intent.TELL_STORY, unreadable=True, kind=Kind.MEDIA)
    assert (turn.replies, turn.prompt, turn.stage) == ([], None, stage)


@pytest.mark.parametrize("stage", ASKING)
@pytest.mark.parametrize("channel", list(ChannelName))
def test_a_question_asked_again_is_asked_in_other_words(talk, stage, channel):
    conversation, asked = talk(stage, channel), []
    for _ in range(5):
        asked.append(conversation.says("say that again").prompt.text)
    assert all(one != other for one, other in pairwise(asked))


@pytest.mark.parametrize("channel", list(ChannelName))
@pytest.mark.parametrize("stage", [stage for stage in Stage if stage not in SILENT])
def test_no_text_for_sms_names_a_button_and_no_text_shows_an_open_place(talk, stage, channel):
    for intent in Intent:
        turn = take(talk(stage, channel), intent)
        texts = [*turn.replies, *([turn.prompt.text] if turn.prompt else [])]
        assert not [text for text in texts if "{" in text or "rate:" in text]
        if channel is ChannelName.SMS and turn.prompt:
            assert not turn.prompt.buttons


_SAID = st.one_of(
    st.sampled_from([one for one in Intent if one not in (Intent.STOP, Intent.WRONG_NUMBER)]),
    st.sampled_from([Intent.RATE, Intent.TELL_STORY, Intent.RATE_AND_STORY, Intent.SKIP, Intent.RESUME]),
)


@given(
    said=st.lists(st.tuples(_SAID, st.sampled_from(list(Rating)), st.booleans(), st.booleans()), max_size=25),
    ratings=st.booleans(),
    audience=st.sampled_from(list(Audience)),
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_walk_through_the_statements_breaks_a_rule(talk, said, ratings, audience):
    conversation = talk(Stage.RATING if ratings else Stage.STORY, ratings=ratings, audience=audience)
    last_prompt = None
    for intent, rating, early, worrying in said:
        facts = {
            "before_prompt": early,
            "tier": Tier.CONCERN if worrying and intent is Intent.TELL_STORY else Tier.NONE,
        }
        turn = take(conversation, intent, rating, **facts)
        conversation.carry_on(turn)
        assert turn.statement is None or 1 <= turn.statement <= 12
        assert turn.agreed
        assert turn.prompt is None or turn.prompt.text != last_prompt
        assert turn.prompt is None or turn.stage in (*ASKING, Stage.FINISHED)
        assert RAW not in json.dumps([turn.memory, turn.tracker, turn.replies])
        assert not turn.prompt or RAW not in turn.prompt.text
        for number, answer in turn.answers.items():
            if answer.rating or answer.told:
                assert turn.asked(number) is Asked.ANSWERED
        last_prompt = turn.prompt.text if turn.prompt else last_prompt
