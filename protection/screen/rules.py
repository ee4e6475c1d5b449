"""The rule book: word lists, rules, idioms and markers, read from the YAML beside this file and compiled.

It never guesses: a rule that names an unknown list, tier or category stops the program at load.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from protection.screen.grammar import NUMBER, Lists, Match, Pattern, Phrase, Sentence, compile_pattern
from protection.screen.normalise import Speller, Words, neighbours
from records.types import Category, Tier

_HERE = Path(__file__).parent
_LOOKBACK = 6  # words before a match in which a negation can still belong to it


@dataclass(frozen=True, slots=True)
class Rule:
    """What a match means. `negation` false: the pattern is a negation itself (`they don't feed me`)."""

    id: str
    tier: Tier
    categories: tuple[Category, ...]
    negation: bool = True
    now: str = ""  # "now" or "soon": the markers that make it immediate


@dataclass(frozen=True, slots=True)
class Entry:
    """One pattern of a rule."""

    rule: Rule
    pattern: Pattern


@dataclass(frozen=True, slots=True)
class Index:
    """Patterns found by a word they cannot do without, so that most are never tried."""

    entries: tuple[Entry, ...]
    by_word: Mapping[str, tuple[int, ...]]

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> "Index":
        """Index patterns by their anchors."""
        held = tuple(entries)
        by_word: dict[str, tuple[int, ...]] = {}
        for number, entry in enumerate(held):
            for word in entry.pattern.anchor:
                by_word[word] = (*by_word.get(word, ()), number)
        return cls(held, by_word)

    def candidates(self, sentence: Sentence) -> Iterator[Entry]:
        """The patterns that could match, in the order of the file."""
        for number in sorted({number for word in sentence.places for number in self.by_word.get(word, ())}):
            yield self.entries[number]


@dataclass(frozen=True, slots=True)
class Markers:
    """Words that change how worried a match makes us."""

    negators: frozenset[str]
    bridge: frozenset[str]
    not_negating: tuple[Pattern, ...]
    past: tuple[Pattern, ...]
    now: tuple[Pattern, ...]
    soon: tuple[Pattern, ...]

    def negated(self, words: Words, match: Match) -> str:
        """ "negated" when a negation stands inside the match or just before it, else ""."""
        places = [*match.skipped, *self._before(words, match.start)]
        return "negated" if any(self._negates(words, place) for place in places) else ""

    def _before(self, words: Words, start: int) -> Iterator[int]:
        for place in range(start - 1, max(-1, start - 1 - _LOOKBACK), -1):
            yield place
            if words[place] not in self.bridge:
                return

    def _negates(self, words: Words, place: int) -> bool:
        if words[place] not in self.negators:
            return False
        near = Sentence.of(words[max(0, place - 1) : place + 4])
        return not any(pattern.fits(near) for pattern in self.not_negating)

    def time_of(self, sentence: Sentence) -> "Time":
        """Which time a sentence speaks of."""
        return Time(
            past=any(pattern.fits(sentence) for pattern in self.past),
            now=any(pattern.fits(sentence) for pattern in self.now),
            soon=any(pattern.fits(sentence) for pattern in self.soon),
        )


@dataclass(frozen=True, slots=True)
class Time:
    """What a sentence says about when: long ago, at this moment, in the next hours (a plan)."""

    past: bool
    now: bool
    soon: bool


@dataclass(frozen=True, slots=True)
class Sign:
    """Pictures in the text: emoji that together mean something."""

    rule: str
    tier: Tier
    categories: tuple[Category, ...]
    all_of: tuple[frozenset[str], ...]

    def seen_in(self, text: str) -> bool:
        """Is there one of each set?"""
        return all(any(sign in text for sign in signs) for signs in self.all_of)


@dataclass(frozen=True, slots=True)
class Join:
    """Rules that are worse together. `parts` are beginnings of rule ids."""

    id: str
    tier: Tier
    categories: tuple[Category, ...]
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Signals:
    """Words that are worth a look without any grammar: strong ones alone, weak ones when two groups of them meet."""

    strong: frozenset[str]
    groups: Mapping[str, str]  # weak word -> its group
    enough: int = 2

    def met(self, sentence: Sentence) -> str:
        """What was met in a sentence, without the words; "" when it is too little."""
        if not self.strong.isdisjoint(sentence.places):
            return "strong"
        groups = sorted({self.groups[word] for word in sentence.places if word in self.groups})
        return "+".join(groups) if len(groups) >= self.enough else ""


@dataclass(frozen=True, slots=True)
class RuleBook:
    """Everything the screen knows."""

    speller: Speller
    rules: Index
    idioms: Index
    markers: Markers
    joins: tuple[Join, ...]
    signs: tuple[Sign, ...]
    signals: Signals
    worrying_questions: frozenset[str]
    worrying_answers: tuple[Pattern, ...]


def read_yaml(path: Path) -> Any:
    """A data file with every scalar left a string, so that `no` and `on` stay words."""
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # in C where there is one: ten times quicker
    return yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506  # a base loader makes strings only


@cache
def load_rule_book() -> RuleBook:
    """Read and compile all rule files. Raises BadPattern, KeyError or ValueError on a mistake in them."""
    lists = _lists(read_yaml(_HERE / "lists.yml"))
    entries = [entry for path in sorted((_HERE / "rules").glob("*.yml")) for entry in _entries(path, lists)]
    idioms = list(_idioms(read_yaml(_HERE / "idioms.yml"), lists))
    marks = read_yaml(_HERE / "markers.yml")
    extra = read_yaml(_HERE / "joins.yml")
    markers = _markers(marks, lists)
    answers = tuple(compile_pattern(line, lists) for line in extra["worrying_answers"])
    return RuleBook(
        speller=_speller([*entries, *idioms], markers),
        rules=Index.of(entries),
        idioms=Index.of(idioms),
        markers=markers,
        joins=tuple(_join(row) for row in extra["joins"]),
        signs=tuple(_sign(row) for row in extra["signs"]),
        signals=Signals(
            frozenset(extra["strong"].split()),
            {word: group for group, line in extra["signals"].items() for word in line.split()},
        ),
        worrying_questions=frozenset(extra["worrying_questions"].split()),
        worrying_answers=answers,
    )


def _lists(raw: Mapping[str, Any]) -> Lists:
    made: dict[str, frozenset[Phrase]] = {}
    for name, row in raw.items():
        own = {(word,) for word in row.get("words", "").split()} | {tuple(p.split()) for p in row.get("phrases", [])}
        made[name] = frozenset(own).union(*(made[other] for other in row.get("of", [])))
    return made


def _categories(value: str) -> tuple[Category, ...]:
    return tuple(Category(name) for name in value.split())


def _entries(path: Path, lists: Lists) -> Iterator[Entry]:
    for row in read_yaml(path):
        rule = Rule(
            id=row["id"],
            tier=Tier(row["tier"]),
            categories=_categories(row["categories"]),
            negation=row.get("negation", "lowers") == "lowers",
            now=row.get("now", ""),
        )
        yield from (Entry(rule, compile_pattern(line, lists)) for line in row["any"])


def _idioms(raw: Mapping[str, Sequence[str]], lists: Lists) -> Iterator[Entry]:
    for tier, lines in raw.items():
        rule = Rule(f"idiom.{tier}", Tier(tier), (Category.PHYSICAL,))
        yield from (Entry(rule, compile_pattern(line, lists)) for line in lines)


def _markers(raw: Mapping[str, Any], lists: Lists) -> Markers:
    known = dict(lists) | {"negator": frozenset((word,) for word in raw["negators"].split())}

    def compiled(name: str) -> tuple[Pattern, ...]:
        return tuple(compile_pattern(line, known) for line in raw[name])

    return Markers(
        negators=frozenset(raw["negators"].split()),
        bridge=frozenset(raw["bridge"].split()),
        not_negating=compiled("not_negating"),
        past=compiled("past"),
        now=compiled("now"),
        soon=compiled("soon"),
    )


def _join(row: Mapping[str, Any]) -> Join:
    return Join(row["id"], Tier(row["tier"]), _categories(row["categories"]), tuple(row["parts"]))


def _sign(row: Mapping[str, Any]) -> Sign:
    sets = tuple(frozenset(signs.split()) for signs in row["all_of"])
    return Sign(row["id"], Tier(row["tier"]), _categories(row["categories"]), sets)


def _speller(entries: Iterable[Entry], markers: Markers) -> Speller:
    raw = read_yaml(_HERE / "spelling.yml")
    patterns = [entry.pattern for entry in entries] + [*markers.past, *markers.now, *markers.soon]
    known = frozenset(word for pattern in patterns for word in pattern.vocabulary()) | markers.negators
    return Speller(
        words={typed: tuple(plain.split()) for typed, plain in raw["words"].items()},
        pairs={(first, second): tuple(plain.split()) for first, second, plain in raw["pairs"]},
        known=known - {NUMBER},
        near=neighbours(raw["near"].split()),
        leave=frozenset(raw["leave"].split()) | known,
    )
