"""Sixty messages full of invented names, numbers and illnesses go through the whole house. Then everything is searched.

Outside the two sealed tables, where there is only ciphertext, none of it may be found: in no table, no file, no log
record, no warning, no output, no tracker, no page and no export. What people tell us about their lives may stand in the
masked transcript once they have agreed, and nowhere else.
"""

import html
import io
import json
import logging
import re
import traceback
import unicodedata
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

import pytest
import yaml
from rich.console import Console
from sqlalchemy import select

from app import facts
from app.doctor import examine, show
from records.tables import Alert, Base, Look, Message, Participant, Round, SealedAddress, SealedWords, TranscriptTurn
from records.types import ChannelName, Kind, Role

CANARIES: dict[str, list[dict[str, Any]]] = yaml.safe_load(
    (Path(__file__).parent / "canaries.yml").read_text(encoding="utf-8")
)
CHANNELS = (ChannelName.SMS, ChannelName.TELEGRAM, ChannelName.WEB)
NAMED = {"first_name": "Wilhelmina", "last_name": "Skirlington\x00\ud83d", "username": "wilhelmina_sk_61"}
CODE = "Skirlington-07700900472"
NUMBERS = ("+447700900471", "+447700900473")
CHATS = (7_700_900_474, 7_700_900_475)
CITY = "Kirkmarvie"
TAKEN_BACK = "My tortoise Bellerophon sleeps, and Mrs Dunnottar-Achebe feeds him"
ALSO_HIDDEN = (
    *("Skirlington", "wilhelmina_sk_61", "07700900472", "7700900471", "7700900473", "7700900474", "7700900475"),
    *("Kirkmarvie", "Dunnottar", "Achebe"),
)
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f\xad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\ud800-\udfff]")
_OF_THE_TEST = ("httpx2", "httpcore2")  # the browser of these tests; nothing else here uses them
SHOWS_TRANSCRIPTS = ("transcript_turns.text",)


# --- finding ----------------------------------------------------------------------------------------------------------


def smoothed(text: str) -> str:
    """One spelling for all: no case, no invisible letters, single spaces, no separators between digits."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    plain = _UNSEEN.sub("", plain)
    return re.sub(r"(?<=\d)[\s().+/-]+(?=\d)", "", re.sub(r"\s+", " ", plain))


def ways_to_read(text: str) -> Iterator[str]:
    """A text as it is, and as a browser, an address line or a reader of JSON would see it."""
    yield text
    yield html.unescape(text)
    yield unquote_plus(text)
    yield re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)


def finds(needles: Iterable[str], haystack: str | bytes) -> set[str]:
    """The needles that are in the haystack."""
    if isinstance(haystack, bytes):  # a file or a sealed column: nothing there is written for a browser
        smooth = {smoothed(haystack.decode("utf-8", "replace"))}
    else:
        smooth = {smoothed(one) for one in set(ways_to_read(haystack))}
    return {needle for needle in needles if any(_core(needle) in one for one in smooth)}


def _core(needle: str) -> str:
    """A number is the same with its country in front."""
    core = smoothed(needle)
    return core.lstrip("0") if core.isdecimal() else core


def hidden_words() -> set[str]:
    """What may be nowhere at all."""
    return {*ALSO_HIDDEN, *(one for group in CANARIES.values() for each in group for one in each.get("hidden", ()))}


def words_without_agreement() -> set[str]:
    """What was told before they agreed, or after they left: nowhere at all, either."""
    return {
        one for name, group in CANARIES.items() if name != "stories" for each in group for one in each.get("facts", ())
    }


def words_of_stories() -> set[str]:
    return {one for each in CANARIES["stories"] for one in each.get("facts", ())}


@pytest.mark.parametrize(
    "leak",
    [
        "...quillfeather...",
        "Quill\u200bfeather",
        "QUILLFEATHER",
        "tel: 07700-900 461.",
        "to=%2B447700900461",
        "&#81;uillfeather",
        "\\u0051uillfeather",
        b"{'x': 'Quillfeather'}",
    ],
)
def test_the_search_finds_what_it_should(leak: str | bytes) -> None:
    assert finds(hidden_words(), leak)


# --- listening --------------------------------------------------------------------------------------------------------


class EveryRecord(logging.Handler):
    """Keeps every log record in full: its text, what it was made from, and any exception's own words."""

    def __init__(self) -> None:
        super().__init__(logging.NOTSET)
        self.told: dict[str, None] = {}  # each once: SQL repeats itself

    def emit(self, record: logging.LogRecord) -> None:
        if record.name.startswith(_OF_THE_TEST):
            return
        parts = [record.name, record.getMessage(), repr(record.args)]
        if record.exc_info:
            parts.append("".join(traceback.format_exception(*record.exc_info)))
        self.told["\n".join(parts)] = None


