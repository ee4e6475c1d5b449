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
_DRAWN_OUT = re.compile(r"([a-z])\1{2,}")


def tidy(text: str) -> str:
    """Lower case, ordinary quotes and dashes, no invisible marks; line breaks and punctuation stay."""
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text.translate(_QUOTES))).casefold()
    return re.sub(r"[\u2010-\u2015\u2212]", "-", text).strip()


def plain(text: str) -> str:
    """Only words and digits with single spaces between: "Don't KNOW!!" becomes "dont know", "soooo" becomes "soo"."""
    text = _NOT_PLAIN.sub(" ", tidy(text).replace("'", ""))
    return " ".join(_DRAWN_OUT.sub(r"\1\1", text).split())


def without_fillers(words: str) -> str:
    """Plain words without the politeness around a command: "ok can we please skip this one pal" becomes "skip"."""
    tokens = words.split()
    lead, trail = _fillers("lead"), _fillers("trail")
    while (size := _filler(tokens, lead, at_end=False)) and size < len(tokens):
        tokens = tokens[size:]
    while (size := _filler(tokens, trail, at_end=True)) and size < len(tokens):
        tokens = tokens[: len(tokens) - size]
    return " ".join(tokens)


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
