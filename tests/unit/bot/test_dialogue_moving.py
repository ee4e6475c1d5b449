"""Back, change, pause, resume, pick, finish, edit: the place is never lost, and answers land where they belong."""

from datetime import timedelta

import pytest

from bot.turn import effects
from records.types import Asked, Audience, Rating, Stage

DAYS = timedelta(days=5)


def test_back_goes_to_the_statement_before_and_what_was_said_stays_until_replaced(talk):
    conversation = talk(Stage.RATING)
    turn = conversation.says("BACK")
    assert (turn.stage, turn.statement) == (Stage.RATING, 1)
    turn = conversation.says("SKIP")
    assert (turn.stage, turn.statement, turn.effects) == (Stage.RATING, 2, [])
    conversation.says("BACK")
    conversation.says("1")
    turn = conversation.says("it has got a lot worse since the summer")
    assert [one.anew for one in turn.effects if isinstance(one, effects.RecordStory)] == [True]
    assert (turn.stage, turn.statement) == (Stage.RATING, 2)


def test_back_at_the_first_statement_says_so_and_asks_it_again(talk):
    conversation = talk(Stage.AGREEMENT)
    first = conversation.says("GO").prompt.text
    turn = conversation.says("BACK")
    assert turn.statement == 1
    assert turn.prompt.text != first


def test_back_from_a_story_returns_to_the_story(talk):
    conversation = talk(Stage.STORY)
    conversation.says("BACK")
    turn = conversation.says("SKIP")
    assert (turn.stage, turn.statement) == (Stage.STORY, 2)


def test_change_asks_the_last_answer_anew_and_returns(talk):
    conversation = talk(Stage.STORY)
    conversation.says("they came late again and nobody rang")
    turn = conversation.says("CHANGE")
    assert (turn.stage, turn.statement) == (Stage.RATING, 2)
    assert conversation.says("5").stage is Stage.STORY
    turn = conversation.says("in fact they rang the second time, to be fair")
    assert (turn.stage, turn.statement) == (Stage.RATING, 3)
    assert conversation.ratings() == {2: Rating.STRONGLY_AGREE}
    assert conversation.stories() == {2: ["in fact they rang the second time, to be fair"]}


def test_change_at_the_story_changes_the_rating_just_given(talk):
    conversation = talk(Stage.STORY)
    turn = conversation.says("wrong number")
    assert (turn.stage, turn.statement) == (Stage.RATING, 2)
    assert conversation.says("4").stage is Stage.STORY
    assert conversation.ratings() == {2: Rating.AGREE}


def test_wrong_number_after_days_is_somebody_else(talk):
    assert talk(Stage.STORY).says("wrong number", after=DAYS).stage is Stage.DECLINED


def test_change_without_any_answer_says_so(talk):
    conversation = talk(Stage.AGREEMENT)
    conversation.says("GO")
    turn = conversation.says("CHANGE")
    assert (turn.stage, turn.statement) == (Stage.RATING, 1)


def test_change_after_the_end_ends_again_without_the_long_words(talk):
    conversation = talk(Stage.RATING)
    conversation.says("finish")
    assert conversation.says("CHANGE").statement == 1
    conversation.says("1")
    turn = conversation.says("SKIP")
    assert turn.stage in (Stage.RATING, Stage.FINISHED)
    assert conversation.ratings() == {1: Rating.STRONGLY_DISAGREE}


def test_a_break_of_days_ends_with_one_line_of_recap_and_other_words(talk):
    conversation = talk(Stage.RATING)
    before = conversation.says("say that again").prompt.text
    conversation.says("PAUSE")
    turn = conversation.says("GO", after=DAYS)
    assert (turn.stage, turn.statement) == (Stage.RATING, 2)
    assert [text for text in turn.replies if "2 of 12: being heard" in text] == turn.replies
    assert turn.prompt.text != before


def test_an_answer_during_a_break_lands_where_the_break_began(talk):
    conversation = talk(Stage.RATING)
    conversation.says("PAUSE")
    turn = conversation.says("2")
    assert (turn.stage, conversation.ratings()) == (Stage.STORY, {2: Rating.DISAGREE})
    conversation.says("PAUSE")
    turn = conversation.says("they came late again and nobody rang", after=DAYS)
    assert list(conversation.stories()) == [2]
    assert turn.statement == 3


def test_a_hello_after_days_brings_the_recap_and_the_question(talk):
    turn = talk(Stage.STORY).says("hello", after=DAYS)
    assert len(turn.replies) == 1
    assert "2 of 12: being heard" in turn.replies[0]
    assert turn.prompt is not None


def test_within_hours_there_is_no_recap(talk):
    assert talk(Stage.STORY).says("hello", after=timedelta(hours=11)).replies == []


def test_a_break_within_a_break_is_still_the_first(talk):
    conversation = talk(Stage.STORY)
    conversation.says("PAUSE")
    turn = conversation.says("PAUSE")
    assert (turn.stage, turn.resume_stage) == (Stage.PAUSED, Stage.STORY)


def test_they_may_pick_statements_and_only_those_are_asked(talk):
    conversation = talk(Stage.RATING)
    turn = conversation.says("let me choose")
    assert turn.stage is Stage.CHOOSE
    assert any("2 being heard" in text for text in turn.replies)
    turn = conversation.says("7 and 3")
    assert (turn.plan, turn.statement) == ([3, 7], 3)
    assert "1 of 2" in turn.prompt.text
    conversation.says("SKIP")
    assert conversation.says("SKIP").stage is Stage.FINISHED


