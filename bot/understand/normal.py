"""One plain form of a message, so that spelling, case, quotes and politeness do not hide a simple word."""

import re
import unicodedata
from functools import cache
from importlib import resources
from typing import Any

import yaml

_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufe0e\ufe0f\u00ad\U0001f3fb-\U0001f3ff]")
_QUOTES = str.maketrans({"\u2018": "'", "\u2019": "'", "\u02bc": "'", "`": "'", "\u201c": '"', "\u201d": '"'})
_NOT_PLAIN = re.compile(r"[^\w\s/%+]|_", re.UNICODE)
_DROPPED_G = re.compile(r"[a-z]{2,}[^aiu]in")
_DRAWN_OUT = re.compile(r"([a-z])\1{2,}")


def tidy(text: str) -> str:
    """Lower case, ordinary quotes and dashes, no invisible marks; line breaks and punctuation stay."""
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text.translate(_QUOTES))).casefold()
    return re.sub(r"[\u2010-\u2015\u2212]", "-", text).strip()


def plain(text: str) -> str:
    """Only words and digits with single spaces between: "Don't KNOW!!" becomes "dont know", "soooo" becomes "soo"."""
    text = _NOT_PLAIN.sub(" ", tidy(text).replace("'", ""))
    return " ".join(_DRAWN_OUT.sub(r"\1\1", text).split())


def standard(words: str) -> str:
    """Plain words in the spelling of a dictionary: "wot dus dat meen" and Doric "fit dis that mean" become the same.

    Only for reading. Digits that stand for a word ("2", "4") stay digits at either end, where they may be an answer.
    """
    tokens = words.split()
    if _speaks_doric(tokens):
        tokens = _replaced(tokens, _respelt("doric"))
    meant = _respelt("scots", "texting", "spelling")
    return " ".join(_replaced([_with_g(token) for token in _replaced(tokens, meant)], meant))


def without_fillers(words: str) -> str:
    """Plain words without the politeness around a command: "ok can we please skip this one pal" becomes "skip"."""
    tokens = words.split()
    lead, trail = _fillers("lead"), _fillers("trail")
    while (size := _filler(tokens, lead, at_end=False)) and size < len(tokens):
        tokens = tokens[size:]
    while (size := _filler(tokens, trail, at_end=True)) and size < len(tokens):
        tokens = tokens[: len(tokens) - size]
    return " ".join(tokens)


def _with_g(token: str) -> str:
    """ "phonin" as "phoning"."""
    return f"{token}g" if _DROPPED_G.fullmatch(token) and token not in wording("spelling")["not_ing"] else token


def _speaks_doric(tokens: list[str]) -> bool:
    words = wording("spelling")
    ambiguous = [token for token in tokens if token in words["doric"]]
    if not ambiguous:
        return False
    in_front = len(tokens) > 1 and tokens[0] in ambiguous and tokens[1] in words["doric_front"]
    return in_front or bool(set(tokens) & set(words["signs_of_doric"]) - {ambiguous[0]})


def _replaced(tokens: list[str], words: dict[str, str]) -> list[str]:
    """Every pair or single word that has another spelling, replaced by it, from left to right."""
    found: list[str] = []
    at = 0
    while at < len(tokens):
        pair = " ".join(tokens[at : at + 2])
        if at + 1 < len(tokens) and pair in words:
            found.extend(words[pair].split())
            at += 2
            continue
        found.extend((tokens[at] if _counts(tokens, at) else words.get(tokens[at], tokens[at])).split())
        at += 1
    return found


def _counts(tokens: list[str], at: int) -> bool:
    """Is this a number, and not short for a word ("nxt 1 b4 we go 2 bed")?"""
    if not tokens[at].isdigit():
        return False
    inside = 0 < at < len(tokens) - 1
    return not inside or tokens[at - 1] in wording("spelling")["counts_after"]


@cache
def _respelt(*kinds: str) -> dict[str, str]:
    return {said: meant for kind in reversed(kinds) for said, meant in wording("spelling")[kind].items()}


def _filler(tokens: list[str], fillers: frozenset[str], *, at_end: bool) -> int:
    for size in (4, 3, 2, 1):
        part = tokens[-size:] if at_end else tokens[:size]
        if len(part) == size and " ".join(part) in fillers:
            return size
    return 0


@cache
def _fillers(end: str) -> frozenset[str]:
    return frozenset(wording("fillers")[end])


@cache
def wording(name: str) -> Any:
    """The words of one YAML file beside this module."""
    return yaml.safe_load(resources.files("bot.understand").joinpath(f"{name}.yml").read_text(encoding="utf-8"))
