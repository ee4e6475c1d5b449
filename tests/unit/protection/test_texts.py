"""Every text that answers a worry: its length, its letters, its reading age, and what it must and must never say."""

import re
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import pytest
import yaml

from protection import texts
from protection.helplines import all_helplines
from protection.screen import default_screen
from records.types import AgeBand, Category, ChannelName, Kind, Outbound, Tier, Verdict

DAY, EVENING = datetime(2026, 4, 15, 10, 0, tzinfo=UTC), datetime(2026, 4, 17, 19, 0, tzinfo=UTC)
HARDEST = 6.5
FOLDER = Path(texts.__file__).parent / "texts"
BANDS = (None, *AgeBand)
CATEGORIES = [category for category in Category if category is not Category.UNSCREENED]
# What is called by its name is not part of the reading age: helplines, and the job of whoever reads an alert.
NAMES = [*sorted((line.shown_as for line in all_helplines()), key=len, reverse=True), "safeguarding"]
screen = default_screen()


def reply(
    verdict: Verdict,
    age_band: AgeBand | None = None,
    now: datetime = DAY,
    *,
    times: int = 0,
    safe_contact: bool | None = None,
    can_go_on: bool = True,
) -> list[str]:
    sent = texts.safety_reply(
        verdict,
        age_band=age_band,
        channel=ChannelName.SMS,
        now=now,
        times=times,
        safe_contact=safe_contact,
        can_go_on=can_go_on,
    )
    return [outbound.text for outbound in sent]


def after_safe(verdict: Verdict, age_band: AgeBand | None = None, now: datetime = DAY) -> list[str]:
    return [outbound.text for outbound in texts.after_safe(verdict, age_band=age_band, now=now)]


def alert(category: Category, tier: Tier = Tier.CONCERN, reason: str = "a rule") -> Verdict:
    return Verdict(tier, 0.6, (category,), reason)


def every_text() -> set[str]:
    said = {
        text
        for category, band, now, times, tier, safe in product(
            CATEGORIES, BANDS, (DAY, EVENING), range(3), (Tier.CONCERN, Tier.IMMEDIATE), (None, True, False)
        )
        for text in reply(alert(category, tier), band, now, times=times, safe_contact=safe)
    }
    said |= {
        text
        for mark, times, safe in product(("x.other-person", "x.non-recent"), (0, 1), (None, True))
        for text in reply(alert(Category.PHYSICAL, reason=mark), times=times, safe_contact=safe)
    }
    said |= {text for category in CATEGORIES for band in BANDS for text in after_safe(alert(category), band)}
    others: list[tuple[Outbound, ...]] = [texts.unscreened_reply(), texts.parked_reply()]
    others += [texts.unreadable_reply(kind) for kind in Kind]
    others += [texts.look_thanks(variant) for variant in range(5)]
    others += [texts.help_reply(age_band=band, now=DAY, times=times) for band in BANDS for times in (0, 1)]
    others += [texts.help_reply(age_band=band, now=EVENING) for band in BANDS]
    others += [texts.not_safe(), texts.after_safe(alert(Category.NEGLECT), age_band=None, now=DAY, can_go_on=False)]
    said |= {text for times in (0, 1) for text in reply(alert(Category.NEGLECT), times=times, can_go_on=False)}
    return said | {outbound.text for sent in others for outbound in sent}


EVERY_TEXT = sorted(every_text())
each_text = pytest.mark.parametrize("text", EVERY_TEXT)


def _file_texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    parts = value.values() if isinstance(value, dict) else value
    return [text for part in parts for text in _file_texts(part)]  # type: ignore[attr-defined]


@each_text
def test_a_text_fits_one_sms_and_says_nothing_it_must_not(text, wording_faults):
    faults = wording_faults(text, may_say=frozenset())

    assert [fault for fault in faults if fault not in ("shouts SAFE", "shouts NOT", "shouts NHS")] == []


@each_text
def test_a_text_can_be_read_at_nine_to_eleven(text, reading_grade):
    for name in NAMES:
        text = text.replace(name, "Name")

    assert reading_grade(text) <= HARDEST


