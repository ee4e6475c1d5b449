"""Tells what is said to us from what is told about others. Must never decide alone: it only says how sure to be."""

from functools import cache

from bot.understand.normal import plain, standard, wording

_SHORT = 4  # words
_TENSES = frozenset({"was", "were", "got", "had", "went", "came", "told", "said", "asked", "waited", "felt"})


def asks(text: str) -> bool:
    """Is it a question, a request or a greeting, by its first words or its question mark?"""
    words = standard(plain(text)).split()
    heads = {" ".join(words[:size]) for size in (1, 2)}
    if exclaims(text):
        return False
    return text.rstrip(" .!").endswith("?") or not heads.isdisjoint(_words("asks"))


def exclaims(text: str) -> bool:
    """Does it only look like a question: "what a difference it made"?"""
    return " ".join(standard(plain(text)).split()[:2]) in _words("exclaims")


def to_us(text: str) -> bool:
    """Does it name us, or what we are doing here ("you", "the question", "your messages")?"""
    return not set(standard(plain(text)).split()).isdisjoint(_words("ours"))


def at_us(text: str) -> bool:
    """Could a rude word in it be meant for us?"""
    words = standard(plain(text)).split()
    return (len(words) < _SHORT and not tells(text)) or not set(words).isdisjoint(_words("us"))


def tells(text: str) -> bool:
    """Is it about somebody else, or about what happened?"""
    words = standard(plain(text)).replace("got to ", "").split()
    return exclaims(text) or not set(words).isdisjoint(_words("others") | _TENSES)


def begins_with_others(text: str) -> bool:
    """Is somebody else its subject ("they never said", "my worker left"), and are we not in it?"""
    words = standard(plain(text)).split()
    return bool(words) and words[0] in _words("subjects") and not to_us(text)


@cache
def _words(kind: str) -> frozenset[str]:
    return frozenset(wording("address")[kind])
