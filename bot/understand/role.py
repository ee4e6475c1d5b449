"""Reads who somebody is to the services. Must not guess between two: then it is "more than one", or asked again."""

import re
from functools import cache

from bot.understand.normal import plain, wording
from records.types import Audience

MORE_THAN_ONE = "more_than_one"
OPTIONS = tuple(Audience)
_LONGEST = 25
_BARE = 6  # words
_SINGLE = re.compile(
    r"^(?:option |number |answer |no |letter |im (?:a |an )?|its |probably )?([1-5a-e])(?: please| thanks)?$"
)
_SEVERAL = re.compile(r"^(?:options? |numbers? )?[1-5](?: (?:and |or |& )?[1-5])+$")
_NUMBERS = {"one": "1", "two": "2", "three": "3", "four": "4", "five": "5"}


def read(text: str) -> str | None:
    """An audience's value, "more_than_one", or None."""
    words = plain(text)
    digits = " ".join(_NUMBERS.get(token, token) for token in words.split())
    if _SEVERAL.match(digits):
        return MORE_THAN_ONE
    if match := _SINGLE.match(digits):
        return OPTIONS["12345abcde".index(match.group(1)) % 5].value
    return _described(words) if len(words.split()) <= _LONGEST else None


def bare(text: str) -> bool:
    """Is the answer only who they are ("young person in care"), with nobody asked for?"""
    words = plain(text).split()
    return (
        len(words) <= _BARE
        and "?" not in text
        and not set(words) & {"talk", "speak", "chat", "volunteer", "can", "need", "help", "want"}
    )


def _described(words: str) -> str | None:
    roles = {role for role, patterns in _patterns() if any(pattern.search(words) for pattern in patterns)}
    if MORE_THAN_ONE in roles:
        return MORE_THAN_ONE
    if not _several_said(words):
        roles -= {yielding for role in roles for yielding in wording("role")["yields"].get(role, ())}
    if len(roles) > 1:
        return MORE_THAN_ONE
    return next(iter(roles), None)


def _several_said(words: str) -> bool:
    """ "I'm a carer and I get home care too": two statements about oneself, not a circumstance."""
    return bool(
        re.search(
            r"\b(?:and (?:im|i am|i get|i have|i use|i was|i care|i look|a|also)|also|as well|too|an aw|myself)\b",
            words,
        )
    )


@cache
def _patterns() -> tuple[tuple[str, tuple[re.Pattern[str], ...]], ...]:
    roles = (MORE_THAN_ONE, *(audience.value for audience in OPTIONS))
    return tuple((role, tuple(re.compile(pattern) for pattern in wording("role")[role])) for role in roles)
