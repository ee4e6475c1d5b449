"""The sentence encoder, all-MiniLM-L6-v2, as a plain numpy forward pass: one pass serves every head that reads it.

Must never write a text anywhere, and never cut one: a long text is read in windows.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Self, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.special import erf
from tokenizers import Encoding, Tokenizer

from language.weights import TOKENIZER_SHA256, WEIGHTS_SHA256, Matrix, check, model_file, open_tensors

DIMENSIONS = 384
LAYERS = 6
HEADS = 12
KEPT_LAYERS = (0, 2, 4, 6)
WINDOW = 256  # tokens the model was trained to read at once, [CLS] and [SEP] included
_EPSILON = 1e-12
_Array = TypeVar("_Array", bound=NDArray[Any])
_REMEMBERED = 16
_AT_ONCE = 32  # texts of one batch: large enough for BLAS, small enough for the cache


@dataclass(frozen=True, slots=True, repr=False)
class Encoded:
    """What the encoder makes of one text of T tokens. Arrays are read-only, because they are shared.

    sentence: float32 [384], unit length. layers: for each of 0, 2, 4, 6 the token states, float32 [T, 384].
    ids: int64 [T]. offsets: int64 [T, 2], characters in the text; (0, 0) for [CLS] and [SEP], of which every window has
    its own pair.
    """

    sentence: Matrix
    layers: Mapping[int, Matrix]
    ids: NDArray[np.int64]
    offsets: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Window:
    ids: NDArray[np.int64]
    offsets: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Layer:
    """The weights of one transformer layer, as (matrix, bias) pairs laid out for `x @ matrix + bias`."""

    query_key_value: tuple[Matrix, Matrix]
    attended: tuple[Matrix, Matrix]
    norm_attended: tuple[Matrix, Matrix]
    wide: tuple[Matrix, Matrix]
    narrow: tuple[Matrix, Matrix]
    norm_out: tuple[Matrix, Matrix]


class Encoder:
    """Turns a text into a sentence vector and token states. Safe to share between threads."""

    def __init__(self, tensors: Mapping[str, Matrix], tokenizer: Tokenizer) -> None:
        self._words = tensors["embeddings.word_embeddings.weight"]
        self._places = (
            tensors["embeddings.position_embeddings.weight"] + tensors["embeddings.token_type_embeddings.weight"][0]
        )
        self._norm = (tensors["embeddings.LayerNorm.weight"], tensors["embeddings.LayerNorm.bias"])
        self._layers = [_layer(tensors, f"encoder.layer.{number}") for number in range(LAYERS)]
        self._tokenizer = tokenizer
        self._encode = lru_cache(maxsize=_REMEMBERED)(self._encode_once)

    @classmethod
    def load(cls) -> Self:
        """The encoder with the installed weights, memory-mapped.

        Raises: EncoderUnavailable when the files are missing or are not the expected ones.
        """
        tensors = open_tensors(check(model_file("model.safetensors"), WEIGHTS_SHA256))
        tokenizer = Tokenizer.from_file(str(check(model_file("tokenizer.json"), TOKENIZER_SHA256)))
        tokenizer.no_truncation()
        tokenizer.no_padding()
        tokenizer.encode_special_tokens = True  # "[SEP]" typed by somebody is text, not a command to the model
        return cls(tensors, tokenizer)

    def encode(self, text: str) -> Encoded:
        """One pass over the text; the last few texts are remembered, so that every head shares the pass."""
        return self._encode(text)

    def sentences(self, texts: Sequence[str]) -> Matrix:
        """The sentence vectors of many texts, float32 [len(texts), 384], several at a time."""
        vectors = [np.zeros((0, DIMENSIONS), np.float32)]
        for start in range(0, len(texts), _AT_ONCE):
            tokenised = [self._tokenise(text) for text in texts[start : start + _AT_ONCE]]
            states = self._read([window.ids for windows in tokenised for window in windows])[LAYERS]
            ends = np.cumsum([sum(len(window.ids) for window in windows) for windows in tokenised])
            vectors += [_unit(part.mean(axis=0))[np.newaxis] for part in np.split(states, ends[:-1])]
        return np.concatenate(vectors)

    def _encode_once(self, text: str) -> Encoded:
        windows = self._tokenise(text)
        kept = self._read([window.ids for window in windows])
        return Encoded(
            # the mean over all tokens is the mean of the windows weighted by their tokens
            sentence=_frozen(_unit(kept[LAYERS].mean(axis=0))),
            layers={number: _frozen(states) for number, states in kept.items()},
            ids=_frozen(np.concatenate([window.ids for window in windows])),
            offsets=_frozen(np.concatenate([window.offsets for window in windows])),
        )

    def _tokenise(self, text: str) -> list[_Window]:
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        first, last = self._tokenizer.token_to_id("[CLS]"), self._tokenizer.token_to_id("[SEP]")
        return [
            _Window(
                ids=np.array([first, *encoding.ids[start:end], last], dtype=np.int64),
                offsets=np.array([(0, 0), *encoding.offsets[start:end], (0, 0)], dtype=np.int64),
            )
            for start, end in _windows(encoding)
        ]

    def _read(self, windows: Sequence[NDArray[np.int64]]) -> dict[int, Matrix]:
        """The kept layers of several windows, stacked. Attention takes one at a time, so none is padded."""
        ends = [int(end) for end in np.cumsum([len(ids) for ids in windows])[:-1]]
        places = np.concatenate([self._places[: len(ids)] for ids in windows])
        states = _normalise(self._words[np.concatenate(windows)] + places, self._norm)
        kept = {0: states}
        for number, layer in enumerate(self._layers, start=1):
            states = _transform(states, layer, ends)
            kept |= {number: states} if number in KEPT_LAYERS else {}
        return kept


def _windows(encoding: Encoding) -> Iterator[tuple[int, int]]:
    """Token ranges of at most a window's length, ending between words where there is a space to end at."""
    start, total, room = 0, len(encoding.ids), WINDOW - 2
    while total - start > room:
        end = next((i for i in range(start + room, start + room // 2, -1) if _gap(encoding, i)), start + room)
        yield start, end
        start = end
    yield start, total


def _gap(encoding: Encoding, index: int) -> bool:
    before, after = encoding.offsets[index - 1][1], encoding.offsets[index][0]
    return bool(before < after)


def _layer(tensors: Mapping[str, Matrix], prefix: str) -> _Layer:
    def linear(name: str) -> tuple[Matrix, Matrix]:
        return tensors[f"{prefix}.{name}.weight"].T, tensors[f"{prefix}.{name}.bias"]

    def norm(name: str) -> tuple[Matrix, Matrix]:
        return tensors[f"{prefix}.{name}.weight"], tensors[f"{prefix}.{name}.bias"]

    parts = [linear(f"attention.self.{name}") for name in ("query", "key", "value")]
    return _Layer(
        query_key_value=(np.hstack([part[0] for part in parts]), np.concatenate([part[1] for part in parts])),
        attended=linear("attention.output.dense"),
        norm_attended=norm("attention.output.LayerNorm"),
        wide=linear("intermediate.dense"),
        narrow=linear("output.dense"),
        norm_out=norm("output.LayerNorm"),
    )


def _transform(states: Matrix, layer: _Layer, ends: list[int]) -> Matrix:
    windows = np.split(_linear(states, layer.query_key_value), ends)
    mixed = _linear(np.concatenate([_attend(window) for window in windows]), layer.attended)
    states = _normalise(states + mixed, layer.norm_attended)
    return _normalise(states + _linear(_gelu(_linear(states, layer.wide)), layer.narrow), layer.norm_out)


def _attend(query_key_value: Matrix) -> Matrix:
    tokens, size = len(query_key_value), DIMENSIONS // HEADS
    query, key, value = query_key_value.reshape(tokens, 3, HEADS, size).transpose(1, 2, 0, 3)
    scores = query @ key.transpose(0, 2, 1) / np.float32(np.sqrt(size))
    scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = scores / scores.sum(axis=-1, keepdims=True)
    attended: Matrix = (weights @ value).transpose(1, 0, 2).reshape(tokens, DIMENSIONS)
    return attended


def _linear(states: Matrix, weights: tuple[Matrix, Matrix]) -> Matrix:
    return states @ weights[0] + weights[1]


def _gelu(states: Matrix) -> Matrix:
    result: Matrix = states * (0.5 * (1.0 + erf(states / np.float32(np.sqrt(2.0)))))
    return result


def _normalise(states: Matrix, weights: tuple[Matrix, Matrix]) -> Matrix:
    centred = states - states.mean(axis=-1, keepdims=True)
    variance = np.square(centred).mean(axis=-1, keepdims=True)
    normal: Matrix = centred / np.sqrt(variance + np.float32(_EPSILON)) * weights[0] + weights[1]
    return normal


def _unit(vector: Matrix) -> Matrix:
    return vector / np.float32(max(float(np.linalg.norm(vector)), _EPSILON))


def _frozen(array: _Array) -> _Array:
    array.setflags(write=False)
    return array
