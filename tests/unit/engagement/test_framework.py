"""How framework files are loaded, checked and held to what they were when first used."""

import copy
from dataclasses import FrozenInstanceError, replace

import pytest
import yaml

from engagement.framework import FOLDER, FrameworkError, load_all, load_framework, pack
from records.errors import BletherError
from records.types import Audience, Rating


@pytest.fixture(scope="module")
def person() -> dict:
    return yaml.safe_load((FOLDER / "person-2026-1.yml").read_text(encoding="utf-8"))


@pytest.fixture
def written(tmp_path, person):
    """Writes the person's set with one change made to it, and gives back the folder."""

    def write(change, name="person-2026-1.yml"):
        raw = copy.deepcopy(person)
        change(raw)
        (tmp_path / name).write_text(yaml.safe_dump(raw), encoding="utf-8")
        return tmp_path

    return write


def test_every_audience_has_twelve_statements_in_order():
    everyone = load_all()
    assert set(everyone) == set(Audience)
    for framework in everyone.values():
        assert [one.number for one in framework.statements] == list(range(1, 13))


def test_the_scale_runs_from_strongly_agree_to_the_two_that_are_no_opinion():
    for framework in load_all().values():
        assert framework.scale == tuple(Rating)


def test_a_statement_is_found_by_its_number():
    assert load_framework(Audience.CARER).statement(10).key == "emergency"


@pytest.mark.parametrize("number", [0, -1, 13])
def test_a_number_outside_the_set_is_refused(number):
    with pytest.raises(FrameworkError, match="from 1 to 12"):
        load_framework(Audience.PERSON).statement(number)


def test_the_adult_themes_carry_the_indicators_of_the_framework():
    indicators = [one.quality_indicators for one in load_framework(Audience.PERSON).statements]
    assert indicators[0] == ("2.3", "5.4")
    assert indicators[5] == ("1.2", "2.2", "5.1")
    assert indicators[8] == ("2.1",)


def test_every_set_says_that_its_indicators_are_not_confirmed():
    for framework in load_all().values():
        assert "confirmed" in framework.indicators_from


def test_nothing_in_a_framework_can_be_changed_in_memory():
    with pytest.raises(FrozenInstanceError):
        load_framework(Audience.PERSON).statement(1).prompt = "other"


def test_the_digest_is_the_same_each_time_and_differs_between_audiences(written):
    again = load_framework(Audience.PERSON, folder=written(lambda raw: None))
    assert again.digest == load_framework(Audience.PERSON).digest
    assert len({framework.digest for framework in load_all().values()}) == 5


@pytest.mark.parametrize("name", ["prompt", "reworded", "story_prompt", "explanation", "theme", "source_text"])
def test_a_change_to_any_part_of_an_edition_in_use_is_found(name):
    before = load_framework(Audience.PERSON)
    changed = replace(before.statements[3], **{name: "something else"})
    after = replace(before, statements=(*before.statements[:3], changed, *before.statements[4:]))
    before.ensure_unchanged(before.digest)
    with pytest.raises(FrameworkError, match="new edition"):
        after.ensure_unchanged(before.digest)


def test_the_newest_edition_is_loaded_unless_another_is_named(written):
    written(lambda raw: None)
    written(lambda raw: raw.update(edition="2026-2"), "person-2026-2.yml")
    folder = written(lambda raw: raw.update(edition="2026-10"), "person-2026-10.yml")
    assert load_framework(Audience.PERSON, folder=folder).edition == "2026-10"
    assert load_framework(Audience.PERSON, "2026-1", folder).edition == "2026-1"


def first(**changes):
    return lambda raw: raw["statements"][0].update(changes)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda raw: raw.pop("label"), "missing label"),
        (lambda raw: raw.update(colour="blue"), "unknown colour"),
        (lambda raw: raw.update(audience="dogs"), "dogs"),
        (lambda raw: raw.update(audience="carer"), "not the ones in its name"),
        (lambda raw: raw.update(edition="2027-1"), "not the ones in its name"),
        (lambda raw: raw.update(scale=["lovely"]), "lovely"),
        (lambda raw: raw.update(title=" "), "title must be words"),
        (lambda raw: raw["statements"].pop(), "there must be 12 statements"),
        (lambda raw: raw["statements"].reverse(), "numbered 1 to 12 in order"),
        (lambda raw: raw["statements"].append("more"), "must be a mapping"),
        (first(statement="We get help."), "must start with 'I '"),
        (first(statement="I " + "get help " * 12), "longer than 100"),
        (first(theme="the theme that will not come to an end"), "theme is longer than 26"),
        (first(prompt="Think of letters."), "must hold {statement} exactly once"),
        (first(prompt="{statement}" + " on" * 50), "prompt is longer than one text"),
        (first(reworded="{statement}" + " on" * 50), "second wording is longer than one text"),
        (first(prompt="So: {statement}", reworded="So: {statement}"), "same as the first"),
        (first(story_prompt="How " + "is it " * 30), "story question is longer than one text"),
        (first(explanation="This is long. " * 30), "more than two texts"),
        (first(explanation="This is long and " * 12), "sentence of the explanation"),
        (first(quality_indicators=[]), "no quality indicator"),
        (first(verbatim_verified=True), "marked verified but has no source text"),
        (first(key="heard"), "two statements have the same key"),
        (first(theme="being heard"), "two statements have the same theme"),
        (lambda raw: raw["statements"][0].pop("theme"), "statement 1: missing theme"),
    ],
)
def test_a_file_that_cannot_be_right_is_refused_in_plain_words(written, change, says):
    with pytest.raises(FrameworkError) as refused:
        load_framework(Audience.PERSON, "2026-1", written(change))
    assert says in str(refused.value)


def test_a_missing_edition_is_named(tmp_path):
    with pytest.raises(FrameworkError, match="no edition 2031-1 of the statements for justice"):
        load_framework(Audience.JUSTICE, "2031-1", tmp_path)


def test_an_audience_without_any_file_is_refused(tmp_path):
    with pytest.raises(FrameworkError, match="no statements for parent"):
        load_framework(Audience.PARENT, folder=tmp_path)


@pytest.mark.parametrize(("content", "says"), [("a: [", "not valid YAML"), ("- a", "must be a mapping")])
def test_a_file_that_is_not_a_framework_at_all_is_refused(tmp_path, content, says):
    (tmp_path / "person-2026-1.yml").write_text(content, encoding="utf-8")
    with pytest.raises(FrameworkError, match=says):
        load_framework(Audience.PERSON, folder=tmp_path)


def test_framework_errors_grow_from_the_one_root():
    assert issubclass(FrameworkError, BletherError)


def test_a_scale_may_be_shorter(written):
    folder = written(lambda raw: raw.update(scale=["agree", "disagree", "dont_know"]))
    assert load_framework(Audience.PERSON, folder=folder).scale == (Rating.AGREE, Rating.DISAGREE, Rating.DONT_KNOW)


def test_packing_keeps_every_piece_whole_and_in_order():
    assert pack(["one", "two", "three"], ", ", 9) == ("one, two", "three")
    assert pack([], ", ", 9) == ()
