"""Days and months as people write them, and which season they fall in."""

import re

MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?"
    r"(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_SEASONS = (
    "winter",
    "winter",
    "spring",
    "spring",
    "spring",
    "summer",
    "summer",
    "summer",
    "autumn",
    "autumn",
    "autumn",
    "winter",
)
_NAMED = re.compile(rf"(?<![^\W\d_])({MONTH})(?![^\W\d_])", re.IGNORECASE)
_NUMBERS = re.compile(r"\d+")


def is_day_month(day: int, month: int) -> bool:
    """Whether there is such a day in some year."""
    return 1 <= month <= 12 and 1 <= day <= _DAYS[month - 1]


def season(date: str) -> str | None:
    """The season of a written date, or None when its month cannot be told."""
    month = _month(date)
    return _SEASONS[month - 1] if month else None


def _month(date: str) -> int | None:
    named = _NAMED.search(date)
    if named:
        return next(number for number, name in enumerate(MONTHS, 1) if name.startswith(named.group(1).lower()[:3]))
    numbers = [int(part) for part in _NUMBERS.findall(date)[:3]]
    if len(numbers) < 2:
        return None
    day, month = (numbers[2], numbers[1]) if len(numbers) == 3 and numbers[0] > 31 else (numbers[0], numbers[1])
    return month if is_day_month(day, month) else None
