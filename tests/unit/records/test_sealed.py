"""The sealed box and the keys: what opens, what never does, and what a key file must look like."""

import json
import os
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.errors import ConfigurationError, SealError
from records.sealed import KeyRing, SealedBox, load_keys

any_text = st.text(alphabet=st.characters(exclude_categories=()))  # lone surrogates included: phones send them
place = st.text(st.characters(categories=["L", "N"], include_characters="_:"), max_size=20)
ring = KeyRing.generate()
sealing = SealedBox(ring)


@given(any_text, place, place, place)
def test_what_was_sealed_opens_in_its_place(words: str, table: str, row: str, column: str) -> None:
    assert sealing.open(table, row, column, sealing.seal(table, row, column, words)) == words


@given(any_text, st.tuples(place, place, place), st.tuples(place, place, place))
def test_a_value_moved_to_another_place_does_not_open(
    words: str, here: tuple[str, str, str], there: tuple[str, str, str]
) -> None:
    sealed = sealing.seal(*here, words)
    if here != there:
        with pytest.raises(SealError):
            sealing.open(*there, sealed)


@given(any_text, st.data())
def test_a_value_with_any_bit_changed_does_not_open(words: str, data: st.DataObject) -> None:
    sealed = bytearray(sealing.seal("sealed_words", "1", "words", words))
    position = data.draw(st.integers(0, len(sealed) - 1))
    sealed[position] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(SealError):
        sealing.open("sealed_words", "1", "words", bytes(sealed))


@given(st.binary(max_size=40))
def test_anything_else_does_not_open(rubbish: bytes) -> None:
    with pytest.raises(SealError):
        sealing.open("sealed_words", "1", "words", rubbish)


def test_the_same_words_never_look_the_same_twice(box: SealedBox) -> None:
    assert len({box.seal("sealed_words", "1", "words", "aye") for _ in range(50)}) == 50


def test_another_installations_keys_open_nothing(box: SealedBox) -> None:
    sealed = box.seal("sealed_words", "1", "words", "aye")
    with pytest.raises(SealError, match="changed or moved"):
        SealedBox(KeyRing.generate()).open("sealed_words", "1", "words", sealed)


def test_after_rotation_old_and_new_open(keys: KeyRing) -> None:
    old, rotated = SealedBox(keys), SealedBox(keys.rotated())
    before = old.seal("sealed_words", "1", "words", "aye")
    after = rotated.seal("sealed_words", "1", "words", "naw")
    assert rotated.open("sealed_words", "1", "words", before) == "aye"
    assert rotated.open("sealed_words", "1", "words", after) == "naw"
    with pytest.raises(SealError, match="key 2 is missing"):
        old.open("sealed_words", "1", "words", after)


def test_rotation_leaves_every_lookup_as_it_was(keys: KeyRing) -> None:
    """Or people who said stop would be written to again."""
    assert SealedBox(keys).lookup("sms", "x") == SealedBox(keys.rotated()).lookup("sms", "x")


def test_a_lookup_depends_on_the_key_and_on_where_its_parts_end(keys: KeyRing) -> None:
    box = SealedBox(keys)
    marks = {
        box.lookup("sms", "ab"),
        box.lookup("smsa", "b"),
        box.lookup("smsab"),
        SealedBox(KeyRing.generate()).lookup("sms", "ab"),
    }
    assert len(marks) == 4
    assert all(len(mark) == 64 for mark in marks)


def test_keys_never_show_themselves(keys: KeyRing, box: SealedBox) -> None:
    shown = f"{keys!r} {keys} {box!r} {box}"
    assert not any(repr(key)[2:-1] in shown for key in (*keys.seals.values(), keys.lookup, keys.session))


def test_a_ring_survives_being_written_down(keys: KeyRing) -> None:
    rotated = keys.rotated()
    assert KeyRing.from_json(rotated.to_json()) == rotated


def broken(keys: KeyRing, **changes: object) -> str:
    return json.dumps({**json.loads(keys.to_json()), **changes})


def test_a_ring_that_cannot_be_right_is_refused_without_being_quoted(keys: KeyRing) -> None:
    whole = json.loads(keys.to_json())
    short = whole["lookup"][:-8]
    cases = [
        "",
        "not json",
        "[]",
        "{}",
        "null",
        broken(keys, lookup=short),
        broken(keys, lookup=None),
        broken(keys, seals={}),
        broken(keys, seals={"one": whole["lookup"]}),
        broken(keys, seals={"0": whole["lookup"]}, current=0),
        broken(keys, seals={"70000": whole["lookup"]}, current=70000),
        broken(keys, current=9),
    ]
    for case in cases:
        with pytest.raises(ConfigurationError) as caught:
            KeyRing.from_json(case)
        assert short not in str(caught.value)


def test_the_first_start_makes_a_key_file_that_only_its_owner_can_read(tmp_path: Path) -> None:
    file = tmp_path / "home" / "keys.json"
    made = load_keys(file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert load_keys(file) == made
    assert [path.name for path in file.parent.iterdir()] == ["keys.json"]


def test_given_keys_come_before_the_file_and_make_none(tmp_path: Path, keys: KeyRing) -> None:
    assert load_keys(tmp_path / "keys.json", keys.to_json()) == keys
    assert list(tmp_path.iterdir()) == []


def test_a_key_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    load_keys(file)
    file.chmod(0o640)
    with pytest.raises(ConfigurationError, match="chmod 600"):
        load_keys(file)


def test_a_broken_key_file_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    file.touch(0o600)
    file.write_text("{}")
    with pytest.raises(ConfigurationError, match="cannot be read"):
        load_keys(file)
    assert file.read_text() == "{}"


def test_a_folder_that_cannot_be_made_is_said_plainly(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ConfigurationError, match="BLETHER_HOME"):
        load_keys(tmp_path / "file" / "keys.json")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_keys_in_a_folder_that_cannot_be_written_are_still_read(tmp_path: Path) -> None:
    made = load_keys(tmp_path / "keys.json")
    tmp_path.chmod(0o500)
    assert load_keys(tmp_path / "keys.json") == made


def test_several_first_starts_at_once_agree_on_one_ring(tmp_path: Path) -> None:
    start, rings = threading.Barrier(8), list[KeyRing]()

    def one() -> None:
        start.wait()
        rings.append(load_keys(tmp_path / "keys.json"))

    threads = [threading.Thread(target=one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(rings) == 8
    assert all(each == rings[0] for each in rings)