@pytest.fixture
def every_record() -> Iterator[EveryRecord]:
    """Everything is logged that anybody would log, SQL included, as if somebody had turned on debugging."""
    handler, root = EveryRecord(), logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    logging.getLogger("sqlalchemy").setLevel(logging.INFO)
    yield handler
    logging.getLogger("sqlalchemy").setLevel(logging.NOTSET)
    root.setLevel(before)
    root.removeHandler(handler)


@pytest.fixture
def every_warning() -> Iterator[list[warnings.WarningMessage]]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield caught


# --- the sixty messages -----------------------------------------------------------------------------------------------


class Writers:
    """Two people on each channel: one who walks the statements and stops, one who takes everything back."""

    def __init__(self, town: Any) -> None:
        self.town = town
        self.walkers = {
            ChannelName.SMS: town.sms(NUMBERS[0]),
            ChannelName.TELEGRAM: town.telegram(CHATS[0], **NAMED),
            ChannelName.WEB: town.web(),
        }
        self.leavers = {
            ChannelName.SMS: town.sms(NUMBERS[1]),
            ChannelName.TELEGRAM: town.telegram(CHATS[1], **NAMED),
            ChannelName.WEB: town.web(),
        }

    def write(self) -> None:
        self.arrive()
        self.tell("before", self.walkers)
        for phone in self.walkers.values():
            self.agree(phone)
        self.tell("stories", self.walkers)
        for phone in self.walkers.values():
            phone.ask("STOP")
        self.tell("after_stop", self.walkers)
        self.take_back()
        self.tell("after_delete", self.leavers)

    def arrive(self) -> None:
        """By links that say too much, and with what providers tell us unasked."""
        self.walkers[ChannelName.SMS].say("hello", FromCity=CITY, FromZip="EH99 3VZ")
        self.walkers[ChannelName.TELEGRAM].say(f"/start {CODE}")
        visitor = self.walkers[ChannelName.WEB]
        visitor.start(f"/chat/{CODE}")
        self.town.settle()

    def agree(self, phone: Any) -> None:
        """The first GO is for somebody whose words worried us: nothing is asked before it."""
        for words in ("GO", "E", "1", "GO"):
            phone.ask(words)

    def tell(self, group: str, phones: dict[ChannelName, Any]) -> None:
        for order, each in enumerate(CANARIES[group]):
            channel = CHANNELS[order % len(CHANNELS)]
            phone = phones[channel]
            if group == "stories":
                phone.ask("4")
            self.send(phone, channel, each["text"], order)
            self.town.settle()
            if each.get("worrying"):
                phone.ask("GO")

    def send(self, phone: Any, channel: ChannelName, words: str, order: int) -> None:
        """As plain words, as the caption of a picture, as an edit, as the label of a button."""
        way = order % 4
        if channel is ChannelName.TELEGRAM and way == 1:
            phone.edit(phone.say("I mean"), words)
        elif channel is ChannelName.TELEGRAM and way == 2:
            phone.press("rate:4", label=words)
            phone.press("Skirlington_1", label=words)  # data that no button of ours ever carried
        elif channel is not ChannelName.WEB and way == 3:
            phone.picture(words)
        else:
            phone.say(words)

    def take_back(self) -> None:
        for phone in self.leavers.values():
            phone.ask("hello")
            self.agree(phone)
            phone.ask("4")
            phone.ask(TAKEN_BACK)
            phone.ask("DELETE")

    @property
    def tokens(self) -> set[str]:
        return {phones[ChannelName.WEB].token for phones in (self.walkers, self.leavers)}


@pytest.mark.model
def test_sixty_messages_leave_nothing_raw_behind(
    every_record, every_warning, town, house_settings, capfd, tmp_path
) -> None:
    writers = Writers(town)
    writers.write()
    the_test_is_worth_something(town)
    pages = dict(what_the_staff_can_see(town))
    assert finds(words_of_stories(), "".join(text for where, text in pages.items() if "/transcripts/" in where))
    everything = {
        **dict(tables(town.house.database)),
        **{f"file {path.name}": path.read_bytes() for path in files(tmp_path)},
        **pages,
        "the log": "\n".join(every_record.told),
        "warnings": "\n".join(str(one.message) for one in every_warning),
        "doctor": doctors_words(house_settings, town.clock),
        "the web chat": "".join(phones[ChannelName.WEB].open() for phones in (writers.walkers, writers.leavers)),
    }
    out, error = capfd.readouterr()
    everything |= {"stdout": out, "stderr": error}
    needles = hidden_words() | words_without_agreement() | writers.tokens
    assert {where: found for where, text in everything.items() if (found := finds(needles, text))} == {}
    for name in ("stdout", "stderr", "the log", "warnings", "doctor", "the web chat"):
        assert finds(words_of_stories(), everything[name]) == set(), name
    outside = {
        where: found
        for where, text in tables(town.house.database)
        if where not in SHOWS_TRANSCRIPTS and (found := finds(words_of_stories(), text))
    }
    assert outside == {}