@pytest.mark.parametrize(
    "banned",
    ["secret", "promise", "confidential", "why", "are you sure", "nobody will know", "anonymous", "it will be ok"],
)
def test_no_text_says_what_is_forbidden(banned):
    assert not [text for text in EVERY_TEXT if re.search(rf"\b{banned}", text, re.I)]


def test_every_text_of_the_files_can_be_met():
    met = "\n".join(EVERY_TEXT)
    for file in FOLDER.glob("*.yml"):
        for text in _file_texts(yaml.safe_load(file.read_text(encoding="utf-8"))):
            assert text.split("{")[0] in met, text


def test_each_answer_to_a_worry_has_two_wordings():
    raw = yaml.safe_load((FOLDER / "safety.yml").read_text(encoding="utf-8"))
    for wordings in (
        raw["next_at_the_end"],
        raw["first"],
        raw["urgent"],
        raw["next"],
        raw["call"],
        raw["number"],
        *raw["about"].values(),
    ):
        assert len(set(wordings)) == len(wordings) >= 2


@pytest.mark.parametrize("category", CATEGORIES)
@pytest.mark.parametrize("times", [0, 1])
def test_the_first_text_names_nothing_and_asks_whether_it_is_safe_to_write(category, times):
    first = reply(alert(category), times=times)[0]

    assert re.search(r"Is (this|it still) (a safe way|safe) to (contact you|write to you here)\?", first)
    assert "Reply SAFE or NOT SAFE" in first
    assert "999" in first
    assert not re.search(r"abuse|hurt|die|sex|hit|child|husband|money|staff|sorry", first, re.I)


@pytest.mark.parametrize("category", CATEGORIES)
def test_the_last_text_says_who_is_told_and_asks_nothing_more(category):
    last = reply(alert(category))[-1]

    assert "safeguarding person in the inspection team" in last
    assert "No more questions" in last
    assert "GO" in last
    assert "?" not in last


@pytest.mark.parametrize(("category", "band"), product(CATEGORIES, BANDS))
def test_two_worries_in_a_row_do_not_read_the_same(category, band):
    once, again = reply(alert(category), band), reply(alert(category), band, times=1)

    assert not set(once) & set(again)


@pytest.mark.parametrize(
    "category",
    [
        Category.PHYSICAL,
        Category.SEXUAL,
        Category.DOMESTIC_ABUSE,
        Category.EXPLOITATION,
        Category.CHILD,
        Category.NEGLECT,
    ],
)
def test_somebody_who_was_harmed_hears_that_it_is_not_their_fault(category):
    assert "not your fault" in " ".join(reply(alert(category)) + after_safe(alert(category)))


def test_go_is_not_offered_where_there_is_nothing_to_carry_on_with():
    said = reply(alert(Category.NEGLECT), can_go_on=False)
    said += [outbound.text for outbound in texts.help_reply(age_band=None, now=DAY, can_go_on=False)]

    assert not re.search(r"\bGO\b", " ".join(said))
    assert "PERSON" in " ".join(said)


GUARDED = [Category.SEXUAL, Category.DOMESTIC_ABUSE, Category.EXPLOITATION, Category.FINANCIAL, Category.PHYSICAL]


@pytest.mark.parametrize("category", GUARDED)
@pytest.mark.parametrize("times", [0, 1])
def test_what_a_shared_phone_would_give_away_waits_until_they_say_it_is_safe(category, times):
    before = " ".join(reply(alert(category), AgeBand.AGE_26_PLUS, times=times))
    after = " ".join(after_safe(alert(category), AgeBand.AGE_26_PLUS))

    assert not re.search(r"fault|sorry|08\d\d|money|home|blame", before)
    assert "fault" in after


@pytest.mark.parametrize("category", GUARDED)
def test_once_they_have_said_that_it_is_safe_it_is_not_asked_again(category):
    said = " ".join(reply(alert(category), times=1, safe_contact=True))

    assert "SAFE" not in said
    assert re.search("fault|blame", said)


@pytest.mark.parametrize("category", CATEGORIES)
def test_to_a_phone_that_is_not_safe_nothing_is_written_but_that_it_has_come(category):
    (said,) = reply(alert(category, Tier.IMMEDIATE), times=1, safe_contact=False)

    assert not re.search(r"\d|SAFE|danger|fault|call|person", said)


