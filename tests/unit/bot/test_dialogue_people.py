"""A worry, a person asked for, and the questions people ask about us."""

from datetime import timedelta

import pytest

from bot.turn import effects
from records.types import AgeBand, Asked, Rating, RequestKind, Stage, Tier


def test_a_disclosure_is_kept_with_its_statement_and_nothing_is_said(talk):
    conversation = talk(Stage.STORY)
    turn = conversation.discloses("he hits me when the carers have gone")
    assert (turn.replies, turn.prompt, turn.stage, turn.resume_stage) == ([], None, Stage.SAFETY, Stage.STORY)
    assert conversation.stories() == {2: ["he hits me when the carers have gone"]}
    assert turn.asked(2) is Asked.ANSWERED


@pytest.mark.parametrize("stage", [Stage.RATING, Stage.STORY])
def test_go_after_a_worry_goes_on_with_the_next_statement(talk, stage):
    conversation = talk(stage)
    conversation.discloses("he hits me when the carers have gone")
    turn = conversation.says("GO")
    assert (turn.stage, turn.statement) == (Stage.RATING, 3)
    assert "our team" in turn.replies[0].lower()
    assert "hits" not in " ".join([*turn.replies, turn.prompt.text])


def test_what_came_in_the_same_breath_is_kept_and_draws_no_word(talk):
    conversation = talk(Stage.RATING)
    turn = conversation.discloses("he hits me when the carers have gone", "1", "thanks")
    assert (turn.replies, turn.prompt, turn.stage) == ([], None, Stage.SAFETY)
    assert conversation.ratings() == {2: Rating.STRONGLY_DISAGREE}


def test_a_request_for_a_person_in_the_same_breath_is_heard(talk):
    turn = talk(Stage.RATING).discloses("he hits me when the carers have gone", "PERSON")
    assert effects.AskForPerson(RequestKind.PERSON) in turn.effects
    assert turn.prompt is None


def test_a_worry_before_they_agreed_is_kept_nowhere_here(talk):
    conversation = talk(Stage.AGREEMENT)
    turn = conversation.discloses("he hits me when the carers have gone")
    assert (turn.effects, turn.replies, turn._masked) == ([], [], {})
    turn = conversation.says("GO")
    assert (turn.stage, turn.agreed) == (Stage.AGREEMENT, False)


def test_a_worry_sent_before_the_next_question_was_there_belongs_to_the_statement_before(talk):
    conversation = talk(Stage.STORY)
    conversation.says("they came late again and nobody rang")
    conversation.discloses("and he hits me when they have gone", before_prompt=True)
    assert list(conversation.stories()) == [2]
    turn = conversation.says("GO")
    assert (turn.stage, turn.statement) == (Stage.RATING, 3)


def test_more_words_after_a_worry_are_kept_and_nothing_is_asked(talk):
    conversation = talk(Stage.STORY)
    conversation.discloses("he hits me when the carers have gone")
    said = [conversation.says("it is always at the weekend when it happens") for _ in range(3)]
    assert all(turn.prompt is None and turn.stage is Stage.SAFETY for turn in said)
    assert all("GO" in turn.replies[0] and "PERSON" in turn.replies[0] for turn in said)
    assert said[0].replies != said[1].replies
    assert len(conversation.stories()[2]) == 4


def test_a_second_worry_during_the_first_is_met_with_silence_too(talk):
    conversation = talk(Stage.STORY)
    conversation.discloses("he hits me when the carers have gone")
    turn = conversation.discloses("and he takes my money")
    assert (turn.replies, turn.prompt, turn.resume_stage) == ([], None, Stage.STORY)
    assert len(conversation.stories()[2]) == 2


@pytest.mark.parametrize(("words", "safe"), [("its safe to text", True), ("he reads my phone", False)])
def test_whether_this_is_a_safe_way_is_noted_and_is_no_go(talk, words, safe):
    conversation = talk(Stage.STORY)
    conversation.discloses("he hits me when the carers have gone")
    turn = conversation.says(words)
    assert turn.effects == [effects.KnowPerson(safe_contact=safe)]
    assert (turn.stage, turn.prompt, len(turn.replies)) == (Stage.SAFETY, None, 1)


@pytest.mark.parametrize("words", ["ok", "yes", "no", "fine"])
def test_a_bare_word_after_a_worry_starts_nothing_and_notes_nothing(talk, words):
    conversation = talk(Stage.STORY)
    conversation.discloses("he hits me when the carers have gone")
    turn = conversation.says(words)
    assert (turn.stage, turn.prompt) == (Stage.SAFETY, None)
    assert not [one for one in turn.effects if isinstance(one, effects.KnowPerson)]
    assert turn.replies


