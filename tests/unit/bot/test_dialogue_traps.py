"""Answers nobody gave, words on the wrong statement, words lost: each of these went wrong once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.turn import effects
from records.types import Rating, Stage, Tier


@pytest.mark.parametrize("words", ["ok", "yes", "no", "aye", "fine"])
@pytest.mark.parametrize("stage", [Stage.RATING, Stage.STORY])
def test_a_bare_word_to_what_was_no_question_is_no_answer(talk, stage, words):
    conversation = talk(stage)
    conversation.says("PERSON")
    turn = conversation.says(words)
    assert not [one for one in turn.effects if not isinstance(one, effects.AskForPerson)]
    assert (turn.stage, turn.statement) == (stage, 2)
    assert turn.prompt is not None


def test_a_go_to_what_was_not_the_notices_question_is_no_agreement(talk):
    conversation = talk(Stage.AGREEMENT)
    conversation.heard = replace(conversation.heard, asked_last=False)
    assert not conversation.says("GO").agreed
    assert conversation.says("GO").agreed


def test_yes_to_what_delete_does_says_again_how_to_do_it(talk):
    conversation = talk(Stage.RATING)
    conversation.says("delete my data")
    turn = conversation.says("yes")
    assert any("DELETE" in text for text in turn.replies)
    assert (turn.effects, turn.stage) == ([], Stage.RATING)
    assert conversation.says("no").effects == []


def test_a_second_edit_takes_the_place_of_the_first(talk):
    conversation = talk(Stage.STORY)
    conversation.says("they tell me nothing about it")
    for words in ("they tell me some of it", "they tell me plenty"):
        conversation.says(words, replaces="m1")
        turn = conversation.says("GO")
    assert turn.effects == [effects.ReplaceMessage("m2", "m4", 2, None)]


def test_a_worry_in_an_edit_belongs_to_the_statement_of_the_edited_words(talk):
    conversation = talk(Stage.STORY)
    conversation.says("they tell me nothing about it")
    conversation.discloses("they tell me nothing and he hits me", replaces="m1")
    assert list(conversation.stories()) == [2]
    turn = conversation.says("GO")
    assert (turn.stage, turn.statement) == (Stage.RATING, 3)


@pytest.mark.parametrize("words", ["GO", "SKIP", "thanks", "LEFT", "who reads this"])
def test_what_is_no_answer_is_not_kept_as_words_beside_a_worry(talk, words):
    conversation = talk(Stage.RATING)
    conversation.discloses("he locks me in my room", words)
    assert conversation.stories() == {2: ["he locks me in my room"]}


def test_a_worry_of_an_hour_ago_silences_nothing_that_is_said_now(talk):
    conversation = talk(Stage.RATING)
    conversation.heard = replace(conversation.heard, stage=Stage.SAFETY, resume_stage=Stage.RATING)
    worry = conversation.said("he locks me in my room", tier=Tier.CONCERN)
    go = conversation.said("GO")
    turn = conversation.says(worry, replace(go, received_at=worry.received_at + timedelta(hours=1)))
    assert (turn.stage, turn.statement) == (Stage.RATING, 3)
    assert turn.prompt is not None


@pytest.mark.parametrize("words", ["5", "3"])
def test_a_number_after_a_worry_is_kept_neither_as_words_nor_over_a_rating(talk, words):
    conversation = talk(Stage.STORY)
    conversation.discloses("he locks me in my room")
    turn = conversation.says(words)
    assert (turn.effects, turn.prompt, turn.stage) == ([], None, Stage.SAFETY)


def test_a_number_after_a_worry_rates_what_had_no_rating(talk):
    conversation = talk(Stage.RATING)
    conversation.discloses("he locks me in my room")
    conversation.says("1")
    assert conversation.ratings() == {2: Rating.STRONGLY_DISAGREE}
    assert conversation.stories() == {2: ["he locks me in my room"]}
