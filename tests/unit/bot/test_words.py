"""How the bot's words are read, checked, chosen and filled."""

import shutil

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.words import WordingError, Words
from bot.words.words import FOLDER
from records.errors import BletherError
from records.types import ChannelName

SMS, TELEGRAM = ChannelName.SMS, ChannelName.TELEGRAM
WORDS = Words.load()


@pytest.fixture
def folder(tmp_path):
    """A folder of words with nothing in it but buttons and placeholders; a test adds what it needs."""
    for name in ("buttons.yml", "placeholders.yml"):
        shutil.copy(FOLDER / name, tmp_path / name)
    return tmp_path


def load(folder, **keys):
    (folder / "some.yml").write_text(yaml.safe_dump(keys), encoding="utf-8")
    return Words.load(folder)


def test_a_wording_is_filled_in():
    recap = WORDS.line("resumed_recap", channel=SMS, number=4, total=12, theme="your plan")
    assert recap == "Hello again. You were on 4 of 12: your plan."


def test_values_that_are_not_asked_for_do_no_harm():
    assert WORDS.line("skipped", channel=SMS, total=12) == WORDS.line("skipped", channel=SMS)


def test_a_missing_value_is_named_and_no_open_place_is_shown():
    with pytest.raises(WordingError, match="'resumed_recap' cannot be said without theme, total"):
        WORDS.say("resumed_recap", channel=SMS, number=4)


@pytest.mark.parametrize("use", [lambda: WORDS.say("hullo", channel=SMS), lambda: WORDS.again("hullo", 1)])
def test_an_unknown_key_is_refused(use):
    with pytest.raises(WordingError, match="no words for 'hullo'"):
        use()


def test_a_thing_said_in_several_messages_keeps_their_order():
    texts = WORDS.say("finished", channel=SMS, **WORDS.longest)
    assert len(texts) == 3
    assert texts[0].startswith("That was the last one")


def test_a_single_line_is_refused_where_there_are_several():
    with pytest.raises(WordingError, match="said in 3 messages"):
        WORDS.line("finished", channel=SMS, **WORDS.longest)


@given(key=st.sampled_from(sorted(WORDS.keys)), times=st.integers(0, 50), channel=st.sampled_from(ChannelName))
def test_asking_again_never_uses_the_words_that_were_used_last(key, times, channel):
    last, now = (
        WORDS.say(key, channel=channel, variant=WORDS.again(key, count), **WORDS.longest)
        for count in (times, times + 1)
    )
    assert last != now


@given(st.text())
def test_a_value_is_put_in_as_it_is_whatever_it_holds(value):
    assert value in WORDS.line("resumed_recap", channel=SMS, number=1, total=12, theme=value)


def test_a_channel_has_its_own_wording_and_the_others_share_one(folder):
    words = load(folder, thing={"say": ["a", "b"], "telegram": ["c", "d"]})
    assert [words.line("thing", channel=channel) for channel in ChannelName] == ["a", "c", "a"]


def test_a_young_persons_wording_comes_before_a_channels(folder):
    words = load(folder, thing={"say": ["a", "b"], "telegram": ["c", "d"], "young": ["e", "f"]})
    assert words.line("thing", channel=TELEGRAM, young=True) == "e"
    assert words.line("thing", channel=TELEGRAM, variant=1) == "d"


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (["only one"], "at least two wordings"),
        (None, "at least two wordings"),
        ([["a", ""], "b"], "a message or a list of messages"),
        ([12, "b"], "a message or a list of messages"),
        ({"young": ["a", "b"]}, "under 'say'"),
        ({"say": ["a", "b"], "fax": ["c", "d"]}, "under 'say'"),
        ({"say": ["a", "b"], "sms": ["c"]}, "as many wordings"),
        (["{colour}", "b"], "'thing' asks for colour"),
    ],
)
def test_words_that_cannot_be_right_are_refused_in_plain_words(folder, raw, says):
    with pytest.raises(WordingError) as refused:
        load(folder, thing=raw)
    assert says in str(refused.value)


def test_one_key_may_stand_in_one_file_only(folder):
    (folder / "other.yml").write_text("thing: [a, b]", encoding="utf-8")
    with pytest.raises(WordingError, match="in another file already"):
        load(folder, thing=["c", "d"])


@pytest.mark.parametrize("name", ["buttons.yml", "placeholders.yml"])
def test_a_missing_file_is_named(folder, name):
    (folder / name).unlink()
    with pytest.raises(WordingError, match=name):
        Words.load(folder)


@pytest.mark.parametrize(("content", "says"), [("a: [", "not valid YAML"), ("- a", "must be a mapping")])
def test_a_file_that_cannot_be_read_is_named(folder, content, says):
    (folder / "some.yml").write_text(content, encoding="utf-8")
    with pytest.raises(WordingError, match=says):
        Words.load(folder)


def test_a_button_without_a_title_is_refused(folder):
    (folder / "buttons.yml").write_text("say: {agree: Agree}", encoding="utf-8")
    with pytest.raises(WordingError, match="a title for each of"):
        Words.load(folder)


def test_wording_errors_grow_from_the_one_root():
    assert issubclass(WordingError, BletherError)
