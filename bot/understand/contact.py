"""Reads the answer to "is this a safe way to contact you?". It errs towards not safe, for a text can hurt."""

import re

from bot.understand.commands import command
from bot.understand.normal import plain
from bot.understand.types import Intent

_NOT_SAFE = re.compile(
    r"(?:no|nope|naw|nah)?\s*(?:it|its|it is|this|this is|im|i am|that|thats)?\s*"
    r"(?:is\s?nt|isnt|is not|not|no|unsafe|never|aint|isnae)\s*(?:really|a|very|so|that|always)?\s*safe\b.*"
)
_YES = frozenset({"yes", "yeah", "yep", "aye", "yes it is", "aye it is", "yes thats fine", "yes fine"})
_NO = frozenset({"no", "nope", "naw", "nah", "no it isnt", "naw it isnae", "no its not", "no really", "not really"})


def contact_answer(text: str) -> bool | None:
    """True for safe, False for not safe, None when the text is no answer to that question.

    "ok" and "fine" say that somebody has read it, not that it is safe, and are no answer.
    """
    words = plain(text)
    if words in _NO or _NOT_SAFE.fullmatch(words):
        return False
    if words in _YES:
        return True
    return {Intent.SAFE_CONTACT: True, Intent.NOT_SAFE_CONTACT: False}.get(command(text) or Intent.CONFUSED)
