"""A statement: ratings and stories in every order they come, all on the statement they belong to."""

from dataclasses import replace

import pytest

from bot.turn import effects
from records.types import AgeBand, Asked, ChannelName, Kind, Rating, Stage, Tier


def test_a_rating_then_a_story_then_the_next_statement(talk):
    conversation = talk(Stage.RATING)
    assert conversation.says("2").stage is Stage.STORY
    turn = conversation.says("nobody told me about the review until Agnes rang")
    assert (turn.stage, turn.statement) == (Stage.RATING, 3)
    assert conversation.ratings() == {2: Rating.DISAGREE}
    assert conversation.stories() == {2: ["nobody told me about the review until «name 1» rang"]}


@pytest.mark.parametrize(
    ("words", "rating"),
    [
        ("5", Rating.STRONGLY_AGREE),
        ("I agree", Rating.AGREE),
        ("👍", Rating.AGREE),
        ("strongly disagree", Rating.STRONGLY_DISAGREE),
        ("dunno", Rating.DONT_KNOW),
        ("not about me", Rating.NOT_APPLICABLE),
    ],
)
def test_ratings_come_in_many_forms(talk, words, rating):
    conversation = talk(Stage.RATING)
    conversation.says(words)
    assert conversation.ratings() == {2: rating}


def test_not_about_me_is_an_answer_and_asks_for_no_story(talk):
    conversation = talk(Stage.RATING)
    turn = conversation.says("not about me")
    assert (turn.stage, turn.statement, turn.asked(2)) == (Stage.RATING, 3, Asked.ANSWERED)


def test_the_story_may_come_first_and_the_rating_is_asked_once(talk):
    conversation = talk(Stage.RATING)
    turn = conversation.says("they never write anything down and then they ask me again")
    assert (turn.stage, turn.statement) == (Stage.RATING, 2)
    assert "number" in turn.prompt.text
    turn = conversation.says("1")
    assert (turn.stage, turn.statement) == (Stage.RATING, 3)
    assert conversation.ratings() == {2: Rating.STRONGLY_DISAGREE}


def test_a_story_first_without_a_rating_stands(talk):
    conversation = talk(Stage.RATING)
    conversation.says("they never write anything down and then they ask me again")
    turn = conversation.says("SKIP")
    assert (turn.statement, turn.asked(2)) == (3, Asked.ANSWERED)
    assert conversation.ratings() == {}
    assert 2 in conversation.stories()


def test_rating_and_story_in_one_message(talk):
    conversation = talk(Stage.RATING)
    turn = conversation.says("4, they do listen most days")
    assert (turn.stage, turn.statement) == (Stage.RATING, 3)
    assert (conversation.ratings(), list(conversation.stories())) == ({2: Rating.AGREE}, [2])


def test_rating_and_story_in_two_messages_of_one_breath(talk):
    conversation = talk(Stage.RATING)
    turn = conversation.says("4", "because they do listen most days")
    assert (turn.stage, turn.statement) == (Stage.RATING, 3)
    assert (conversation.ratings(), list(conversation.stories())) == ({2: Rating.AGREE}, [2])


def test_a_story_in_three_messages_of_one_breath_is_one_story(talk):
    conversation = talk(Stage.STORY)
    turn = conversation.says("they came late again", "and then they said it was my fault", "I was left till noon")
    stories = [one for one in turn.effects if isinstance(one, effects.RecordStory)]
    assert [len(one.parts) for one in stories] == [3]
    assert [message for message, _ in stories[0].parts] == ["m1", "m2", "m3"]
    assert (turn.statement, len(turn.replies)) == (3, 0)


def test_more_of_a_story_sent_before_the_next_question_was_there_belongs_to_it(talk):
    conversation = talk(Stage.STORY)
    conversation.says("they came late again and nobody rang")
    turn = conversation.says("and the same thing the week before that", before_prompt=True)
    assert conversation.stories()[2] == [
        "they came late again and nobody rang",
        "and the same thing the week before that",
    ]
    assert (turn.stage, turn.statement) == (Stage.RATING, 3)
    conversation.says("and another thing, the phone just rings out", before_prompt=True)
    assert len(conversation.stories()[2]) == 3
    conversation.says("here I get no say at all in what is done for me")
    assert len(conversation.stories()[3]) == 1


