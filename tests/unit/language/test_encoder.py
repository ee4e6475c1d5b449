from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from language.encoder import DIMENSIONS, KEPT_LAYERS, WINDOW, Encoder

# Our own texts and the vectors this encoder gave for them on the day it agreed with the reference implementation
# (20 texts, all kept layers, largest difference 5e-6).
VECTORS = Path(__file__).parent / "encoder_vectors.npz"


def test_sentence_vectors_are_the_ones_that_agreed_with_the_reference(encoder: Encoder) -> None:
    known = np.load(VECTORS)
    for text, vector in zip(known["texts"], known["sentences"], strict=True):
        assert np.abs(encoder.encode(str(text)).sentence - vector).max() < 1e-5


@pytest.mark.parametrize("text", ["", "aye", "the nurse was kind but naebody phoned me back"])
def test_every_array_has_the_promised_shape(encoder: Encoder, text: str) -> None:
    encoded = encoder.encode(text)
    tokens = len(encoded.ids)
    assert encoded.sentence.shape == (DIMENSIONS,)
    assert encoded.offsets.shape == (tokens, 2)
    assert {n: layer.shape for n, layer in encoded.layers.items()} == dict.fromkeys(KEPT_LAYERS, (tokens, DIMENSIONS))
    assert encoded.sentence.dtype == np.float32


def test_nearby_meanings_are_nearer_than_distant_ones(encoder: Encoder) -> None:
    stop, also_stop, other = (
        encoder.encode(t).sentence
        for t in ("please stop texting me", "stop messaging me", "my carer makes lovely soup")
    )
    assert stop @ also_stop > 0.6 > 0.3 > stop @ other


def test_offsets_point_at_the_characters_of_each_token(encoder: Encoder) -> None:
    text = "Café wi Morag"
    words = {text[start:end] for start, end in encoder.encode(text).offsets if end > start}
    assert {"Café", "wi"} <= words
    assert "".join(text[start:end] for start, end in encoder.encode(text).offsets) == "CaféwiMorag"


def test_a_long_text_is_read_to_its_end_and_never_cut(encoder: Encoder) -> None:
    filler = "we waited and waited for somebody to phone us back about the ramp " * 40
    with_end = encoder.encode(filler + "then he hit me")
    assert len(with_end.ids) > 2 * WINDOW
    last = max(end for _, end in with_end.offsets)
    assert last == len(filler + "then he hit me")
    assert np.abs(with_end.sentence - encoder.encode(filler).sentence).max() > 1e-3


def test_a_long_text_is_the_mean_of_its_windows_weighted_by_tokens(encoder: Encoder) -> None:
    encoded = encoder.encode("they never asked what mattered to me " * 70)
    mean = encoded.layers[6].mean(axis=0)
    assert np.allclose(encoded.sentence, mean / np.linalg.norm(mean), atol=1e-6)


def test_many_texts_at_once_are_read_as_each_alone(encoder: Encoder) -> None:
    texts = [f"{'they came late ' * (n % 7)}number {n}" for n in range(70)] + ["", "we waited and waited " * 120]
    together = encoder.sentences(texts)
    assert np.abs(together - np.stack([encoder.encode(text).sentence for text in texts])).max() < 1e-5
    assert encoder.sentences([]).shape == (0, DIMENSIONS)


def test_windows_end_between_words(encoder: Encoder) -> None:
    encoded = encoder.encode("incomprehensibilities " * 120)
    starts = [i + 1 for i, token in enumerate(encoded.ids) if token == encoded.ids[0]]
    word = encoded.ids[1]
    assert len(starts) > 1
    assert all(encoded.ids[i] == word for i in starts)


def test_special_tokens_typed_by_somebody_are_plain_text(encoder: Encoder) -> None:
    encoded = encoder.encode("[SEP] [CLS] [MASK]")
    assert list(encoded.ids).count(encoded.ids[-1]) == 1
    assert list(encoded.ids).count(encoded.ids[0]) == 1


def test_one_message_is_encoded_once_for_all_heads(encoder: Encoder) -> None:
    assert encoder.encode("the same words") is encoder.encode("the same words")


def test_shared_arrays_cannot_be_changed(encoder: Encoder) -> None:
    with pytest.raises(ValueError, match="read-only"):
        encoder.encode("hello").sentence[0] = 1.0


def test_nothing_about_the_words_shows_in_the_repr(encoder: Encoder) -> None:
    assert "0.0" not in repr(encoder.encode("Aileen Farquhar"))


@pytest.mark.parametrize("text", ["\x00", "\ud7ff\u0301", "  \n ", "👍👍", "الله", "a" * 5000, "𝔘𝔫𝔦"])
def test_odd_texts_give_a_unit_vector_and_offsets_inside_the_text(encoder: Encoder, text: str) -> None:
    encoded = encoder.encode(text)
    assert np.isclose(np.linalg.norm(encoded.sentence), 1.0, atol=1e-5)
    assert all(0 <= start <= end <= len(text) for start, end in encoded.offsets)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=300))
def test_any_text_gives_a_unit_vector(encoder: Encoder, text: str) -> None:
    encoded = encoder.encode(text)
    assert np.isclose(np.linalg.norm(encoded.sentence), 1.0, atol=1e-5)
