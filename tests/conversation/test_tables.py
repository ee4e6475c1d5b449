"""Every table in tables/ is played from door to transcript. How to write one is in tables/README.md."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.script import Script, Starts, parse_script
from channels.sms.segments import is_gsm7
from records.types import ChannelName

TABLES = Path(__file__).parent / "tables"


def as_written(path: Path) -> Any:
    """A table with every value as it is written: "no" and "4" are what somebody texts."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - makes strings only


OPENINGS: dict[str, list[str]] = as_written(TABLES / "openings.yml")
OF_THE_CASE = {"name", "channel", "starts", "opening", "round", "turns", "finally", "broken"}
TYPED = {"user", "after", "picture", "group", "press", "edits", "repeats"}
OF_A_TURN = {
    *("state", "statement", "says", "says_any", "says_not", "silent", "asks", "replies"),
    *("rating", "story", "landed", "declined", "nothing_recorded", "alerts", "categories"),
}
OF_THE_END = {
    *("state", "age_band", "audience", "safe_contact", "ratings", "stories", "not_in_stories", "progress"),
    *("consent", "requests", "alerts", "erasures", "never_says", "never_kept", "transcript_has", "transcript_lines"),
}
NEVER_SAID = (
    *("are you sure", "nobody will know", "no one will know", "no-one will know", "we promise", "i promise"),
    *("anonymous", "our secret", "don't worry", "calm down", "/intent", "{", "}"),
)
GRAVE = ("concern", "immediate")
ASKS_A_STATEMENT = ("strongly agree", "how much do you agree", "is that true for you")


def tables() -> list[Path]:
    return [path for path in sorted(TABLES.glob("*.yml")) if path.name != "openings.yml"]


def cases() -> list[Any]:
    found = []
    for path in tables():
        for case in as_written(path):
            marks = [pytest.mark.xfail(strict=True, reason=case["broken"])] if "broken" in case else []
            found.append(pytest.param(case, id=f"{path.stem}: {case['name']}", marks=marks))
    return found


@pytest.mark.model
@pytest.mark.parametrize("case", cases())
def test_conversation(case: dict[str, Any], theatre: Any) -> None:
    script = parse_script(
        {
            "channel": case.get("channel", "sms"),
            "starts": case.get("starts", "walk-in"),
            "turns": [_typed(turn) for turn in case["turns"]],
        }
    )
    round_ = {name: value == "true" for name, value in case.get("round", {}).items()}
    before, answers = theatre.perform(script, OPENINGS[case.get("opening", "none")], round_)
    *played, final = answers
    for turn, answer in zip(case["turns"], played, strict=True):
        check_turn(turn if isinstance(turn, dict) else {}, answer)
    check_final(case.get("finally", {}), final, played)
    check_always([*before, *played], final, script.channel)


def test_every_table_is_written_in_words_that_the_test_knows() -> None:
    for path in tables():
        names = []
        for case in as_written(path):
            assert case.keys() <= OF_THE_CASE, f"{path.name}: {case['name']}"
            assert case.get("finally", {}).keys() <= OF_THE_END, f"{path.name}: {case['name']}"
            for turn in case["turns"]:
                assert isinstance(turn, str) or turn.keys() <= TYPED | OF_A_TURN, f"{path.name}: {case['name']}"
            names.append(case["name"])
        assert len(names) == len(set(names)), path.name


def test_a_script_in_the_tables_is_what_converse_reads() -> None:
    script = parse_script({"channel": "web", "starts": "invited", "turns": ["hello"]})
    assert script == Script(ChannelName.WEB, Starts.INVITED, script.turns)


def _typed(turn: str | dict[str, Any]) -> str | dict[str, Any]:
    """The turn without what is expected of it."""
    return turn if isinstance(turn, str) else {key: value for key, value in turn.items() if key in TYPED}


# one turn -------------------------------------------------------------------------------------------------------------


def check_turn(expected: dict[str, Any], answer: dict[str, Any]) -> None:
    told = f"\n{answer}"
    if "state" in expected:
        assert answer["state"] in as_list(expected["state"]), told
    if "statement" in expected:
        assert str(answer["statement"]) == expected["statement"].replace("none", "None"), told
    check_said(expected, answer["replies"], told)
    check_recorded(expected, answer["recorded"], told)
    if "alerts" in expected:
        assert tiers_are(answer["alerts"], as_list(expected["alerts"])), told
    for category in as_list(expected.get("categories")):
        assert any(category in alert["categories"] for alert in answer["alerts"]), told


def tiers_are(raised: list[dict[str, Any]], expected: list[str]) -> bool:
    """Are they these tiers, in this order? `alert` is either tier that stops the questions."""
    tiers = ["alert" if one["tier"] in GRAVE and "alert" in expected else one["tier"] for one in raised]
    return tiers == expected


