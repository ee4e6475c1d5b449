"""The fixed, approved words that answer a worry: chosen by what kind it is, sent even when the dialogue is down.

They never promise that nobody will know, never ask for more, and never go on with the questions by themselves.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from protection.helplines import Helpline, helplines_for
from records.types import AgeBand, Category, ChannelName, Kind, Outbound, Tier, Verdict

_HERE = Path(__file__).parent / "texts"
_MOST_LINES = 3  # more numbers than that help nobody
_ONE_TEXT = 160

# The gravest or most particular first: a message about a rape by a husband is answered about the rape.
_ABOUT: tuple[tuple[Category, str], ...] = (
    (Category.SUICIDE, "suicide"),
    (Category.SELF_HARM, "self_harm"),
    (Category.FGM, "family_pressure"),
    (Category.FORCED_MARRIAGE, "family_pressure"),
    (Category.HONOUR_BASED, "family_pressure"),
    (Category.ONLINE, "online"),
    (Category.SEXUAL, "sexual"),
    (Category.CHILD, "child"),
    (Category.INSTITUTIONAL, "institutional"),
    (Category.DOMESTIC_ABUSE, "domestic_abuse"),
    (Category.EXPLOITATION, "exploitation"),
    (Category.FINANCIAL, "financial"),
    (Category.HATE, "hate"),
    (Category.SELF_NEGLECT, "self_neglect"),
    (Category.NEGLECT, "neglect"),
    (Category.PHYSICAL, "harm"),
    (Category.PSYCHOLOGICAL, "harm"),
    (Category.DANGER, "danger"),
    (Category.UNREADABLE, "unreadable"),
    (Category.HELP, "danger"),
)
# A rule's name may say more than its category: it is about somebody else, or about long ago.
_SAID_BY_RULE = {"other-person": "third_party", "non-recent": "long_ago"}
_OPENLY = frozenset({"suicide", "self_harm"})  # answered with names of helplines; the rest with bare numbers
# What is said about these would tell somebody else who holds the phone. It waits until they say that the phone is safe.
_GUARDED = frozenset(
    {"sexual", "long_ago", "domestic_abuse", "family_pressure", "exploitation", "financial", "online", "harm"}
)


def safety_reply(
    verdict: Verdict,
    *,
    age_band: AgeBand | None,
    channel: ChannelName,
    now: datetime,
    times: int,
    safe_contact: bool | None = None,
    can_go_on: bool = True,
) -> tuple[Outbound, ...]:
    """What answers an alert, in the order it is sent: a text that names nothing, then what may be said at once.

    What a shared phone would give away (`_GUARDED`) waits for SAFE: see `after_safe`. To somebody who said NOT SAFE
    nothing is written but that it has come.

    Arguments: `times` how many safety replies they have had before, so that nobody reads the same words twice running;
    `can_go_on` whether there are questions left, so that GO may be offered; `age_band` None when it has not been told;
    `safe_contact` their answer to "is this a safe way to contact you?".
    Every text fits one SMS, on every channel.
    """
    if set(verdict.categories) == {Category.UNSCREENED}:
        return unscreened_reply()
    texts = _load("safety.yml")
    if safe_contact is False:
        return _outbound([_turned(texts["quiet"], times)])
    about = _about_whom(verdict, age_band)
    said = [_turned(texts["first"], times)] if safe_contact is None else []
    said += [_turned(texts["urgent"], times)] if verdict.tier is Tier.IMMEDIATE else []
    if about not in _GUARDED or safe_contact:
        said += _words_about(about, _category(about, verdict), age_band, now, times)
    said += [_turned(texts["next" if can_go_on else "next_at_the_end"], times)]
    return _outbound(said)


def after_safe(
    verdict: Verdict, *, age_band: AgeBand | None, now: datetime, can_go_on: bool = True
) -> tuple[Outbound, ...]:
    """They say that the phone is safe: what could not be said before, and whom they can call."""
    texts = _load("safety.yml")
    about = _about_whom(verdict, age_band)
    waited = _words_about(about, _category(about, verdict), age_band, now, 0) if about in _GUARDED else []
    return _outbound([texts["safe"], *waited, texts["after_safe" if can_go_on else "after_safe_at_the_end"]])


def not_safe() -> tuple[Outbound, ...]:
    """They say that the phone is not safe: the last that is written about it here, and it names nothing."""
    return _outbound(_load("safety.yml")["not_safe"])


def _words_about(
    about: str, category: Category | None, age_band: AgeBand | None, now: datetime, times: int
) -> list[str]:
    texts = _load("safety.yml")
    call = texts["call" if about in _OPENLY else "number"]
    return [_turned(texts["about"][about], times), *_lines(_turned(call, times), category, age_band, now)]


def _turned(wordings: Sequence[str], times: int) -> str:
    """The wording for the n-th time: never the one before it."""
    return wordings[times % len(wordings)]


def unscreened_reply() -> tuple[Outbound, ...]:
    """The screen failed: nothing is said about the message but that a person will read it."""
    return _outbound(_load("safety.yml")["unscreened"])


def look_thanks(variant: int = 0) -> tuple[Outbound, ...]:
    """A neutral thank you after a look, that names PERSON. `variant` counts up so that words do not repeat."""
    wordings = _load("other.yml")["look_thanks"]
    return _outbound([wordings[variant % len(wordings)]])


def help_reply(
    *, age_band: AgeBand | None, now: datetime, times: int = 0, can_go_on: bool = True
) -> tuple[Outbound, ...]:
    """A cry for help: people first, the questions last."""
    texts = _turned(_load("other.yml")["help"], times)
    last = texts[2:] if can_go_on else []
    return _outbound([texts[0], *_lines(texts[1], Category.HELP, age_band, now), *last])


def unreadable_reply(kind: Kind) -> tuple[Outbound, ...]:
    """A picture or voice note that nobody can see or hear here, or (`Kind.TEXT`) a language the screen cannot read."""
    return _outbound(_load("other.yml")["media" if kind is Kind.MEDIA else "language"])


def parked_reply() -> tuple[Outbound, ...]:
    """A message that could not be handled."""
    return _outbound(_load("other.yml")["parked"])


def _about_whom(verdict: Verdict, age_band: AgeBand | None) -> str:
    """Which words fit this person: harm to a child or young person is answered as that, with Childline, at once."""
    about = _about(verdict)
    is_young = age_band in (AgeBand.UNDER_12, AgeBand.AGE_12_15, AgeBand.AGE_16_17)
    return "child" if is_young and about in _GUARDED else about


def _about(verdict: Verdict) -> str:
    """Which words fit: of the rule that weighed most, of its category, else of harm."""
    gravest = re.split(r"[;(]", verdict.reason)[0]
    for mark, about in _SAID_BY_RULE.items():
        if mark in gravest:
            return about
    return next((about for category, about in _ABOUT if category in verdict.categories), "harm")


def _category(about: str, verdict: Verdict) -> Category | None:
    """The harm whose helplines fit those words. None for somebody else's harm: a number would be guesswork."""
    if about == "third_party":
        return None
    if about == "child":
        return Category.CHILD
    if about == "long_ago":
        return Category.SEXUAL if Category.SEXUAL in verdict.categories else None
    return next((category for category, name in _ABOUT if name == about and category in verdict.categories), None)


def _lines(template: str, category: Category | None, age_band: AgeBand | None, now: datetime) -> list[str]:
    found = helplines_for(category, age_band, now) if category else ()
    return [_fitted(template, found[:_MOST_LINES])] if found else []


def _fitted(template: str, lines: tuple[Helpline, ...]) -> str:
    """The text with as many helplines as fit one SMS, the best first; always at least one."""
    text = template.format(helplines=_joined(line.shown_as for line in lines))
    return text if len(text) <= _ONE_TEXT or len(lines) == 1 else _fitted(template, lines[:-1])


def _joined(names: Iterable[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} or {last}" if first else last


def _outbound(texts: Iterable[str]) -> tuple[Outbound, ...]:
    return tuple(Outbound(text) for text in texts)


@cache
def _load(name: str) -> Mapping[str, Any]:
    loaded: Mapping[str, Any] = yaml.safe_load((_HERE / name).read_text(encoding="utf-8"))
    return loaded
