"""From the first hello to the first statement, with everything that somebody may say instead of yes."""

from dataclasses import replace
from itertools import pairwise

import pytest

from bot.turn import effects
from records.types import AgeBand, Audience, ChannelName, Kind, RequestKind, Stage


def wanted(turn, kind):
    return [one for one in turn.effects if isinstance(one, kind)]


def test_a_walk_in_is_welcomed_and_asked_how_old_they_are(talk):
    turn = talk().says("hi")
    assert turn.stage is Stage.AGE
    assert "the Care Inspectorate" in turn.replies[0]
    assert "how old are you" in turn.prompt.text


@pytest.mark.parametrize("words", ["GO", "hello", "what is this", "I was told to text", "4", "👍", "asdfgh"])
def test_whatever_somebody_new_writes_they_are_welcomed(talk, words):
    turn = talk().says(words)
    assert (turn.stage, turn.effects) == (Stage.AGE, [])


def test_a_deep_link_is_a_hello(talk):
    conversation = talk(channel=ChannelName.TELEGRAM)
    turn = conversation.says(conversation.said("", kind=Kind.START, payload="STRATH26"))
    assert [button.payload for button in turn.prompt.buttons][:2] == ["age:under_12", "age:12_15"]


def test_no_to_an_invitation_is_fine_and_kept_as_a_no(talk):
    turn = talk().says("NO")
    assert turn.stage is Stage.DECLINED
    assert wanted(turn, effects.Refuse) == [effects.Refuse(None)]
    assert turn.prompt is None


def test_under_12_nothing_is_taken_but_that(talk):
    conversation = talk(Stage.AGE)
    turn = conversation.says("I'm 9")
    known = effects.KnowPerson(age_band=AgeBand.UNDER_12)
    assert (turn.stage, turn.effects, turn.prompt) == (Stage.DECLINED, [known], None)
    assert any("0800 1111" in text for text in turn.replies)


def test_under_12_may_still_ask_for_a_person(talk):
    conversation = talk(Stage.AGE)
    conversation.says("A")
    turn = conversation.says("PERSON")
    assert turn.effects == [effects.AskForPerson(RequestKind.PERSON)]


@pytest.mark.parametrize("words", ["GO", "yes", "hello", "E", "I am 30", "BACK", "I like my social worker"])
def test_nobody_under_12_is_invited_or_asked_again(talk, words):
    conversation = talk(Stage.AGE)
    conversation.says("A")
    first, second = conversation.says(words), conversation.says(words)
    assert first.replies != second.replies
    for turn in (first, second):
        assert (turn.stage, turn.age_band, turn.prompt) == (Stage.DECLINED, AgeBand.UNDER_12, None)
        assert "0800 1111" in turn.replies[-1]
        assert "PERSON" in turn.replies[-1]


def test_another_age_button_does_not_make_a_child_older(talk):
    conversation = talk(Stage.AGE, ChannelName.TELEGRAM)
    conversation.presses("age:under_12")
    turn = conversation.presses("age:26_plus")
    assert (turn.stage, turn.age_band, turn.prompt) == (Stage.DECLINED, AgeBand.UNDER_12, None)


def test_another_age_button_corrects_the_first(talk):
    conversation = talk(Stage.AGE, ChannelName.TELEGRAM)
    conversation.presses("age:16_17")
    turn = conversation.presses("age:12_15")
    assert (turn.stage, turn.age_band) == (Stage.AUDIENCE, AgeBand.AGE_12_15)


def test_who_will_not_say_how_old_is_offered_a_person_and_then_left_alone(talk):
    conversation = talk(Stage.AGE)
    turns = [conversation.says("banana") for _ in range(4)]
    assert any("PERSON" in text for text in [*turns[2].replies, *turns[3].replies])
    assert turns[3].prompt is None


@pytest.mark.parametrize(("words", "offered"), [("14", True), ("17", True), ("18", False)])
def test_a_round_may_have_its_under_18s_talk_with_a_person(talk, words, offered):
    conversation = talk(Stage.AGE)
    conversation.heard = replace(conversation.heard, round=replace(conversation.heard.round, under_18_by_bot=False))
    turn = conversation.says(words)
    assert (turn.stage is Stage.DECLINED) is offered
    assert not offered or "by noon on Friday 17 April" in turn.replies[0]


def test_an_age_nobody_can_read_is_asked_for_in_other_words(talk):
    conversation = talk(Stage.AGE)
    first = conversation.says("old enough!!").prompt.text
    assert conversation.says("older than my teeth").prompt.text != first


