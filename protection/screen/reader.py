"""The screen itself: read a message with the rules and say how worried to be, and why, without quoting a word.

It errs towards alerting: a doubt costs a person two minutes, a missed disclosure may cost a life.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache

from protection.screen.foreign import Foreign, load_foreign
from protection.screen.grammar import Sentence
from protection.screen.rules import Entry, Rule, RuleBook, Time, load_rule_book
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
        sentences, found = self._covered(text)
        found += [firing for sentence in sentences for firing in self._sentence(sentence)]
        if len(sentences) > 1:
            whole = Sentence.of(word for sentence in sentences for word in sentence.words)
            found += self._sentence(whole, gaps=False)
        found += self._joined(found)
        found += [Firing(sign.rule, sign.tier, sign.categories) for sign in self.book.signs if sign.seen_in(text)]
        found += [Firing(hint.rule, hint.tier, hint.categories) for hint in self.foreign.read(text)]
        if _worst(found) is Tier.NONE:
            signals = filter(None, map(self.book.signals.met, sentences))
            found += [Firing(f"signals.{met}", Tier.LOOK, (Category.PSYCHOLOGICAL,)) for met in signals]
        return found

    def _covered(self, text: str) -> tuple[list[Sentence], list[Firing]]:
        """The sentences with harmless turns of phrase covered, and a look for each of those that might be meant."""
        sentences, looks = [], []
        for words in self.book.speller.sentences(text):
            sentence, covered = Sentence.of(words), list(words)
            for idiom in self.book.idioms.candidates(sentence):
                for match in idiom.pattern.matches(sentence):
                    covered[match.start : match.end] = [_COVER] * (match.end - match.start)
                    looks += [] if idiom.rule.tier is Tier.NONE else [_plain(idiom.rule)]
            sentences.append(Sentence.of(covered))
        return sentences, looks

    def _sentence(self, sentence: Sentence, *, gaps: bool = True) -> Iterator[Firing]:
        """What fires in one sentence; without `gaps`, only unbroken phrases, for reading across sentences."""
        firm: set[str] = set()  # rules that fired and were not negated: nothing more can be learnt from them
        time = self.book.markers.time_of(sentence)
        for entry in self.book.rules.candidates(sentence):
            if entry.rule.id in firm or (entry.pattern.pinned and not gaps):
                continue
            note = self._best_match(entry, sentence, gaps)
            if note is not None:
                firm |= set() if note else {entry.rule.id}
                yield _weigh(entry.rule, note, time)

    def _best_match(self, entry: Entry, sentence: Sentence, gaps: bool) -> str | None:
        """None when the pattern does not match; "" when a match stands, "negated" when every one is negated."""
        note = None
        for match in entry.pattern.matches(sentence, gaps=gaps):
            note = self.book.markers.negated(sentence.words, match) if entry.rule.negation else ""
            if not note:
                break
        return note

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
        if len(sentences) != 1 or not question & self.book.worrying_questions:
            return []
        bare = any(pattern.matches_whole(Sentence.of(sentences[0])) for pattern in self.book.worrying_answers)
        return [Firing("answer.not-safe", Tier.LOOK, (Category.PSYCHOLOGICAL,))] if bare else []

    def _across(self, before: str, text: str) -> list[Firing]:
        """What only shows when their last message and this one are read as one sentence."""
        earlier = {firing.rule for firing in self._read(before)}
        whole = re.sub(r"[.!?\s]+$", "", before) + " " + text
        return [replace(f, note="over two messages") for f in self._read(whole) if f.rule not in earlier]


def _plain(rule: Rule) -> Firing:
    return Firing(rule.id, rule.tier, rule.categories)


def _weigh(rule: Rule, negated: str, time: Time) -> Firing:
    """How worried one match makes us, once negation and time are weighed. Neither ever makes it vanish."""
    tier, note = rule.tier, negated
    if negated:
        tier = min(tier, Tier.LOOK)
    elif rule.now and tier is Tier.CONCERN and not time.past and (time.soon if rule.now == "soon" else time.now):
        tier, note = Tier.IMMEDIATE, "now"
    elif tier is Tier.IMMEDIATE and time.past:
        tier, note = Tier.CONCERN, "long ago"
    return Firing(rule.id, tier, rule.categories, note)


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