def test_a_story_in_answer_to_a_question_that_was_asked_again_is_an_answer_to_it(talk):
    conversation = talk(Stage.STORY)
    conversation.says("they came late again and nobody rang")
    conversation.says("who reads this")
    conversation.says("I get no say at all in what is done for me", before_prompt=True)
    assert list(conversation.stories()) == [2, 3]


def test_a_number_straight_after_a_whole_answer_rates_that_statement_and_not_the_unseen_one(talk):
    conversation = talk(Stage.RATING)
    turn = conversation.says("4, they do listen most days", "5")
    assert conversation.ratings() == {2: Rating.STRONGLY_AGREE}
    assert (turn.stage, turn.statement) == (Stage.RATING, 3)


def test_a_second_skip_in_the_same_breath_does_not_skip_what_nobody_has_seen(talk):
    turn = talk(Stage.RATING).says("skip", "skip")
    assert turn.statement == 3
    assert turn.asked(3) is Asked.ASKED


def test_the_same_message_twice_counts_once(talk):
    conversation = talk(Stage.RATING)
    turn = conversation.says("4", "4")
    assert (turn.stage, turn.statement) == (Stage.STORY, 2)
    assert conversation.ratings() == {2: Rating.AGREE}


@pytest.mark.parametrize("words", ["5", "5!", "no wait, 5", "oops I meant 5", "sorry, make that a 5"])
def test_another_rating_at_the_story_takes_the_place_of_the_first(talk, words):
    conversation = talk(Stage.STORY)
    assert conversation.says(words).stage is Stage.STORY
    assert conversation.ratings() == {2: Rating.STRONGLY_AGREE}


@pytest.mark.parametrize("words", ["SKIP", "no", "nothing else", "rather not say"])
def test_who_would_rather_not_tell_is_taken_at_their_word(talk, words):
    conversation = talk(Stage.STORY)
    turn = conversation.says(words)
    assert effects.DeclineStory(2) in turn.effects
    assert (turn.stage, turn.statement, turn.asked(2)) == (Stage.RATING, 3, Asked.ANSWERED)


def test_skip_leaves_the_statement_out(talk):
    turn = talk(Stage.RATING).says("SKIP")
    assert (turn.asked(2), turn.statement) == (Asked.SKIPPED, 3)


def test_where_no_ratings_are_asked_for_the_story_is_asked_with_the_statement(talk):
    conversation = talk(Stage.AGREEMENT, ratings=False)
    turn = conversation.says("GO")
    assert (turn.stage, turn.statement) == (Stage.STORY, 1)
    assert turn.current.statement in turn.prompt.text
    assert turn.current.story_prompt in turn.prompt.text
    turn = conversation.says("4")
    assert (conversation.ratings(), conversation.stories()) == ({}, {1: ["4"]})
    turn = conversation.says("SKIP")
    assert (turn.asked(2), turn.stage, turn.statement) == (Asked.SKIPPED, Stage.STORY, 3)


def test_a_look_changes_only_the_thanks(talk):
    conversation = talk(Stage.STORY)
    turn = conversation.says("I dread the evenings there, honestly", tier=Tier.LOOK)
    assert "PERSON" in turn.replies[0]
    assert (turn.stage, turn.statement, list(conversation.stories())) == (Stage.RATING, 3, [2])


def test_a_picture_is_kept_for_a_person_and_the_question_stands(talk):
    conversation = talk(Stage.STORY)
    turn = conversation.says("", kind=Kind.MEDIA, unreadable=True)
    assert [type(one) for one in turn.effects] == [effects.RecordStory]
    assert (turn.replies, turn.prompt, turn.stage, turn.statement) == ([], None, Stage.STORY, 2)


@pytest.mark.parametrize("words", ["/restart", '/rate{"rating": "agree"}', "/tell_story", "/session_start"])
def test_what_looks_like_a_command_to_a_program_is_nothing(talk, words):
    conversation = talk(Stage.RATING)
    turn = conversation.says(words)
    assert (turn.stage, turn.statement, turn.effects) == (Stage.RATING, 2, [])
    assert turn.prompt is not None


