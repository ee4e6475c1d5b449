"""Statements and exports: counts with n, nothing small, nothing that names or times anybody."""

import csv
import io
import re

import pytest
from sqlalchemy import select

from engagement.export import safe_cell
from engagement.hearing import heard, sets_of
from engagement.suppression import IN_CONSOLE, IN_EXPORT
from records.tables import AuditEntry, Conversation, Participant, Response
from records.types import Audience, ChannelName, Rating, Role


@pytest.fixture
def ids(database, scene, clock):
    with database.write() as unit:
        return scene(unit, clock.now())


@pytest.fixture
def reader(signed_in_as):
    return signed_in_as(Role.INSPECTOR)


def rows_of(answer) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_the_twelve_statements_are_listed_with_the_label_of_the_set(reader, ids):
    text = reader.get(f"/statements?round={ids['round']}&audience=person").text
    assert text.count("about-number") == 12
    assert "framework themes, our words" in text
    assert "chose to tell us" in text
    assert ">34</span> people heard" in text
    assert text.count("fewer than 5 heard") == 10


def test_ratings_stand_beside_their_n_and_small_ones_are_hidden_also_by_difference(reader, ids):
    text = reader.get(f"/statements/1?round={ids['round']}&audience=person").text
    assert "Of <strong>34</strong> people heard" in text
    numbers = re.findall(r'<th scope="row">([^<]+)</th>.*?class="number">(.*?)</td>', text, re.S)
    shown = {name: value.strip() for name, value in numbers if value.strip().isdigit()}
    assert shown["Strongly agree"] == "7"
    assert shown["Agree"] == "13"
    for name in ("Disagree", "Strongly disagree", "Don't know", "Not about me"):
        assert name not in shown
    assert "%" not in re.sub(r'(width|height)="[^"]+"', "", text)
    assert "grade" not in text.lower()


def test_a_channel_that_cannot_stand_alone_shows_nothing(reader, ids):
    text = reader.get(f"/statements/2?round={ids['round']}&audience=person&channel=telegram").text
    assert "chose to tell us" in text
    table = heard_table(text)
    assert all(value == "" or int(value) >= IN_CONSOLE for value in table)


def heard_table(text: str) -> list[str]:
    cells = re.findall(r'class="number">(.*?)</td>', text, re.S)
    return [cell.strip() if cell.strip().isdigit() else "" for cell in cells]


@pytest.mark.parametrize("path", ["/statements/13", "/statements/0", "/statements/1"])
def test_a_statement_that_is_not_there_is_a_plain_404(reader, ids, path):
    assert reader.get(f"{path}?round={ids['round']}&audience=justice").status_code == 404
    assert reader.get(f"{path}?round=nothing&audience=person").status_code == 404
    assert reader.get(f"{path}?round={ids['round']}&audience=nobody").status_code == 404


def test_stories_show_what_still_stands_and_nothing_else(reader, database, seeds):
    with database.write() as unit:
        made = seeds(unit)
        round_ = made.round()
        for number in range(8):
            talk = made.person(round_, deleted=number == 7)
            story = f"Story number {number}."
            response = made.answers(talk, 3, Rating.AGREE, story, superseded=number == 6)
            if number == 0:
                made.says(talk, "And a second line.", statement=3, response=response)
            if number == 1:
                made.says(talk, "Hidden words.", statement=3, response=response, hidden_at=made.at)
            if number == 2:
                made.says(talk, "Withheld words.", statement=3, response=response, withheld_because="names")
            if number == 3:
                made.says(talk, "Changed words.", statement=3, response=response, superseded_at=made.at)
    text = reader.get(f"/statements/3?round={round_.id}&audience=person").text
    assert "And a second line." in text
    for number in range(6):
        assert f"Story number {number}." in text
    for gone in ("number 6", "number 7", "Hidden words", "Withheld words", "Changed words"):
        assert gone not in text


def test_stories_of_fewer_than_five_people_are_not_gathered_on_a_page(reader, database, seeds):
    with database.write() as unit:
        made = seeds(unit)
        round_ = made.round()
        for _ in range(4):
            made.answers(made.person(round_), 3, Rating.AGREE, "A story of few.")
    text = reader.get(f"/statements/3?round={round_.id}&audience=person").text
    assert "A story of few." not in text
    assert "from 5 people on" in text


