"""Every text of every notice, as every person on every channel receives it, with its longest values filled in."""

from itertools import product

import pytest

from consent.notice import FOLDER, NoticeError, fill, load_notices, notice_for
from records.types import AgeBand, Audience, ChannelName

NOTICES = load_notices()
HARDEST = 6.5
AGES = [age for age in AgeBand if age is not AgeBand.UNDER_12]
UNDER_18 = [AgeBand.AGE_12_15, AgeBand.AGE_16_17]
each_person = pytest.mark.parametrize(("age", "audience", "channel"), list(product(AGES, Audience, ChannelName)))
each_channel = pytest.mark.parametrize("channel", ChannelName)


def before_and_question(notice):
    return (*notice.messages, notice.question.text)


def everything(notice):
    return (*before_and_question(notice), notice.question.again, *notice.more, notice.more_done)


def entry_texts(channel):
    said = [text for key in NOTICES.texts for text in NOTICES.text(key, channel)]
    asked = [NOTICES.question(key, channel) for key in NOTICES.questions]
    return said + [text for question in asked for text in (question.text, question.again)]


@each_person
def test_every_text_fits_one_sms_with_its_longest_values(age, audience, channel, wording_faults):
    texts = [fill(text, **NOTICES.longest) for text in everything(notice_for(age, audience, channel))]
    assert {text: faults for text in texts if (faults := wording_faults(text))} == {}


@each_person
def test_every_text_reads_at_the_age_of_nine_to_eleven(age, audience, channel, reading_grade):
    texts = everything(notice_for(age, audience, channel))
    assert {text: round(grade, 1) for text in texts if (grade := reading_grade(text)) > HARDEST} == {}


@each_channel
def test_what_is_said_on_the_way_in_fits_and_reads_easily(channel, wording_faults, reading_grade):
    for text in entry_texts(channel):
        assert wording_faults(fill(text, **NOTICES.longest)) == [], text
        assert reading_grade(text) <= HARDEST, text


@each_person
def test_at_most_four_messages_come_before_the_question(age, audience, channel):
    assert 1 <= len(notice_for(age, audience, channel).messages) <= 4


@each_person
def test_the_heart_of_it_is_said_before_the_question(age, audience, channel):
    told = " ".join(before_and_question(notice_for(age, audience, channel)))
    for part in (
        "computer",
        "999",
        "take out your name",
        "report",
        "safe, we tell",
        "DELETE",
        "skip",
        "stop",
        "20 minutes",
    ):
        assert part in told.lower() or part in told, part


@each_person
def test_the_question_offers_go_and_no_and_ask_and_says_that_no_is_fine(age, audience, channel):
    question = notice_for(age, audience, channel).question
    assert [option.say for option in question.options] == ["GO", "NO", "ASK"]
    for text in (question.text, question.again):
        assert {"GO", "NO", "ASK"} <= set(text.replace(".", " ").replace(",", " ").split())
        assert "fine" in text


@each_person
def test_there_is_more_for_those_who_ask(age, audience, channel):
    told = " ".join(notice_for(age, audience, channel).more)
    for part in (
        "{bodies}",
        "names and places",
        "not right away",
        "tell",
        "social workers",
        "wipe it",
        "{delete_until}",
        "trust",
        "PERSON",
        "30 days",
        "Information Commissioner's Office",
        "{contact}",
    ):
        assert part in told, part


@pytest.mark.parametrize(("age", "audience"), list(product(AGES, Audience)))
def test_telegram_is_said_not_to_be_end_to_end_encrypted_before_the_question(age, audience):
    said = " ".join(notice_for(age, audience, ChannelName.TELEGRAM).messages)
    assert "not end-to-end encrypted" in said
    assert "Telegram" not in " ".join(everything(notice_for(age, audience, ChannelName.SMS)))


@pytest.mark.parametrize(("age", "audience"), list(product(AGES, Audience)))
def test_web_chat_is_said_to_lose_us_when_the_page_is_closed(age, audience):
    said = " ".join(notice_for(age, audience, ChannelName.WEB).messages)
    assert "may not be able to reach you" in said


@pytest.mark.parametrize(("age", "channel"), list(product(UNDER_18, ChannelName)))
def test_childline_is_named_to_those_under_eighteen_before_the_question(age, channel):
    assert "0800 1111" in " ".join(notice_for(age, Audience.YOUNG_PERSON, channel).messages)


@pytest.mark.parametrize(("age", "channel"), list(product(AGES, ChannelName)))
def test_people_with_experience_of_justice_are_told_that_a_no_changes_nothing_for_them(age, channel):
    told = " ".join(notice_for(age, Audience.JUSTICE, channel).messages)
    assert "order, sentence or release" in told or "what has been decided about you" in told


@pytest.mark.parametrize("age", AGES)
def test_a_young_volunteer_is_offered_up_to_twenty_five(age):
    told = " ".join(notice_for(age, Audience.PERSON, ChannelName.SMS).more)
    assert ("young volunteer" in told) is (age is not AgeBand.AGE_26_PLUS)


@each_channel
def test_under_twelves_are_thanked_pointed_to_help_and_asked_nothing(channel):
    told = " ".join(NOTICES.text("under_12", channel))
    for part in ("Thank you", "adult you trust", "0800 1111", "999", "PERSON"):
        assert part in told
    assert "?" not in told
    with pytest.raises(NoticeError, match="under_12"):
        notice_for(AgeBand.UNDER_12, Audience.YOUNG_PERSON, channel)


@each_channel
def test_the_welcome_names_both_bodies_and_says_it_is_a_computer(channel):
    told = " ".join(fill(text, **NOTICES.longest) for text in NOTICES.text("welcome", channel))
    for part in ("Care Inspectorate and Healthcare Improvement Scotland", "computer", "999", "Clackmannanshire"):
        assert part in told


def test_an_invitation_says_how_to_hear_no_more():
    assert "text stop" in " ".join(NOTICES.text("invitation", ChannelName.SMS))


def test_the_age_question_offers_every_band_by_letter():
    options = NOTICES.question("age_question", ChannelName.SMS).options
    assert [option.value for option in options] == list(AgeBand)
    assert [option.say for option in options] == list("ABCDE")


def test_the_audience_question_offers_every_audience_by_number():
    options = NOTICES.question("audience_question", ChannelName.SMS).options
    assert [option.value for option in options] == list(Audience)
    assert [option.say for option in options] == list("12345")


def test_by_sms_every_choice_is_named_in_the_question_and_when_it_is_asked_again():
    for key in NOTICES.questions:
        question = NOTICES.question(key, ChannelName.SMS)
        for option in question.options:
            assert f"{option.say}: " in question.text
            assert f"{option.say}: " in question.again or key == "audience_question"


@each_channel
def test_asking_again_uses_other_words(channel):
    asked = [NOTICES.question(key, channel) for key in NOTICES.questions]
    asked += [notice_for(age, Audience.PERSON, channel).question for age in AGES]
    for question in asked:
        assert question.text != question.again


def test_button_titles_are_short_enough_for_every_channel():
    asked = [NOTICES.question(key, ChannelName.TELEGRAM) for key in NOTICES.questions]
    asked += [notice_for(age, Audience.PERSON, ChannelName.TELEGRAM).question for age in AGES]
    for option in (option for question in asked for option in question.options):
        assert 1 <= len(option.title) <= 20
        assert len(option.value.encode()) <= 40


def test_the_folder_holds_only_what_is_loaded():
    stems = {path.stem for path in FOLDER.glob("*.yml")} - {"entry", "placeholders"}
    assert stems == {f"{template.key}-{template.version}" for template in NOTICES.templates.values()}