def check_said(expected: dict[str, Any], replies: list[str], told: str) -> None:
    said = "\n".join(replies).lower()
    for words in as_list(expected.get("says")):
        assert words.lower() in said, told
    if "says_any" in expected:
        assert any(words.lower() in said for words in as_list(expected["says_any"])), told
    for words in as_list(expected.get("says_not")):
        assert words.lower() not in said, told
    if "silent" in expected:
        assert (replies == []) is (expected["silent"] == "true"), told
    if "replies" in expected:
        assert len(replies) == int(expected["replies"]), told
    if "asks" in expected:
        assert asks_a_statement(replies) is (expected["asks"] == "true"), told


def asks_a_statement(replies: list[str]) -> bool:
    """Does the last reply put a statement to them, with its rating?"""
    return bool(replies) and any(words in replies[-1].lower() for words in ASKS_A_STATEMENT)


def check_recorded(expected: dict[str, Any], recorded: dict[str, Any] | None, told: str) -> None:
    if expected.get("nothing_recorded") == "true":
        assert recorded is None, told
    if not expected.keys() & {"rating", "story", "landed", "declined"}:
        return
    assert recorded is not None, told
    if "rating" in expected:
        assert str(recorded["rating"]).replace("None", "none") == expected["rating"], told
    for words in as_list(expected.get("story")):
        assert any(words in story for story in recorded["stories"]), told
    if "landed" in expected:
        assert str(recorded["statement"]) == expected["landed"], told
    if "declined" in expected:
        assert bool(recorded.get("declined")) is (expected["declined"] == "true"), told


# the end --------------------------------------------------------------------------------------------------------------


def check_final(expected: dict[str, Any], final: dict[str, Any], played: list[dict[str, Any]]) -> None:
    for name in ("state", "age_band", "audience", "safe_contact"):
        if name in expected:
            assert str(final[name]).lower() == expected[name], final
    for number, rating in expected.get("ratings", {}).items():
        assert str(_answer(final, number)["rating"]).lower() == rating, final
    for number, wanted in expected.get("stories", {}).items():
        for words in as_list(wanted):
            assert words in " ".join(_answer(final, number)["stories"]), final
    for number, unwanted in expected.get("not_in_stories", {}).items():
        for words in as_list(unwanted):
            assert words not in " ".join(_answer(final, number)["stories"]), final
    for number, progress in expected.get("progress", {}).items():
        assert _answer(final, number).get("progress", "not_asked") == progress, final
    check_kept(expected, final)
    for words in as_list(expected.get("never_says")):
        assert all(words.lower() not in text.lower() for one in played for text in one["replies"]), final


def check_kept(expected: dict[str, Any], final: dict[str, Any]) -> None:
    if "consent" in expected:
        assert list(dict.fromkeys(event["kind"] for event in final["consent"])) == as_list(expected["consent"]), final
    if "requests" in expected:
        assert final["requests"] == as_list(expected["requests"]), final
    if "alerts" in expected:
        assert tiers_are(final["alerts"], as_list(expected["alerts"])), final
    if "erasures" in expected:
        assert ["done" if one["done"] else "waits" for one in final["erasures"]] == as_list(expected["erasures"]), final
    lines = [str(line["text"]) for line in final["transcript"]]
    for words in as_list(expected.get("transcript_has")):
        assert any(words in line for line in lines), final
    for words in as_list(expected.get("never_kept")):
        assert words.lower() not in "\n".join(lines).lower(), final
        assert words.lower() not in str(final["responses"]).lower(), final
    if "transcript_lines" in expected:
        assert len(final["transcript"]) == int(expected["transcript_lines"]), final


def _answer(final: dict[str, Any], number: str) -> dict[str, Any]:
    found = [one for one in final["responses"] if str(one["statement"]) == number]
    return found[0] if found else {"rating": None, "stories": []}


# what holds in every conversation -------------------------------------------------------------------------------------


def check_always(played: list[dict[str, Any]], final: dict[str, Any], channel: ChannelName) -> None:
    assert final["outbox"] == [], final
    never_twice_in_the_same_words(played)
    for one in played:
        never_asks_over_a_worry(one)
        for text in one["replies"]:
            never_says_what_is_never_said(text, channel)


def never_twice_in_the_same_words(played: list[dict[str, Any]]) -> None:
    """What the bot says last is never, word for word, what it said last just before."""
    last_words = [one["replies"][-1] for one in played if one["replies"]]
    for before, after in pairwise(last_words):
        assert before != after, before


def never_asks_over_a_worry(answer: dict[str, Any]) -> None:
    """While a worry stands, no statement is put to them; and the reply that raises it asks none."""
    grave = any(alert["tier"] in GRAVE for alert in answer["alerts"])
    if grave or answer["state"] == "safety":
        assert not any(asks_a_statement([text]) for text in answer["replies"]), answer


def never_says_what_is_never_said(text: str, channel: ChannelName) -> None:
    assert text.strip(), text
    for words in NEVER_SAID:
        assert words not in text.lower(), text
    if channel is ChannelName.SMS:
        assert is_gsm7(text), text
        assert len(text) <= 320, text


def as_list(value: Any) -> list[str]:
    if value is None or value == "":
        return []
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]
