import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understand.rating import Reading, read
from records.types import Rating


@pytest.mark.parametrize(
    "text",
    [
        "4 carers a day come in", "I'm 14", "two carers", "1:1 support", "2.30 they come", "3 or 4", "4.5", "0", "6",
        "1 and a half", "maybe three and a half",
        "no one ever listens", "never mind", "neither of them listen", "I don't strongly agree", "2, 3 times a week",
        "3 years", "5 minutes late", "no idea what this is about", "they came at 4", "room 3", "between 2 and 4",
        "dont know who you are", "I agree to meet her", "never mind that", "4 of the girls", "ward 5", "12",
        "07700 900123",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_rating_is_none(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize("points", range(1, 6))
@pytest.mark.parametrize("form", ["{}", "{}.", "{}/5", "{} out of 5", "a {}", "number {}", "{} stars", "rate {}"])
def test_a_number_of_the_scale_is_its_rating(points: int, form: str) -> None:
    reading = read(form.format(points))
    assert reading is not None
    assert (reading.rating.points, reading.more) == (points, False)


@pytest.mark.parametrize("rating", list(Rating))
def test_every_button_payload_is_its_own_rating(rating: Rating) -> None:
    assert read(rating.value) == Reading(rating)
    assert read(rating.value.replace("_", " ").capitalize()) == Reading(rating)


@given(st.sampled_from(list(Rating)), st.sampled_from([" - ", ". ", ", ", ": ", "\n", "! "]))
def test_a_rating_before_a_story_is_both(rating: Rating, separator: str) -> None:
    words = rating.value.replace("_", " ")
    assert read(f"{words}{separator}the nurse sat with me") == Reading(rating, more=True)


@given(st.text(max_size=200))
def test_any_text_is_read_without_an_error(text: str) -> None:
    reading = read(text)
    assert reading is None or isinstance(reading.rating, Rating)