def the_test_is_worth_something(town: Any) -> None:
    """All of it did arrive: sealed, masked, alerted and taken back. Otherwise finding nothing would prove nothing."""
    box = town.house.database.box
    with town.house.database.read() as session:
        opened = [box.open("sealed_words", one.id, "words", one.words) for one in session.scalars(select(SealedWords))]
        sealed = "\n".join(opened)
        assert finds(words_of_stories() | words_without_agreement(), sealed) >= words_of_stories()
        assert finds({"Quillfeather", "07700900462", "Corbiesknowe", "Philomena"}, sealed)
        names = [one.display_name for one in session.scalars(select(SealedAddress)) if one.display_name]
        assert names
        told = "\n".join(one.text or "" for one in session.scalars(select(TranscriptTurn)))
        assert {"«name 1»", "«address»", "«phone number»"} <= set(re.findall(r"«[^»]+»", told)), told
        assert len(finds(words_of_stories(), told)) > len(words_of_stories()) * 2 / 3
        people = session.scalars(select(Participant)).all()
        assert sum(one.agreed_at is not None for one in people) >= 3
        assert sum(one.deleted_at is not None for one in people) == 3
        assert session.scalars(select(Alert)).all()
        assert session.scalars(select(Look)).all()
        kinds = set(session.scalars(select(Message.kind)))
        assert {Kind.TEXT, Kind.BUTTON, Kind.MEDIA, Kind.START} <= kinds
        assert session.scalars(select(Message.id).where(Message.replaces_id.is_not(None))).all()


def tables(database: Any) -> Iterator[tuple[str, str | bytes]]:
    """Every column of every table, as one text each."""
    with database.engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            rows = connection.execute(select(table)).all()
            for place, column in enumerate(table.columns):
                values = [row[place] for row in rows if row[place] is not None]
                if values and isinstance(values[0], bytes):
                    yield f"{table.name}.{column.name}", b"\n".join(values)
                else:
                    yield f"{table.name}.{column.name}", "\n".join(_as_text(value) for value in values)


def _as_text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)


def files(home: Path) -> list[Path]:
    """All that lies in the home folder: database, write-ahead log, whatever else."""
    return [path for path in home.rglob("*") if path.is_file()]


def what_the_staff_can_see(town: Any) -> Iterator[tuple[str, str]]:
    """Every page that can be reached without opening sealed words, and both exports."""
    for role in Role:
        desk = town.staff(role)
        waiting, seen = ["/"], set()
        while waiting:
            path = waiting.pop()
            if path in seen or "/static/" in path:
                continue
            seen.add(path)
            yield f"{role.value} {path}", desk.get(path).text
            waiting += [link for link in desk.links("/") if link not in seen]
        assert len(seen) > 3, seen
    desk = town.staff(Role.INSPECTOR)
    desk.get("/export")
    with town.house.database.read() as session:
        round_id = session.scalars(select(Round.id)).one()
    for kind in ("counts", "record"):
        answer = desk.post(f"/export/{kind}", round=round_id)
        assert answer.headers["content-type"].startswith("text/csv"), answer.text
        yield f"export {kind}", answer.text
    with town.house.database.read() as session:
        yield "final facts", json.dumps(facts.final(session), ensure_ascii=False)


def doctors_words(settings: Any, clock: Any) -> str:
    out = io.StringIO()
    show(examine(settings, clock), Console(file=out, width=200))
    return out.getvalue()


@pytest.mark.model
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_was_taken_back_is_in_no_file_any_more(town, tmp_path) -> None:
    """Not even in SQLite's write-ahead log, which keeps what a row was before."""
    phone = town.sms(NUMBERS[0])
    phone.ask("hello")
    for words in ("E", "1", "GO", "4", "My tortoise Bellerophon sleeps"):
        phone.ask(words)
    assert any(b"tortoise" in path.read_bytes() for path in files(tmp_path))
    phone.ask("DELETE")
    town.settle()
    assert [path.name for path in files(tmp_path) if b"tortoise" in path.read_bytes()] == []
