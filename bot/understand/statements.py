"""Reads which statements somebody wants to talk about: "3, 5 and 9", "the first three", "all of them"."""

import re

from bot.understand.normal import plain, wording

LAST = 12
_WORDS = {
    word: number
    for number, word in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"), start=1
    )
}
_RANGE = re.compile(r"\b(\d{1,2}) ?(?:-|to) ?(\d{1,2})\b")


def read(text: str) -> str | None:
    """The numbers chosen, in order and once each, as "3,5,9"; None when the message is anything but a choice."""
    words = plain(text)
    if words in wording("statements")["all"]:
        return _listed(range(1, LAST + 1))
    words = plain(_RANGE.sub(_spelled_out, text.casefold()))
    numbers = [_number(token) for token in words.split() if token not in wording("statements")["around"]]
    if not numbers or not all(number and 1 <= number <= LAST for number in numbers):
        return None
    return _listed(sorted({number for number in numbers if number}))


def _number(token: str) -> int | None:
    return int(token) if token.isdecimal() and len(token) < 3 else _WORDS.get(token)


def _spelled_out(match: re.Match[str]) -> str:
    first, last = int(match.group(1)), int(match.group(2))
    return " ".join(str(n) for n in range(first, last + 1)) if first < last <= LAST else match.group()


def _listed(numbers: "range | list[int]") -> str:
    return ",".join(str(number) for number in numbers)