@pytest.mark.parametrize("category", [*GUARDED, Category.CHILD])
def test_a_young_person_hears_of_childline_at_once_and_of_no_adult_line(category):
    said = " ".join(reply(alert(category), AgeBand.AGE_12_15))

    assert "Childline 0800 1111" in said
    assert "08088" not in said
    assert "027 1234" not in said


@pytest.mark.parametrize("category", [Category.SELF_NEGLECT, Category.SUICIDE, Category.DANGER])
def test_fault_is_not_spoken_of_where_nobody_did_anything(category):
    assert "fault" not in " ".join(reply(alert(category)))


def test_a_report_about_somebody_else_has_words_of_its_own():
    said = reply(screen("I think my sister is being hit by her husband"))

    assert "looking out for someone" in said[1]
    assert "fault" not in " ".join(said)


def test_what_happened_long_ago_still_matters():
    assert "not your fault then" in " ".join(after_safe(screen("when I was wee my uncle touched me")))


def test_a_wish_to_die_is_answered_with_people_who_listen():
    adult = " ".join(reply(alert(Category.SUICIDE), AgeBand.AGE_26_PLUS, EVENING))
    child = " ".join(reply(alert(Category.SUICIDE), AgeBand.AGE_12_15, EVENING))

    assert "Samaritans 116 123" in adult
    assert "Breathing Space 0800 83 85 87" in adult
    assert "Childline" not in adult
    assert "Childline 0800 1111" in child
    assert "Breathing Space" not in child


def test_breathing_space_is_left_out_when_it_is_shut():
    assert "Breathing Space" not in " ".join(reply(alert(Category.SUICIDE), AgeBand.AGE_26_PLUS, DAY))


def test_a_number_for_abuse_at_home_does_not_name_it():
    said = " ".join(after_safe(alert(Category.DOMESTIC_ABUSE), AgeBand.AGE_26_PLUS))

    assert "0800 027 1234" in said
    assert not re.search(r"domestic|marriage|abuse", said, re.I)


def test_a_complaint_about_staff_names_the_care_inspectorate():
    assert "Care Inspectorate 0345 600 9527" in " ".join(reply(alert(Category.INSTITUTIONAL), AgeBand.AGE_26_PLUS))
    assert "07870 981 785" in " ".join(reply(alert(Category.INSTITUTIONAL), AgeBand.AGE_12_15))


def test_what_may_be_happening_now_is_told_that_a_computer_sends_nobody():
    now, not_now = reply(alert(Category.PHYSICAL, Tier.IMMEDIATE)), reply(alert(Category.PHYSICAL))

    assert len(now) == len(not_now) + 1
    assert "can't send help" in now[1]
    assert "press 55" in now[1]


def test_a_message_nobody_has_screened_is_answered_without_a_word_about_it():
    verdict = Verdict(Tier.CONCERN, 1.0, (Category.UNSCREENED,), "unscreened: failed")

    assert reply(verdict) == [outbound.text for outbound in texts.unscreened_reply()]


def test_a_cry_for_help_shows_people_first_and_the_questions_last():
    said = [outbound.text for outbound in texts.help_reply(age_band=None, now=DAY)]

    assert "999" in said[0]
    assert "PERSON" in said[0]
    assert "Samaritans" in said[1]
    assert "Childline" in said[1]
    assert "GO" in said[-1]


def test_nobody_is_left_to_think_that_a_picture_was_seen():
    said = " ".join(outbound.text for outbound in texts.unreadable_reply(Kind.MEDIA))

    assert "cannot be seen or heard here" in said
    assert "write" in said


def test_somebody_who_writes_another_language_is_offered_a_person():
    said = " ".join(outbound.text for outbound in texts.unreadable_reply(Kind.TEXT))

    assert "PERSON" in said
    assert "your language" in said


def test_thanks_after_a_look_name_person_and_vary():
    said = {texts.look_thanks(variant)[0].text for variant in range(3)}

    assert len(said) == 3
    assert all("PERSON" in text for text in said)


@pytest.mark.parametrize("channel", ChannelName)
def test_every_channel_gets_the_same_words(channel):
    verdict = alert(Category.PHYSICAL)
    sent = texts.safety_reply(verdict, age_band=None, channel=channel, now=DAY, times=0)

    assert [outbound.text for outbound in sent] == reply(verdict)
