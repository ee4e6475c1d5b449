"""Numbers written out in words: "oh seven seven double oh", "eighty four"."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from anonymise.lexicon import read_yaml

_TOKEN = re.compile(r"\d+|[a-z]+", re.IGNORECASE)
_BETWEEN = re.compile(r"[ ,.\-\n]{1,3}(?:and )?")
_HUNDRED = ("hundred",)
SHORTEST = 7  # digits; fewer written out in a row are counting, not a telephone number


@dataclass(frozen=True, slots=True)
class NumberWords:
    """How digits and small numbers are called."""

    digits: Mapping[str, str]
    repeats: Mapping[str, int]
    teens: Mapping[str, int]
    tens: Mapping[str, int]


@cache
def number_words() -> NumberWords:
    """The words of `data/number_words.yml`."""
    data = read_yaml("number_words.yml")
    return NumberWords(data["digits"], data["repeats"], data["teens"], data["tens"])


def spoken_numbers(text: str) -> Iterator[tuple[int, int, str]]:
    """Runs of number words (figures among them) that come to at least seven digits, as start, end, digits."""
    run: list[re.Match[str]] = []
    for token in _TOKEN.finditer(text):
        if not _is_number(token.group().lower()):
            yield from _close(run)
            run = []
            continue
        if run and not _BETWEEN.fullmatch(text[run[-1].end() : token.start()]):
            yield from _close(run)
            run = []
        run.append(token)
    yield from _close(run)


def value(word: str) -> int | None:
    """The number that "84", "fourteen" or "eighty-four" stands for, up to 120; None if it is no number."""
    if word.isdigit():
        return int(word) if len(word) <= 3 and int(word) <= 120 else None
    known = number_words()
    parts = re.split(r"[ \-]+", word.lower())
    if len(parts) == 1:
        return _single(parts[0], known)
    if len(parts) == 2 and parts[0] in known.tens and parts[1] in known.digits:
        return known.tens[parts[0]] + int(known.digits[parts[1]])
    return None


def _single(word: str, known: NumberWords) -> int | None:
    if word in known.tens or word in known.teens:
        return {**known.tens, **known.teens}[word]
    return int(known.digits[word]) if word in known.digits else None


def _is_number(token: str) -> bool:
    known = number_words()
    return (
        token.isdigit()
        or token in _HUNDRED
        or any(token in kind for kind in (known.digits, known.repeats, known.tens, known.teens))
    )


def _close(run: list[re.Match[str]]) -> Iterator[tuple[int, int, str]]:
    while run and run[-1].group().lower() in number_words().repeats:
        run = run[:-1]
    spelled = [token for token in run if not token.group().isdigit()]
    digits = _digits([token.group().lower() for token in run])
    if len(spelled) >= 2 and len(digits) >= SHORTEST:
        yield run[0].start(), run[-1].end(), digits


def _digits(tokens: list[str]) -> str:
    known = number_words()
    digits, repeat = "", 1
    for token in tokens:
        if token in known.repeats:
            repeat = known.repeats[token]
            continue
        digits += _digit_of(token, known) * repeat
        repeat = 1
    return digits


def _digit_of(token: str, known: NumberWords) -> str:
    if token.isdigit():
        return token
    if token in _HUNDRED:
        return "00"
    if token in known.digits:
        return known.digits[token]
    return str(known.teens[token] if token in known.teens else known.tens[token] // 10)
