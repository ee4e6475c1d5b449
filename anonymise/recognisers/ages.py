"""Ages of people: "I'm 14", "84 year old", "aged six". Not "in my 60s", not "for 14 years"."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from anonymise.findings import EntityType, Finding
from anonymise.recognisers.pattern import compiled
from anonymise.recognisers.spoken import value

_TENS = r"(?:twenty|thirty|forty|fourty|fifty|sixty|seventy|eighty|ninety)"
_ONES = r"(?:one|two|three|four|five|six|seven|eight|nine)"
_WORDS = rf"(?:{_TENS}(?:[ \-]{_ONES})?|{_ONES}|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen)"
_N = rf"(?:1[01]\d|120|\d{{1,2}}|{_WORDS})"
_AFTER = (
    r"(?=\s*(?:$|[,;!?)\"]|\.(?!\d)| - |\b(?:and|but|so|now|yrs?|years? (?:of age|old)|when|with"
    r"|next|on|in|this|today|lol|male|female|m|f|at the time|atm|almost|nearly|xx?|who|because|cos|"
    r"or so|plus|just|tomorrow|then|too|im|i'm|i)\b))(?!\s*(?:and a half )?(?:hours?|hrs?|mins?"
    r"|minutes?|weeks?|wks?|days?|months?|miles?|of|percent|times?|am|pm|o'clock)\b)"
)
_WHO = (
    r"(?:he|she|they|mum|mam|dad|gran|granny|nan|wife|husband|son|daughter|brother|sister|partner"
    r"|mother|father|wean|bairn|baby|boy|girl|kid|child|\ufffc|oldest|youngest|eldest|twins)"
)
_OLD = r"[ \-]?(?:(?:years?|yrs?|yr|months?|mths?|weeks?|wks?|days?)[ \-]?(?:olds?|of age)|y/?o\b|yrs?\b(?= old))"
_PATTERNS = (
    (compiled(rf"(?<![\w.£/])(?P<n>{_N})(?:[ \-]?(?:and a|1/2|½)[ \-]?half)?{_OLD}(?!\w)"), 0.9),
    (
        compiled(
            rf"\b(?:aged?|age is|age was|turned|turning|turns|nearly|almost|just) ?:? ?(?P<n>{_N})"
            rf"(?![\w/%:.]\d|\w){_AFTER}"
        ),
        0.85,
    ),
    (compiled(rf"\b(?:aged|age:?) (?P<n>{_N})(?![\w/%]|:\d)(?! ?(?:group|concern|scotland))"), 0.88),
    (
        compiled(
            rf"(?<!\w)(?:i'm|i am|im|am|i was|{_WHO}(?:'s| is| was|s)|(?:we|they)(?:'re| are)|(?:to|'ll|ll"
            rf"|will) be) (?:only |just |about |nearly |almost |now |roughly )?(?P<n>{_N})(?: ?(?:yrs?|years))?"
            rf"(?![\w/%]|[:.]\d){_AFTER}"
        ),
        0.85,
    ),
    (compiled(r"(?<!\w)(?P<n>\d{1,3})(?:st|nd|rd|th) (?:birthday|bday)\b"), 0.85),
)
_WHOLE = compiled(r"\b(?:aged?|turned|turning)\b")


@dataclass(frozen=True, slots=True)
class Ages:
    """A number that words around it make an age."""

    name: str = "ages"

    def find(self, text: str) -> Iterable[Finding]:
        """The number with its unit ("84 year old"), or the number alone ("I'm 14")."""
        for pattern, probability in _PATTERNS:
            for match in pattern.finditer(text):
                if value(match.group("n")) is not None:
                    yield Finding(*_span(match), EntityType.AGE, probability, self.name)


def years(words: str) -> int | None:
    """The age in whole years that an age finding's words mean: months, weeks and days are less than two."""
    number = re.search(r"\d{1,3}", words) or re.search(rf"(?<!\w){_WORDS}(?!\w)", words, re.IGNORECASE)
    if number is None:
        return None
    if re.search(r"month|mth|week|wk|day(?!.*birth)", words, re.IGNORECASE) and "birthday" not in words.lower():
        return 0
    return value(number.group())


def _span(match: re.Match[str]) -> tuple[int, int]:
    """From the number to its unit; "aged" is left to be read by the policy's own words."""
    start = match.start() if _WHOLE.match(match.group()) else match.start("n")
    return (start, match.end())