def test_all_in_turn_is_a_choice_too(talk):
    conversation = talk(Stage.CHOOSE)
    assert conversation.says("what?").stage is Stage.CHOOSE
    turn = conversation.says("GO")
    assert (turn.statement, len(turn.plan)) == (1, 12)


def test_how_many_are_left(talk):
    assert "11" in talk(Stage.RATING).says("LEFT").replies[0]


def test_mean_explains_and_then_in_general(talk):
    conversation = talk(Stage.RATING)
    first = conversation.says("MEAN")
    assert tuple(first.replies) == first.current.explanation_messages
    second = conversation.says("MEAN")
    assert second.replies != first.replies
    assert second.prompt.text != first.prompt.text


def test_see_my_answers_shows_ratings_as_words_and_never_a_story(talk):
    conversation = talk(Stage.STORY)
    conversation.says("they came late again and nobody rang")
    conversation.says("SKIP")
    turn = conversation.says("show me my answers")
    shown = "\n".join(turn.replies)
    assert "1, information: Agree, and in your words." in shown
    assert "3, what you can do: left out." in shown
    assert "late" not in shown


def test_finish_ends_early_and_go_goes_on_where_they_were(talk):
    conversation = talk(Stage.RATING)
    turn = conversation.says("finish")
    assert turn.stage is Stage.FINISHED
    assert "last one" not in turn.replies[0]
    turn = conversation.says("GO")
    assert (turn.stage, turn.statement) == (Stage.RATING, 2)
    assert turn.asked(2) is Asked.ASKED


def test_what_is_told_after_the_end_is_thanked_for_and_asks_nothing(talk):
    conversation = talk(Stage.FINISHED)
    turn = conversation.says("one more thing, the food was very good there")
    assert (turn.stage, turn.prompt, turn.effects) == (Stage.FINISHED, None, [])
    assert turn.replies
    assert "m1" in turn._masked


def test_the_other_set_is_offered_at_the_end_and_starts_from_nothing(talk):
    conversation = talk(Stage.AUDIENCE)
    conversation.says("1 and 2")
    conversation.says("1")
    conversation.says("GO")
    conversation.says("4, they do tell me things")
    for _ in range(11):
        turn = conversation.says("SKIP")
    assert turn.stage is Stage.FINISHED
    assert "GO" in turn.prompt.text
    assert conversation.says("GO").stage is Stage.AUDIENCE
    turn = conversation.says("2")
    assert (turn.audience, turn.stage, turn.statement) == (Audience.CARER, Stage.RATING, 1)
    assert turn.asked(2) is Asked.NOT_ASKED
    assert not [one for one in turn.effects if isinstance(one, effects.ShowNotice)]
    assert "1 of 12" in turn.prompt.text or "1 out of 12" in turn.prompt.text


def test_one_set_may_be_enough(talk):
    conversation = talk(Stage.FINISHED, memory={"other_set": True}, plan=(2,), progress={2: Asked.ANSWERED})
    assert conversation.says("GO").stage is Stage.AUDIENCE
    turn = conversation.says("no thanks")
    assert (turn.stage, turn.effects) == (Stage.FINISHED, [])


def test_an_edited_answer_is_replaced_only_if_they_say_so(talk):
    conversation = talk(Stage.RATING)
    conversation.says("4, they do listen most days")
    turn = conversation.says("2, they do not listen", replaces="m1")
    assert turn.effects == []
    turn = conversation.says("GO")
    assert turn.effects == [effects.ReplaceMessage("m1", "m2", 2, Rating.DISAGREE)]
    assert (turn.stage, turn.statement) == (Stage.RATING, 3)


@pytest.mark.parametrize("words", ["NO", "3"])
def test_without_a_yes_the_first_words_stay(talk, words):
    conversation = talk(Stage.RATING)
    conversation.says("4, they do listen most days")
    conversation.says("2, they do not listen", replaces="m1")
    turn = conversation.says(words)
    assert not [one for one in turn.effects if isinstance(one, effects.ReplaceMessage)]
    assert (3 in conversation.ratings()) is (words == "3")


def test_an_edit_of_something_that_is_no_answer_is_not_asked_about(talk):
    conversation = talk(Stage.RATING)
    conversation.says("who reads this")
    turn = conversation.says("who sees this", replaces="m1")
    assert (turn.replies, turn.prompt, turn.effects) == ([], None, [])


def test_stop_in_their_own_words_is_a_stop(talk):
    conversation = talk(Stage.RATING)
    turn = conversation.says("please stop texting me", "hello?")
    assert turn.effects == [effects.StopMessages()]
    assert (turn.stage, turn.resume_stage, turn.prompt) == (Stage.STOPPED, Stage.RATING, None)
    assert len(turn.replies) == 1


@pytest.mark.parametrize("words", ["ok", "yes", "no"])
def test_a_bare_word_on_a_break_says_only_that_they_have_read_it(talk, words):
    conversation = talk(Stage.RATING)
    conversation.says("PAUSE")
    turn = conversation.says(words)
    assert (turn.stage, turn.prompt, conversation.ratings()) == (Stage.PAUSED, None, {})
    assert turn.replies
