"""Dates that name a day. A month, a weekday or a year alone names nobody and stays."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from anonymise.findings import EntityType, Finding
from anonymise.recognisers.calendar import MONTH, is_day_month
from anonymise.recognisers.pattern import before, compiled

_YEAR = r"(?:19|20)\d\d"
_TH = r" ?(?:st|nd|rd|th)?"
_NUMERIC = re.compile(
    r"(?<![\w/.\-£])(?P<day>\d{1,2})(?P<sep> ?[/.\-] ?| )(?P<month>\d{1,2})(?P=sep)(?P<year>(?:19"
    r"|20)?\d\d)(?!\w|[/.\-]\d)"
)
_ISO = re.compile(rf"(?<![\w/.\-]){_YEAR}[/.\-](?P<month>\d{{1,2}})[/.\-](?P<day>\d{{1,2}})(?!\w|[/.\-]\d)")
_WRITTEN = compiled(
    rf"(?<![\w£])(?P<day>\d{{1,2}}){_TH}(?: day)?(?P<of>,? of)? ?-?(?P<month>{MONTH})\b\.?"
    rf"(?P<year>[ ,\-]{{1,2}}(?:{_YEAR}|'?\d\d(?!\w|:|[ap]m| [ap]m)))?"
    rf"|(?<!\w)(?P<month2>{MONTH})\.? (?:the )?(?P<day2>\d{{1,2}}){_TH}(?![\w:%]|[ap]m| [ap]m|[.]\d)"
    rf"(?P<year2>,? {_YEAR})?"
)
_SHORT = compiled(
    r"\b(?:on|since|until|till|from|dated|by|born|dob) (?:the )?(?P<it>(?P<day>\d{1,2})[/.]"
    r"(?P<month>\d{1,2}))(?![\w/]|[.]\d)"
)
_BIRTH = compiled(r"\b(?:born|d\.?o\.?b\.?|date of birth|birth ?date|birthday|b-?day|birth)\b")
_BORN_YEAR = compiled(rf"\bborn (?:in |about |around |back in )?(?:{MONTH},? )?(?P<it>{_YEAR}|'\d\d)\b")
_MODAL = compiled(r" (?:not|be|have|need|want|also|well|never|or|take|get|go|seem|help)\b")


@dataclass(frozen=True, slots=True)
class Dates:
    """A date of birth when the words before it say so, otherwise a date."""

    name: str = "dates"

    def find(self, text: str) -> Iterable[Finding]:
        """Figures, ISO, words."""
        for pattern in (_NUMERIC, _ISO):
            for match in pattern.finditer(text):
                if is_day_month(int(match.group("day")), int(match.group("month"))):
                    yield self._finding(text, match.start(), match.end())
        for match in _WRITTEN.finditer(text):
            if _names_a_day(text, match):
                yield self._finding(text, match.start(), match.end())
        for match in _SHORT.finditer(text):
            if is_day_month(int(match.group("day")), int(match.group("month"))):
                yield self._finding(text, match.start("it"), match.end("it"))
        for match in _BORN_YEAR.finditer(text):
            yield Finding(match.start("it"), match.end("it"), EntityType.DOB, 0.85, self.name)

    def _finding(self, text: str, start: int, end: int) -> Finding:
        kind = EntityType.DOB if before(text, start, _BIRTH) else EntityType.DATE
        return Finding(start, end, kind, 0.93, self.name)


def _names_a_day(text: str, match: re.Match[str]) -> bool:
    day, month = match.group("day") or match.group("day2"), match.group("month") or match.group("month2")
    if not 1 <= int(day) <= 31:
        return False
    wordlike = month in ("may", "mar", "march", "dec", "sep", "jan")
    bare = not (match.group("of") or match.group("year") or match.group("year2"))
    return not (wordlike and bare and month in ("may", "march") and _MODAL.match(text, match.end()))
