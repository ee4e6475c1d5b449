"""A small pattern language over words: `@harmer ..3 @hit ..1 @me`. Compiled once, matched in linear time.

It never backtracks over the text: each step carries a set of places, so no message can make it slow.

A pattern is a line of steps. A step is a word, words to choose from (`tea|coffee`), a list (`@harmer`), or `#` for a
number; `?` after it makes it optional; `$` among the choices is the end of the sentence. `..3` lets up to three words
stand before the next step. `^` and `$` pin the pattern to the beginning and the end of a sentence.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

Phrase = tuple[str, ...]
Lists = Mapping[str, frozenset[Phrase]]
NUMBER = "#"


class BadPattern(ValueError):
    """A rule file names a list that does not exist, or holds an empty pattern."""


@dataclass(frozen=True, slots=True)
class Step:
    """One place in a pattern: the phrases that fit, by their first word, and how many words may stand before it."""

    phrases: Mapping[str, tuple[Phrase, ...]]
    gap: int
    optional: bool
    at_end: bool = False  # the end of the sentence will do instead of a word

    def ends(self, words: Sequence[str], at: int) -> Iterator[int]:
        """Where this step could end if it began at `at`."""
        word = words[at]
        for phrase in self.phrases.get(word, ()):
            if len(phrase) == 1 or tuple(words[at : at + len(phrase)]) == phrase:
                yield at + len(phrase)
        if NUMBER in self.phrases and word[0].isdigit():
            yield at + 1


@dataclass(frozen=True, slots=True)
class Match:
    """Where a pattern fits: from `start` up to, not including, `end`; `skipped` are the words it jumped over."""

    start: int
    end: int
    skipped: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """Plain words, and where each of them stands, found once for all patterns."""

    words: tuple[str, ...]
    places: Mapping[str, tuple[int, ...]]

    @classmethod
    def of(cls, words: Iterable[str]) -> "Sentence":
        """Note where each word stands."""
        held = tuple(words)
        places: dict[str, list[int]] = {}
        for place, word in enumerate(held):
            places.setdefault(word, []).append(place)
        return cls(held, {word: tuple(found) for word, found in places.items()})


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled line of steps.

    `anchor` holds the first words of the step least often met: without one of them nothing matches, and a match begins
    at most `reach` words before it. So only a few places of a sentence are ever tried.
    """

    steps: tuple[Step, ...]
    from_start: bool
    to_end: bool
    anchor: frozenset[str]
    reach: int

    def matches(self, sentence: Sentence, *, gaps: bool = True) -> Iterator[Match]:
        """Every beginning at which the pattern fits, each once, with as few words skipped as possible."""
        for start in self._starts(sentence):
            yield from self._from(start, sentence.words, gaps)

    def _starts(self, sentence: Sentence) -> Sequence[int]:
        anchors = [place for word in self.anchor & sentence.places.keys() for place in sentence.places[word]]
        if self.from_start:
            return [0] if anchors else []
        return sorted({start for place in anchors for start in range(max(0, place - self.reach), place + 1)})

    def _from(self, start: int, words: Sequence[str], gaps: bool) -> Iterator[Match]:
        places: dict[int, tuple[int, ...]] = {start: ()}
        for number, step in enumerate(self.steps):
            reach = step.gap if gaps and number else 0
            places = _advance(step, places, words, reach)
            if not places:
                return
        for end, skipped in places.items():
            if end > start and (not self.to_end or end == len(words)):
                yield Match(start, end, skipped)

    def fits(self, sentence: Sentence) -> bool:
        """Does it match anywhere?"""
        return next(self.matches(sentence), None) is not None

    def matches_whole(self, sentence: Sentence) -> bool:
        """Does it take in the whole sentence?"""
        return any(match.start == 0 and match.end == len(sentence.words) for match in self.matches(sentence))

    @property
    def pinned(self) -> bool:
        """Does it ask where a sentence begins or ends?"""
        return self.from_start or self.to_end

    def vocabulary(self) -> frozenset[str]:
        """Every word that stands in any of its phrases."""
        return frozenset(word for step in self.steps for some in step.phrases.values() for p in some for word in p)


def _needed(step: Step) -> bool:
    """Must a word of this step stand in every sentence that matches?"""
    return not (step.optional or step.at_end or NUMBER in step.phrases)


def _cost(words: Iterable[str], common: frozenset[str]) -> int:
    return sum(1000 if word in common else 1 for word in words)


def _advance(
    step: Step, places: Mapping[int, tuple[int, ...]], words: Sequence[str], reach: int
) -> dict[int, tuple[int, ...]]:
    """All places reachable through one step, each with the words skipped on the shortest way there."""
    found: dict[int, tuple[int, ...]] = dict(places) if step.optional else {}
    for place, skipped in places.items():
        for at in range(place, min(place + reach + 1, len(words))):
            way = (*skipped, *range(place, at))
            for end in step.ends(words, at):
                if end not in found or len(way) < len(found[end]):
                    found[end] = way
        if step.at_end and place + reach >= len(words):
            found.setdefault(len(words), (*skipped, *range(place, len(words))))
    return found


def compile_pattern(line: str, lists: Lists) -> Pattern:
    """Read one line of the pattern language. Raises BadPattern when it means nothing."""
    parts = line.split()
    steps: list[Step] = []
    gap = 0
    for part in parts:
        if part in ("^", "$"):
            continue
        if part.startswith(".."):
            gap = int(part[2:])
            continue
        steps.append(_step(part, gap, lists))
        gap = 0
    if not any(_needed(step) for step in steps):
        raise BadPattern(f"nothing to hold on to in {line!r}")
    common = frozenset(phrase[0] for phrase in lists.get("common", ()))
    held = min((step for step in steps if _needed(step)), key=lambda step: _cost(step.phrases, common))
    return Pattern(tuple(steps), "^" in parts, "$" in parts, frozenset(held.phrases), _reach(steps, held))


def _reach(steps: Sequence[Step], held: Step) -> int:
    """How many words may at most stand between the beginning of a match and the step that holds it."""
    before = steps[: next(place for place, step in enumerate(steps) if step is held)]
    longest = (max((len(phrase) for some in step.phrases.values() for phrase in some), default=0) for step in before)
    return sum(longest) + sum(step.gap for step in before) + held.gap


def _step(part: str, gap: int, lists: Lists) -> Step:
    optional = part.endswith("?")
    phrases: dict[str, tuple[Phrase, ...]] = {}
    choices = part.removesuffix("?").split("|")
    for choice in choices:
        if choice == "$":
            continue
        for phrase in _choice(choice, lists):
            phrases[phrase[0]] = (*phrases.get(phrase[0], ()), phrase)
    return Step(phrases, gap, optional, "$" in choices)


def _choice(choice: str, lists: Lists) -> frozenset[Phrase]:
    if not choice.startswith("@"):
        return frozenset({(choice,)})
    if choice[1:] not in lists:
        raise BadPattern(f"no list is called {choice!r}")
    return lists[choice[1:]]
