"""Every wording of everything the bot says, on every channel, with its longest values filled in."""

from itertools import product

import pytest

from bot.words import Words
from engagement.framework import COUNTER
from records.types import ChannelName, Rating

WORDS = Words.load()
HARDEST = 6.5
EVERY_TEXT = [
    (key, name, text)
    for key, entry in sorted(WORDS.entries.items())
    for name, wordings in entry.sets.items()
    for wording in wordings
    for text in wording
]
each_key = pytest.mark.parametrize("key", sorted(WORDS.keys))
NEEDED = {
    "rating_question",
    "rating_question_again",
    "thanks_rating",
    "thanks_story",
    "story_declined",
    "skipped",
    "back",
    "cannot_go_back",
    "change_what",
    "changed",
    "pause",
    "resumed_recap",
    "how_many_left",
    "who_reads",
    "confidential",
    "how_long",
    "person_requested",
    "volunteer_requested",
    "supporter_noted",
    "complaint_received",
    "stopped_dialogue",
    "delete_explained",
    "delete_confirmed",
    "see_answers_intro",
    "nothing_yet",
    "greet_new",
    "greet_back",
    "you_are_welcome",
    "bot_challenge",
    "not_emergency",
    "confused",
    "out_of_scope",
    "language",
    "abusive",
    "wrong_number",
    "edit_question",
    "edit_used",
    "edit_kept",
    "very_long_ok",
    "finished",
    "finished_already",
    "no_more",
    "choose_intro",
    "chosen",
    "prompts_off_hours",
    "safety_carry_on",
    "paused_already",
    "not_started",
    "round_closed",
    "no_round",
    "cooldown",
}


def filled(text):
    for name, value in WORDS.longest.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def spoken(key, *, channel=ChannelName.SMS, young=False):
    count = len(WORDS.entries[key].sets["say"])
    every = [WORDS.say(key, channel=channel, young=young, variant=one, **WORDS.longest) for one in range(count)]
    return [" ".join(texts) for texts in every]


def test_there_are_words_for_everything_the_dialogue_needs():
    assert NEEDED - WORDS.keys == set()


@pytest.mark.parametrize(("key", "name", "text"), EVERY_TEXT)
def test_every_text_fits_one_sms_in_its_letters_and_says_nothing_forbidden(key, name, text, wording_faults):
    assert wording_faults(filled(text)) == []


@pytest.mark.parametrize(("key", "name", "text"), EVERY_TEXT)
def test_every_text_reads_at_the_age_of_nine_to_eleven(key, name, text, reading_grade):
    too_short_to_grade = len(text.split()) < 4  # the formula makes "Hello." a text for fourteen-year-olds
    assert too_short_to_grade or reading_grade(text) <= HARDEST


def test_the_counter_fits_in_the_room_that_prompts_leave_for_it():
    assert all(len(text) < COUNTER for text in spoken("counter"))


@each_key
def test_no_two_wordings_of_one_thing_are_alike(key):
    for wordings in WORDS.entries[key].sets.values():
        assert len({" ".join(wording).lower() for wording in wordings}) == len(wordings)


@pytest.mark.parametrize("young", [False, True])
@pytest.mark.parametrize("channel", ChannelName)
@each_key
def test_everything_can_be_said_on_every_channel_to_everybody(key, channel, young):
    for text in spoken(key, channel=channel, young=young):
        assert "{" not in text


def test_placeholders_that_nobody_uses_are_not_kept():
    used = {name for name in WORDS.longest for *_, text in EVERY_TEXT if f"{{{name}}}" in text}
    assert used == set(WORDS.longest)


@pytest.mark.parametrize(("channel", "young"), list(product([ChannelName.SMS], [False, True])))
def test_by_sms_the_rating_question_gives_each_number_and_the_two_that_are_no_opinion(channel, young):
    for text in spoken("rating_question", channel=channel, young=young):
        for part in ("5:", "4:", "3:", "2:", "1:", "not sure", "not about me"):
            assert part in text


@pytest.mark.parametrize("young", [False, True])
def test_button_titles_are_short_and_in_the_order_of_the_scale(young):
    titles = WORDS.rating_titles(young)
    assert list(titles) == list(Rating)
    assert all(1 <= len(title) <= 20 for title in titles.values())
    assert len(set(titles.values())) == len(Rating)


@pytest.mark.parametrize(
    ("key", "parts"),
    [
        ("confidential", ["safe", "tell"]),
        ("who_reads", ["safe", "tell"]),
        ("person_requested", ["30 September", "999"]),
        ("volunteer_requested", ["30 September", "volunteer"]),
        ("complaint_received", ["30 days", "Information Commissioner's Office", "0345 600 9527"]),
        ("delete_explained", ["DELETE", "GO", "safe", "undo"]),
        ("delete_confirmed", ["inspectors", "wipe", "safe", "999"]),
        ("stopped_dialogue", ["DELETE", "30 September 2026"]),
        ("finished", ["nspectors", "report", "DELETE", "30 September 2026", "PERSON"]),
        ("bot_challenge", ["computer", "PERSON"]),
        ("not_emergency", ["999", "computer"]),
        ("choose_intro", ["GO", "numbers"]),
        ("edit_question", ["GO", "NO", "new words"]),
        ("round_closed", ["999", "0345 600 9527"]),
        ("no_round", ["999", "0345 600 9527"]),
        ("safety_carry_on", ["team"]),
        ("safety_waiting", ["GO", "PERSON", "999"]),
        ("abusive", ["PAUSE", "PERSON"]),
        ("language", ["English", "PERSON"]),
        ("pause", ["GO"]),
        ("resumed_recap", ["12 of 12"]),
    ],
)
@pytest.mark.parametrize("young", [False, True])
def test_what_must_be_told_is_told_in_every_wording(key, parts, young):
    for text in spoken(key, young=young):
        for part in parts:
            assert part.lower() in text.lower(), (part, text)


@pytest.mark.parametrize("key", ["not_emergency", "person_requested", "finished", "safety_carry_on"])
def test_childline_is_named_to_those_under_eighteen(key):
    assert all("0800 1111" in text for text in spoken(key, young=True))
    assert all("0800 1111" not in text for text in spoken(key))


def test_a_recap_has_no_place_for_a_story():
    slots = {"{number}", "{total}", "{theme}"}
    for wording in WORDS.entries["resumed_recap"].sets["say"]:
        assert {part for part in " ".join(wording).replace(".", " ").replace(":", " ").split() if "{" in part} <= slots


def test_telegram_and_web_chat_speak_of_buttons_and_sms_does_not():
    for channel, said in ((ChannelName.SMS, False), (ChannelName.TELEGRAM, True), (ChannelName.WEB, True)):
        assert any("button" in text for text in spoken("rating_question", channel=channel)) is said
