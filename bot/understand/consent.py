"""Reads a plain yes or no to taking part. Must never take a question, a doubt or a condition for a yes."""

from functools import cache

from bot.understand.normal import plain, standard, tidy, wording


def read(text: str) -> bool | None:
    """True for a plain yes to taking part, False for a plain no, None for anything else."""
    if "?" in text:
        return None
    words = plain(text) or "".join(dict.fromkeys(tidy(text)))  # thumbs, any number of them
    without = " ".join(token for token in words.split() if token not in _phrases("polite"))
    for form in (words, without, standard(without)):
        if form in _phrases("agree"):
            return True
        if form in _phrases("refuse"):
            return False
    return None


def bare(text: str) -> bool | None:
    """True or False for a yes or no of a word or two, to whatever was asked."""
    words = plain(text)
    return True if words in _phrases("bare_yes") else False if words in _phrases("bare_no") else None


def conditional(text: str) -> bool:
    """Does the text ask, doubt or set a condition?"""
    words = f" {standard(plain(text))} "
    for willing in _phrases("willing"):
        words = words.replace(f" {willing} ", " ")
    return "?" in text or any(f" {condition} " in words for condition in _phrases("conditions"))


@cache
def _phrases(kind: str) -> frozenset[str]:
    return frozenset(plain(phrase) or phrase for phrase in wording("consent")[kind])
