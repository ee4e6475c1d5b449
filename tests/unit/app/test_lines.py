"""JSON Lines in, JSON Lines out: the same order, flushed each time, and a bad line named but never quoted."""

import io
import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.commands.lines import BadLine, answer_lines, encoded
from protection.screen import describe as describe_screen

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=2),
    max_leaves=3,
)


def echo(line: Mapping[str, Any]) -> Mapping[str, Any]:
    if "text" not in line:
        raise BadLine('it has no "text".')
    return {"text": line["text"]}


def answered(source: bytes) -> list[Any]:
    sink = io.BytesIO()
    answer_lines(io.BytesIO(source), sink, echo)
    return [json.loads(line) for line in sink.getvalue().splitlines()]


@given(st.lists(st.text(st.characters(exclude_categories=())), max_size=8))
def test_every_line_is_answered_in_order_whatever_it_says(texts: list[str]) -> None:
    source = "".join(json.dumps({"text": text}) + "\n" for text in texts).encode()
    assert answered(source) == [{"text": text} for text in texts]


@given(st.dictionaries(st.text(), json_values, max_size=4))
def test_an_answer_is_one_line(reply: dict[str, Any]) -> None:
    line = encoded(reply)
    assert line.count(b"\n") == 1
    assert json.loads(line) == reply


def test_an_answer_leaves_before_the_next_line_is_read() -> None:
    sink, seen = io.BytesIO(), list[int]()

    class Source(io.BytesIO):
        def __iter__(self) -> Iterator[bytes]:  # type: ignore[override]
            for _ in range(3):
                seen.append(len(sink.getvalue().splitlines()))
                yield b'{"text": "aye"}\n'

    answer_lines(Source(), sink, echo)
    assert seen == [0, 1, 2]


@pytest.mark.parametrize(
    "bad", [b"hunter2", b"", b"[]", b'"hunter2"', b"null", b"{}", b'{"hunter2": 1}', b"\xff\xfe", b"[" * 100_000]
)
def test_a_bad_line_is_named_by_its_number_and_the_ones_before_are_answered(bad: bytes) -> None:
    sink = io.BytesIO()
    with pytest.raises(BadLine, match=r"^line 3: ") as caught:
        answer_lines(io.BytesIO(b'{"text": "a"}\n{"text": "b"}\n' + bad + b"\n"), sink, echo)
    assert len(sink.getvalue().splitlines()) == 2
    assert "hunter2" not in str(caught.value)


def test_no_input_is_no_output() -> None:
    assert answered(b"") == []


def test_a_last_line_without_its_end_is_answered_too() -> None:
    assert answered(b'{"text": "a"}\n{"text": "b"}') == [{"text": "a"}, {"text": "b"}]


def test_the_screen_answers_in_the_agreed_shape() -> None:
    reply = describe_screen("the food is fine")
    assert set(reply) == {"tier", "score", "categories", "reason"}
    assert reply["tier"] in ("none", "look", "concern", "immediate")
