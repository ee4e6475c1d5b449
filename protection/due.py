"""By when a person must have acted. Ours, configurable later by round; the defaults follow the severity of the harm.

Working hours are 9 to 5 on weekdays that are no bank holiday in Scotland, on the clock in Scotland.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from functools import cache

import holidays

from records.clock import LONDON
from records.types import Category, RequestKind, Tier

OPENS, CLOSES = time(9), time(17)
_WORKING_DAY = timedelta(hours=8)

GRAVE = frozenset(
    {
        Category.SUICIDE,
        Category.SELF_HARM,
        Category.CHILD,
        Category.SEXUAL,
        Category.PHYSICAL,
        Category.DOMESTIC_ABUSE,
        Category.DANGER,
        Category.HELP,
    }
)
AT_ONCE = frozenset({Category.SUICIDE, Category.SELF_HARM, Category.CHILD, Category.DANGER, Category.UNSCREENED})


def alert_due(tier: Tier, categories: Iterable[Category], now: datetime) -> datetime:
    """When an alert must be acknowledged: 15 minutes if it cannot wait, else 4 working hours."""
    if tier is Tier.IMMEDIATE or AT_ONCE.intersection(categories):
        return now + timedelta(minutes=15)
    return add_working_time(now, timedelta(hours=4))


def look_due(categories: Iterable[Category], now: datetime) -> datetime:
    """When a look must be cleared: 4 hours in a grave category, else one working day."""
    if GRAVE.intersection(categories):
        return now + timedelta(hours=4)
    return add_working_time(now, _WORKING_DAY)


def request_due(kind: RequestKind, now: datetime) -> datetime:
    """When a request must have been answered: two working days, the same for all kinds."""
    return add_working_time(now, 2 * _WORKING_DAY)


def unread_due(last_turn: datetime) -> datetime:
    """When a conversation must have been read: one working day after its last turn."""
    return add_working_time(last_turn, _WORKING_DAY)


def add_working_time(start: datetime, amount: timedelta) -> datetime:
    """The moment at which `amount` of working time has passed since `start` (aware; the answer too)."""
    moment = start.astimezone(LONDON)
    while True:
        opens, closes = _hours(moment.date())
        moment = max(moment, opens)
        if is_working_day(moment.date()) and moment < closes:
            left = closes - moment
            if amount <= left:
                return (moment + amount).astimezone(start.tzinfo)
            amount -= left
        moment = _hours(moment.date() + timedelta(days=1))[0]


def is_working_day(day: date) -> bool:
    """Monday to Friday, no bank holiday in Scotland."""
    return day.weekday() < 5 and day not in _bank_holidays(day.year)


def _hours(day: date) -> tuple[datetime, datetime]:
    return datetime.combine(day, OPENS, LONDON), datetime.combine(day, CLOSES, LONDON)


@cache
def _bank_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("GB", subdiv="SCT", years=year))
