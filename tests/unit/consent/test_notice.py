"""How notices are read, checked, chosen and filled."""

import shutil
from itertools import product

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from consent.notice import FOLDER, NoticeError, fill, load_notices, notice_for
from records.errors import BletherError
from records.types import AgeBand, Audience, ChannelName


@pytest.fixture
def folder(tmp_path):
    """A copy of the notices that a test may spoil."""
    return shutil.copytree(FOLDER, tmp_path / "notices")


def spoil(folder, name, change):
    path = folder / name
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    change(raw)
    path.write_text(yaml.safe_dump(raw), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("age", "key"),
    [
        (AgeBand.AGE_12_15, "12_15"),
        (AgeBand.AGE_16_17, "16_17"),
        (AgeBand.AGE_18_25, "adults"),
        (AgeBand.AGE_26_PLUS, "adults"),
    ],
)
def test_each_age_has_its_notice(age, key):
    notice = notice_for(age, Audience.PERSON, ChannelName.SMS)
    assert (notice.key, notice.version, notice.language) == (key, "2026-1", "en")
    assert notice.purposes == ("inspection", "report", "safety")


def test_the_digest_tells_apart_what_different_people_were_shown():
    ages = [AgeBand.AGE_12_15, AgeBand.AGE_16_17, AgeBand.AGE_26_PLUS]
    shown = [notice_for(*one) for one in product(ages, [Audience.PERSON, Audience.JUSTICE], ChannelName)]
    assert len({notice.digest for notice in shown}) == len(shown)
    assert notice_for(ages[0], Audience.PERSON, ChannelName.SMS).digest == shown[0].digest


def test_a_changed_word_changes_the_digest(folder):
    spoil(folder, "12_15-2026-1.yml", lambda raw: raw["messages"].reverse())
    person = (AgeBand.AGE_12_15, Audience.PERSON, ChannelName.SMS)
    assert load_notices(folder).notice(*person).digest != notice_for(*person).digest


def test_the_newest_version_is_shown_and_the_old_one_stays_on_file(folder):
    shutil.copy(folder / "adults-2026-1.yml", folder / "adults-2026-10.yml")
    spoil(folder, "adults-2026-10.yml", lambda raw: raw.update(version="2026-10"))
    shutil.copy(folder / "adults-2026-1.yml", folder / "adults-2026-2.yml")
    spoil(folder, "adults-2026-2.yml", lambda raw: raw.update(version="2026-2"))
    newest = load_notices(folder).notice(AgeBand.AGE_26_PLUS, Audience.PERSON, ChannelName.SMS)
    assert newest.version == "2026-10"


def first(**line):
    return lambda raw: raw["messages"].__setitem__(0, line)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda raw: raw.pop("more"), "missing more"),
        (lambda raw: raw.update(version="2026-2"), "not the ones in its name"),
        (lambda raw: raw.update(ages=["old"]), "old"),
        (lambda raw: raw.update(ages=["26_plus", "16_17"]), "two notices of version 2026-1"),
        (lambda raw: raw["messages"].append("One too many."), "at most 4 messages"),
        (lambda raw: raw["messages"].clear(), "at most 4 messages"),
        (lambda raw: raw["answers"][1].update(say=False), "put quotes round"),
        (lambda raw: raw["question"].update(text=None), "words for every channel"),
        (first(words="Hello"), "a line is words"),
        (first(text="a", colours={"red": "b"}), "a line is words"),
        (first(text="a", channels={"sms": "b"}, ages={"16_17": "c"}), "not for both"),
        (first(text="a", channels={"fax": "b"}), "unknown fax"),
        (first(text="a", ages={1825: "b"}), "unknown 1825"),
        (first(text="a", channels={"sms": None}), "must be words"),
        (first(text=12), "must be words"),
    ],
)
def test_a_notice_that_cannot_be_right_is_refused_in_plain_words(folder, change, says):
    with pytest.raises(NoticeError) as refused:
        load_notices(spoil(folder, "adults-2026-1.yml", change))
    assert says in str(refused.value)


def test_a_version_that_is_not_a_year_and_a_number_is_refused(folder):
    (folder / "adults-2026-1.yml").rename(folder / "adults-new.yml")
    with pytest.raises(NoticeError, match="not a year and a number"):
        load_notices(spoil(folder, "adults-new.yml", lambda raw: raw.update(version="new")))


@pytest.mark.parametrize("name", ["entry.yml", "placeholders.yml"])
def test_a_missing_file_is_named(folder, name):
    (folder / name).unlink()
    with pytest.raises(NoticeError, match=name):
        load_notices(folder)


@pytest.mark.parametrize(("content", "says"), [("a: [", "not valid YAML"), ("- a", "must be a mapping")])
def test_a_file_that_cannot_be_read_is_named(folder, content, says):
    (folder / "entry.yml").write_text(content, encoding="utf-8")
    with pytest.raises(NoticeError, match=f"entry.yml.*{says}"):
        load_notices(folder)


def test_an_unknown_text_or_question_is_refused():
    with pytest.raises(NoticeError, match="no text called hullo"):
        load_notices().text("hullo", ChannelName.SMS)
    with pytest.raises(NoticeError, match="no question called height"):
        load_notices().question("height", ChannelName.SMS)


def test_filling_puts_every_value_in_and_allows_values_that_are_not_asked_for():
    assert (
        fill("Text by {delete_until} in {area}.", area="Fife", delete_until="1 May", other=1)
        == "Text by 1 May in Fife."
    )


def test_filling_names_what_is_missing_and_never_shows_an_open_place():
    with pytest.raises(NoticeError, match="without area, contact"):
        fill("{contact} {area} {bodies}", bodies="us")


@given(st.text())
def test_a_value_is_put_in_as_it_is_whatever_it_holds(value):
    assert fill("<{area}>", area=value) == f"<{value}>"


def test_notice_errors_grow_from_the_one_root():
    assert issubclass(NoticeError, BletherError)