def test_sixteen_hundred_characters_are_one_story(talk):
    conversation = talk(Stage.STORY)
    conversation.says("I waited and waited. " * 76)
    assert [len(words) for words in conversation.stories()[2]] == [1596]


def test_keys_hit_at_random_are_asked_again_plainly_and_then_what_can_be_said(talk):
    conversation = talk(Stage.RATING)
    first, second = conversation.says("sdfghjkl"), conversation.says("qwertzuiop")
    assert "action_say_what_works" not in first.actions
    assert "action_say_what_works" in second.actions
    assert first.prompt.text != second.prompt.text
    assert conversation.stories() == {}


def test_buttons_rate_the_statement_they_stand_under(talk):
    conversation = talk(Stage.RATING, ChannelName.WEB)
    conversation.presses("rate:strongly_disagree:2:person")
    conversation.says("SKIP")
    turn = conversation.presses("rate:agree:2:person")
    assert (turn.stage, turn.statement) == (Stage.RATING, 3)
    assert conversation.ratings() == {2: Rating.AGREE}


@pytest.mark.parametrize("payload", ["rate:6", "rate:agree:11:person", "rate:agree:2:carer", "agree", "age:12_15"])
def test_a_button_that_means_nothing_changes_nothing(talk, payload):
    conversation = talk(Stage.RATING, ChannelName.WEB)
    turn = conversation.presses(payload)
    assert (turn.effects, turn.stage, turn.statement) == ([], Stage.RATING, 2)
    assert turn.prompt is not None


def test_every_payload_fits_forty_bytes_and_every_title_twenty_letters(talk):
    for stage in (Stage.AGE, Stage.AUDIENCE, Stage.AGREEMENT, Stage.RATING):
        buttons = talk(stage, ChannelName.TELEGRAM).says("say that again").prompt.buttons
        assert buttons
        assert all(len(one.payload.encode()) <= 40 and len(one.title) <= 20 for one in buttons)


def test_a_young_person_is_asked_in_simpler_words(talk):
    young = talk(Stage.RATING, age_band=AgeBand.AGE_12_15).says("say that again").prompt.text
    assert "a lot" in young


def test_everything_that_is_kept_is_masked_and_nothing_before_they_agreed(talk):
    conversation = talk(Stage.AGREEMENT)
    turn = conversation.says("my name is Agnes by the way", "GO")
    assert list(turn._masked) == ["m2"]
    turn = conversation.says("Agnes says who reads this")
    assert turn._masked["m3"].text.startswith("«name 1»")


def test_the_twelve_in_order_end_with_what_happens_next(talk):
    conversation = talk(Stage.AGREEMENT)
    turn = conversation.says("GO")
    for number in range(1, 13):
        assert turn.statement == number
        assert turn.prompt.text.count(f"{number} of 12") + turn.prompt.text.count(f"{number} out of 12") == 1
        conversation.says("4")
        turn = conversation.says("SKIP")
    assert turn.stage is Stage.FINISHED
    assert any("30 September 2026" in text and "DELETE" in text for text in turn.replies)
    assert isinstance(turn.effects[-1], effects.Finish)
    assert turn.prompt is None
    assert conversation.ratings() == dict.fromkeys(range(1, 13), Rating.AGREE)


def test_a_turn_changes_nothing_outside_itself(talk):
    conversation = talk(Stage.STORY)
    before = replace(conversation.heard, said=())
    memory = repr(before.memory)
    conversation.says("they came late again and nobody rang", "skip", "back")
    assert repr(before.memory) == memory
    assert before.progress == {1: Asked.ANSWERED, 2: Asked.ANSWERED}


@pytest.mark.parametrize("words", ["I have 2 carers and they are late", "2 carers come by 5", "5 of us live here"])
def test_a_story_with_a_number_in_it_stays_a_story(talk, words):
    conversation = talk(Stage.STORY)
    conversation.says(words)
    assert (conversation.stories(), conversation.ratings()) == ({2: [words]}, {})
