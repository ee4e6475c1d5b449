"""The screen itself: read a message with the rules and say how worried to be, and why, without quoting a word.

It errs towards alerting: a doubt costs a person two minutes, a missed disclosure may cost a life.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache

from protection.screen.foreign import Foreign, load_foreign
from protection.screen.normalise import Words
from protection.screen.rules import Rule, RuleBook, load_rule_book
from records.types import Category, Kind, Tier, Verdict

_BASE = {Tier.NONE: 0.0, Tier.LOOK: 0.3, Tier.CONCERN: 0.6, Tier.IMMEDIATE: 0.9}
_STEP, _MOST = 0.02, 0.09  # each further rule that fires makes the score a little higher, never the tier
_UNSEEN = "cannot be seen here"
_COVER = "~"
NOTHING = Verdict(Tier.NONE, 0.0)


@dataclass(frozen=True, slots=True)
class Firing:
    """One rule that fired, as worried as it is after negation and time were weighed."""

    rule: str
    tier: Tier
    categories: tuple[Category, ...]
    note: str = ""

    def __str__(self) -> str:
        return f"{self.rule} ({self.note})" if self.note else self.rule


@dataclass(frozen=True, slots=True)
class RuleScreen:
    """A screen that works by rules alone. Pure: the same message always gets the same verdict."""

    book: RuleBook
    foreign: Foreign

    def __call__(
        self, text: str, *, kind: Kind = Kind.TEXT, asked: str | None = None, before: str | None = None
    ) -> Verdict:
        """See `Screen`."""
        found = self._read(text)
        if asked:
            found += self._answer(text, asked)
        if before and _worst(found) < Tier.CONCERN:
            found += self._across(before, text)
        if kind is Kind.MEDIA:
            found.append(Firing(f"unreadable.media: {_UNSEEN}", Tier.LOOK, (Category.UNREADABLE,)))
        return _verdict(found)

    def _read(self, text: str) -> list[Firing]:
        sentences = [self._cover(words) for words in self.book.speller.sentences(text)]
        found = [firing for words, idioms in sentences for firing in (*idioms, *self._sentence(words))]
        if len(sentences) > 1:
            found += self._sentence(tuple(word for words, _ in sentences for word in words), gaps=False)
        found += [Firing(f"signals.{met}", Tier.LOOK, (Category.HELP,)) for met in self._signals(sentences)]
        found += self._joined(found)
        found += [Firing(sign.rule, sign.tier, sign.categories) for sign in self.book.signs if sign.seen_in(text)]
        found += [Firing(hint.rule, hint.tier, hint.categories) for hint in self.foreign.read(text)]
        return found

    def _signals(self, sentences: Iterable[tuple[Words, list[Firing]]]) -> Iterator[str]:
        return filter(None, (self.book.signals.met(words) for words, _ in sentences))

    def _cover(self, words: Words) -> tuple[Words, list[Firing]]:
        """The sentence with its harmless turns of phrase covered, and a look for each that might be meant."""
        covered, looks = list(words), []
        for idiom in self.book.idioms.candidates(words):
            for match in idiom.pattern.matches(words):
                covered[match.start : match.end] = [_COVER] * (match.end - match.start)
                if idiom.rule.tier is not Tier.NONE:
                    looks.append(Firing(idiom.rule.id, idiom.rule.tier, idiom.rule.categories))
        return tuple(covered), looks

    def _sentence(self, words: Words, *, gaps: bool = True) -> Iterator[Firing]:
        """What fires in one sentence; without `gaps`, only unbroken phrases, for reading across sentences."""
        for entry in self.book.rules.candidates(words):
            if not gaps and entry.pattern.pinned:
                continue
            for match in entry.pattern.matches(words, gaps=gaps):
                note = self.book.markers.negated(words, match) if entry.rule.negation else ""
                yield self._weigh(entry.rule, words, note)

    def _weigh(self, rule: Rule, words: Words, negated: str) -> Firing:
        tier, note = rule.tier, negated
        if negated:
            tier = min(tier, Tier.LOOK)
        elif rule.now and tier is Tier.CONCERN and self.book.markers.happening(rule, words):
            tier, note = Tier.IMMEDIATE, "now"
        elif tier is Tier.IMMEDIATE and self.book.markers.long_ago(words):
            tier, note = Tier.CONCERN, "long ago"
        return Firing(rule.id, tier, rule.categories, note)

    def _joined(self, found: Iterable[Firing]) -> list[Firing]:
        """Two things that are worse together, as a wish to die and the means to."""
        grave = {firing.rule for firing in found if not firing.note.startswith("negated")}
        return [
            Firing(join.id, join.tier, join.categories)
            for join in self.book.joins
            if all(any(fired.startswith(part) for fired in grave) for part in join.parts)
        ]

    def _answer(self, text: str, asked: str) -> list[Firing]:
        """A bare `no` to a question about being safe is itself a disclosure."""
        question = {word for words in self.book.speller.sentences(asked) for word in words}
        sentences = self.book.speller.sentences(text)
        if len(sentences) == 1 and question & self.book.worrying_questions:
            if any(pattern.matches_whole(sentences[0]) for pattern in self.book.worrying_answers):
                return [Firing("answer.not-safe", Tier.LOOK, (Category.HELP,))]
        return []

    def _across(self, before: str, text: str) -> list[Firing]:
        """What only shows when their last message and this one are read as one sentence."""
        earlier = {firing.rule for firing in self._read(before)}
        whole = re.sub(r"[.!?\s]+$", "", before) + " " + text
        return [replace(f, note="over two messages") for f in self._read(whole) if f.rule not in earlier]


def _worst(found: Iterable[Firing]) -> Tier:
    return max((firing.tier for firing in found), default=Tier.NONE)


def _verdict(found: list[Firing]) -> Verdict:
    """The gravest tier; categories and reasons, the gravest first, each once."""
    worrying = [firing for firing in found if firing.tier is not Tier.NONE]
    if not worrying:
        return NOTHING
    ordered = sorted(worrying, key=lambda firing: firing.tier.rank, reverse=True)
    tier = ordered[0].tier
    gravest = {firing.rule: firing for firing in reversed(ordered)}
    rules = sorted(gravest.values(), key=lambda firing: firing.tier.rank, reverse=True)
    score = _BASE[tier] + min(_MOST, _STEP * (len(rules) - 1))
    categories = tuple(dict.fromkeys(category for firing in ordered for category in firing.categories))
    return Verdict(tier, round(score, 2), categories, "; ".join(str(firing) for firing in rules))


@cache
def default_screen() -> RuleScreen:
    """The screen in use, its rules read once."""
    return RuleScreen(load_rule_book(), load_foreign())


def describe(text: str) -> dict[str, object]:
    """One verdict as plain values for the command line: tier, score, categories, reason."""
    verdict = default_screen()(text)
    return {
        "tier": verdict.tier.value,
        "score": verdict.score,
        "categories": [category.value for category in verdict.categories],
        "reason": verdict.reason,
    }