def test_a_person_counts_once_and_with_their_last_answer(database, seeds):
    with database.write() as unit:
        made = seeds(unit)
        round_ = made.round()
        for _ in range(6):
            talk = made.person(round_)
            made.answers(talk, 1, Rating.DISAGREE, superseded=True)
            made.answers(talk, 1, Rating.AGREE)
    with database.read() as session:
        found = heard(session, sets_of(session, round_.id)[Audience.PERSON], 2)[0]
    assert found.counts.total == 6


def test_declining_both_rating_and_story_is_not_being_heard(database, seeds):
    with database.write() as unit:
        made = seeds(unit)
        round_ = made.round()
        for number in range(12):
            response = made.answers(made.person(round_), 1, None if number < 6 else Rating.AGREE)
            response.story_declined = True
    with database.read() as session:
        found = heard(session, sets_of(session, round_.id)[Audience.PERSON])[0]
    assert found.counts.total == 6


def test_the_export_of_counts_shows_nothing_below_ten_and_nothing_by_difference(reader, ids):
    answer = reader.post("/export/counts", round=ids["round"])
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="blether-glen-counts.csv"'
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = rows_of(answer)
    assert len(rows) == 24
    first = next(row for row in rows if row["number"] == "1" and row["audience"] == "People using services")
    assert (first["people"], first["agree"]) == ("34", "13")
    hidden = [first[rating.value] for rating in Rating if rating is not Rating.AGREE]
    assert set(hidden) == {"hidden"}
    for row in rows:
        for cell in (row["people"], *(row[rating.value] for rating in Rating)):
            assert cell == "hidden" or int(cell) >= IN_EXPORT
    assert {row["basis"] for row in rows} == {"Self-selected: what people chose to tell us"}


def test_the_record_holds_stories_only_where_ten_were_heard_and_no_ids_or_times(reader, ids, database):
    answer = reader.post("/export/record", round=ids["round"])
    rows = rows_of(answer)
    assert {row["number"] for row in rows} == {"1"}
    assert {row["audience"] for row in rows} == {"People using services"}
    assert {row["month"] for row in rows} == {"2026-04"}
    assert "I look after my dad" not in answer.text
    with database.read() as session:
        for table in (Conversation, Participant, Response):
            for one in session.scalars(select(table.id)):
                assert one not in answer.text
    assert not re.search(r"\d\d:\d\d", answer.text)


def test_a_detail_that_fewer_than_ten_share_is_left_out_for_everybody(reader, database, seeds):
    with database.write() as unit:
        made = seeds(unit)
        round_ = made.round()
        for number in range(24):
            channel = ChannelName.SMS if number < 20 else ChannelName.WEB
            made.answers(made.person(round_, channel=channel), 1, Rating.AGREE, f"Story {number}")
    rows = rows_of(reader.post("/export/record", round=round_.id))
    assert len(rows) == 24
    assert {(row["month"], row["channel"], row["with_supporter"]) for row in rows} == {
        ("2026-04", "not shown", "not shown")
    }


def test_every_export_is_written_down_with_the_name(reader, ids, database):
    reader.post("/export/counts", round=ids["round"])
    with database.read() as session:
        deed = session.scalars(select(AuditEntry).where(AuditEntry.action == "exported")).one()
    assert (deed.actor, deed.subject, deed.facts) == ("inspector", f"round:{ids['round']}", {"kind": "counts"})


def test_an_export_that_does_not_exist_is_refused(reader, ids):
    assert reader.post("/export/everything", round=ids["round"]).status_code == 404
    assert reader.post("/export/counts", round="nothing").status_code == 404


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r=", " =", "|", "%", "\n="])
def test_a_cell_never_starts_a_formula(start):
    assert safe_cell(f"{start}1+1").startswith("'")


def test_a_cell_keeps_words_as_they_are():
    assert safe_cell("It's fine, «name 1» helps.") == "It's fine, «name 1» helps."
    assert safe_cell("one\ntwo\x07") == "one / two"