def test_the_audience_brings_the_information_and_the_question(talk):
    turn = talk(Stage.AUDIENCE).says("I look after my husband")
    assert turn.audience is Audience.CARER
    assert turn.stage is Stage.AGREEMENT
    assert len(turn.replies) <= 4
    assert [one.notice.key for one in wanted(turn, effects.ShowNotice)] == ["adults"]
    assert "GO" in turn.prompt.text


def test_a_young_person_is_told_in_words_for_their_age(talk):
    turn = talk(Stage.AUDIENCE, age_band=AgeBand.AGE_12_15).says("3")
    assert [one.notice.key for one in wanted(turn, effects.ShowNotice)] == ["12_15"]


def test_more_than_one_audience_is_asked_which_first(talk):
    conversation = talk(Stage.AUDIENCE)
    turn = conversation.says("1 and 2")
    assert turn.stage is Stage.AUDIENCE
    assert "first" in turn.prompt.text
    assert conversation.says("2").audience is Audience.CARER


def test_ask_tells_a_little_more_each_time_until_all_is_told(talk):
    conversation, told = talk(Stage.AGREEMENT), []
    for _ in range(40):
        turn = conversation.says("ASK")
        if not turn.replies:
            break
        told += turn.replies
        assert turn.stage is Stage.AGREEMENT
    assert len(told) == len(set(told)) > 8
    assert "That is all there is to tell" in turn.prompt.text


def test_go_is_a_yes_to_every_purpose_and_brings_the_first_statement(talk):
    turn = talk(Stage.AGREEMENT).says("GO")
    assert [one.purpose for one in wanted(turn, effects.Agree)] == ["inspection", "report", "safety"]
    assert (turn.stage, turn.statement, turn.agreed, turn.plan) == (Stage.RATING, 1, True, list(range(1, 13)))
    assert turn.prompt.text.startswith("1 of 12.")


@pytest.mark.parametrize("words", ["maybe", "is it safe to say yes?", "who reads this", "what if I do", "4", "/agree"])
def test_only_a_plain_yes_is_a_yes(talk, words):
    turn = talk(Stage.AGREEMENT).says(words)
    assert not turn.agreed
    assert turn.stage is Stage.AGREEMENT
    assert turn.prompt is not None


def test_no_is_kept_with_the_notice_they_read_and_go_brings_the_question_back(talk):
    conversation = talk(Stage.AGREEMENT)
    turn = conversation.says("no thank you")
    assert [one.notice.key for one in wanted(turn, effects.Refuse)] == ["adults"]
    turn = conversation.says("GO")
    assert turn.stage is Stage.AGREEMENT
    assert not turn.agreed
    assert conversation.says("GO").agreed


def test_an_ok_after_a_no_is_no_yes(talk):
    conversation = talk(Stage.AGREEMENT)
    conversation.says("no thank you")
    turn = conversation.says("ok")
    assert (turn.stage, turn.prompt) == (Stage.DECLINED, None)


def test_when_all_is_told_ask_is_not_answered_twice_in_the_same_words(talk):
    conversation = talk(Stage.AGREEMENT)
    asked = [conversation.says("ASK").prompt.text for _ in range(30)]
    assert all(one != other for one, other in pairwise(asked))


def test_back_goes_from_the_information_to_the_audience_to_the_age(talk):
    conversation = talk(Stage.AGREEMENT)
    assert [conversation.says("BACK").stage for _ in range(2)] == [Stage.AUDIENCE, Stage.AGE]


def test_a_break_before_agreeing_ends_where_it_began(talk):
    conversation = talk(Stage.AGREEMENT)
    assert conversation.says("PAUSE").stage is Stage.PAUSED
    turn = conversation.says("GO")
    assert (turn.stage, turn.agreed) == (Stage.AGREEMENT, False)


def test_wrong_number_ends_it_with_an_apology(talk):
    conversation = talk(Stage.AGE)
    turn = conversation.says("wrong number")
    assert turn.stage is Stage.DECLINED
    assert "orry" in turn.replies[0]
    assert turn.prompt is None


def test_an_audience_this_round_does_not_ask_about_is_told_so(talk):
    conversation = talk(Stage.AUDIENCE)
    only = {Audience.PERSON: conversation.heard.frameworks[Audience.PERSON]}
    conversation.heard = replace(conversation.heard, frameworks=only)
    turn = conversation.says("2")
    assert (turn.stage, turn.audience) == (Stage.AUDIENCE, None)
    assert turn.replies
    assert conversation.says("1").audience is Audience.PERSON