def test_a_phone_that_is_not_safe_is_asked_nothing_more(talk):
    turn = talk(Stage.RATING).says("someone else sees this phone")
    assert (turn.stage, turn.resume_stage, turn.prompt) == (Stage.PAUSED, Stage.RATING, None)


def test_a_worry_during_a_break_leads_back_to_the_question_before_it(talk):
    conversation = talk(Stage.RATING)
    conversation.says("PAUSE")
    conversation.discloses("he hits me when the carers have gone")
    turn = conversation.says("GO")
    assert (turn.stage, turn.statement) == (Stage.RATING, 3)


def test_a_worry_after_an_early_end_leads_back_to_what_is_open(talk):
    conversation = talk(Stage.FINISHED)
    conversation.discloses("he hits me when the carers have gone")
    assert conversation.stories() == {}
    turn = conversation.says("GO")
    assert (turn.stage, turn.statement) == (Stage.RATING, 2)


def test_a_worry_after_the_end_leads_back_to_the_end(talk):
    conversation = talk(Stage.FINISHED, progress=dict.fromkeys(range(1, 13), Asked.ANSWERED))
    conversation.discloses("he hits me when the carers have gone")
    assert "GO" not in " ".join(conversation.says("hello").replies)
    turn = conversation.says("GO")
    assert (turn.stage, turn.prompt) == (Stage.FINISHED, None)
    assert "go on" not in " ".join(turn.replies)


def test_after_not_safe_nothing_hints_at_what_was_told_and_nobody_is_promised(talk):
    conversation = talk(Stage.STORY, safe_contact=False)
    conversation.discloses("he hits me when the carers have gone")
    for words in ("PERSON", "hello", "and another thing", "PERSON", "GO"):
        said = " ".join(conversation.says(words).replies)
        for hint in ("you told us", "0800", "You will hear", "contact you", "in touch", "999", "until then"):
            assert hint not in said, words


def test_asking_for_a_person_says_when_and_offers_to_go_on(talk):
    conversation = talk(Stage.RATING)
    turn = conversation.says("PERSON")
    assert turn.effects == [effects.AskForPerson(RequestKind.PERSON)]
    assert "on Friday 17 April" in turn.replies[0]
    assert "GO" in turn.replies[1]
    assert turn.prompt is None
    assert conversation.says("GO").prompt is not None


def test_asking_twice_makes_one_request_until_its_time_has_passed(talk):
    conversation = talk(Stage.RATING)
    conversation.says("PERSON")
    assert conversation.says("PERSON").effects == []
    assert conversation.says("PERSON", after=timedelta(days=7)).effects == [effects.AskForPerson(RequestKind.PERSON)]


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("I want to complain", RequestKind.COMPLAINT),
        ("po polsku", RequestKind.LANGUAGE),
        ("bring a supporter", RequestKind.SUPPORTER),
    ],
)
def test_other_requests_keep_the_place(talk, words, kind):
    turn = talk(Stage.RATING).says(words)
    assert turn.effects == [effects.AskForPerson(kind)]
    assert (turn.stage, turn.statement) == (Stage.RATING, 2)
    assert turn.prompt is not None


@pytest.mark.parametrize(
    ("age", "may"), [(AgeBand.AGE_12_15, True), (AgeBand.AGE_18_25, True), (AgeBand.AGE_26_PLUS, False)]
)
def test_a_young_volunteer_is_for_12_to_25(talk, age, may):
    turn = talk(Stage.RATING, age_band=age).says("someone my age")
    assert (turn.effects == [effects.AskForPerson(RequestKind.YOUNG_VOLUNTEER)]) is may
    assert may or "PERSON" in turn.replies[0]


@pytest.mark.parametrize(
    ("words", "part"),
    [
        ("who reads this", "nspectors"),
        ("is it confidential", "limit"),
        ("are you a bot", "computer"),
        ("help me", "999"),
        ("how long", "minute"),
        ("thanks", "elcome"),
    ],
)
def test_a_question_about_us_is_answered_and_the_place_is_kept(talk, words, part):
    conversation = talk(Stage.RATING)
    before = conversation.says("say that again").prompt.text
    turn = conversation.says(words)
    assert any(part in text for text in turn.replies)
    assert (turn.stage, turn.statement, turn.effects) == (Stage.RATING, 2, [])
    assert turn.prompt.text != before


def test_delete_in_their_own_words_is_explained_and_does_nothing_yet(talk):
    conversation = talk(Stage.RATING)
    turn = conversation.says("delete my data")
    assert (turn.effects, turn.prompt, turn.stage) == ([], None, Stage.RATING)
    assert any("DELETE" in text for text in turn.replies)


def test_a_look_never_stops_the_dialogue(talk):
    turn = talk(Stage.RATING).says("2", tier=Tier.LOOK)
    assert turn.stage is Stage.STORY
