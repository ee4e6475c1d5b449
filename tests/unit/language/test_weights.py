from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from language.weights import EncoderUnavailable, check, model_file, open_tensors


def test_a_changed_file_is_refused_in_plain_words(tmp_path: Path) -> None:
    changed = tmp_path / "model.safetensors"
    changed.write_bytes(b"not the weights")
    with pytest.raises(EncoderUnavailable, match="not the file this system was tested with"):
        check(changed, "0" * 64)


def test_an_unchanged_file_is_accepted(tmp_path: Path) -> None:
    same = tmp_path / "empty"
    same.write_bytes(b"")
    assert check(same, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855") == same


def test_a_missing_file_says_which_and_what_to_do() -> None:
    with pytest.raises(EncoderUnavailable, match=r"no-such-file.bin is missing .* Install the package again"):
        model_file("no-such-file.bin")


def test_tensors_are_read_as_they_were_written(tmp_path: Path) -> None:
    matrix = np.arange(6, dtype=np.float32).reshape(2, 3)
    save_file({"a": matrix, "whole": np.array([1, 2])}, tmp_path / "small.safetensors")
    tensors = open_tensors(tmp_path / "small.safetensors")
    assert np.array_equal(tensors["a"], matrix)
    assert "whole" not in tensors
    assert not tensors["a"].flags.writeable
