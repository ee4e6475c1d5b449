"""Reads an age band from an answer to "how old are you". Must not guess: what could mean two is asked again."""

import re
from functools import cache

from bot.understand.normal import plain, wording
from records.types import AgeBand

BANDS = tuple(AgeBand)
_AGE = re.compile(
    r"^(?:i am |im |ahm |am |iam |aged? |age is |my age is |its |i will be |ill be )?"
    r"(?P<shift>nearly |almost |just turned |just |turning |about to be |about to turn |"
    r"soon |going on |about |only |now )*"
    r"(?P<age>\d{1,3})"
    r"(?: and (?:a half|\d+ months?)| (?:and )?a half)?"
    r"(?: ?(?:yrs?|years?|yo|y o|yr|yers|year)(?: ?(?:old|auld|of age|young))?| old| auld)?"
    r"(?: (?P<soon>soon|next week|next month|tomorrow|next year|in \w+))?"
    r"(?: (?:now|please|thanks|today|last week|pal|hen|i am|so i am|yesterday|just now))*$"
)
_LETTER = re.compile(r"^(?:option |letter |answer )?([a-e])$")
_OPTION = re.compile(r"^(?:option|number|answer|no) ([1-5])$")


def read(text: str) -> AgeBand | None:
    """The age band, or None. A plain 1 to 5 or A to E is the option of that place; 6 and more is an age in years."""
    words = plain(text)
    return _option(words) or _phrase(words) or _years(words)


def withheld(text: str) -> bool:
    """Would this person rather not say?"""
    return plain(text) in wording("age")["withheld"]


def _option(words: str) -> AgeBand | None:
    if match := _LETTER.match(words):
        return BANDS["abcde".index(match.group(1))]
    if match := _OPTION.match(words):
        return BANDS[int(match.group(1)) - 1]
    number = _digits(words)
    return BANDS[int(number) - 1] if number in {"1", "2", "3", "4", "5"} else None


def _phrase(words: str) -> AgeBand | None:
    ranges = wording("age")["ranges"]
    said = re.sub(r"^(?:im |i am |aged? |my age is )", "", words)
    if said in ranges:
        return AgeBand(ranges[said])
    return next((band for band, pattern in _patterns() if pattern.fullmatch(said) or pattern.fullmatch(words)), None)


def _years(words: str) -> AgeBand | None:
    others = {*wording("age")["about_others"]}
    match = _AGE.match(_digits(words))
    if match is None or others & set(words.split()):
        return None
    age = int(match.group("age"))
    not_yet = (match.group("shift") or "").strip() in {
        "nearly",
        "almost",
        "turning",
        "about to be",
        "about to turn",
        "soon",
    }
    return _band(age - 1 if not_yet or match.group("soon") else age)


def _band(age: int) -> AgeBand | None:
    if not 4 <= age <= 115:
        return None
    starts = ((26, AgeBand.AGE_26_PLUS), (18, AgeBand.AGE_18_25), (16, AgeBand.AGE_16_17), (12, AgeBand.AGE_12_15))
    return next((band for start, band in starts if age >= start), AgeBand.UNDER_12)


def _digits(words: str) -> str:
    """ "fifty seven" as "57": number words become digits, a ten and a unit side by side are added."""
    numbers: dict[str, int] = wording("age")["words"]
    tokens: list[str] = []
    for token in words.split():
        value = numbers.get(token)
        if value is not None and 1 <= value <= 9 and tokens and re.fullmatch(r"[2-9]0", tokens[-1]):
            tokens[-1] = str(int(tokens[-1]) + value)
        else:
            tokens.append(token if value is None else str(value))
    return " ".join(tokens)


@cache
def _patterns() -> tuple[tuple[AgeBand, re.Pattern[str]], ...]:
    return tuple((band, re.compile(pattern)) for band in BANDS for pattern in wording("age").get(band.value, ()))
