"""Finds identifiers and masks them in the words as they were sent. A failure shows nothing, a doubt withholds."""

import secrets
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from anonymise.errors import AnonymiseError, OutOfTime, RecogniserFailed, Unsettled
from anonymise.findings import EntityType, Finding, Recogniser, merge
from anonymise.normal import normalise, unknown_script
from anonymise.placeholders import Placeholders, standing, wrap
from anonymise.policy import Policy, default_policy
from anonymise.recognisers.standard import standard
from anonymise.terms import Terms, helplines, spared

LOOKS = 6  # a mask can bring out another identifier; more rounds than this never happened


@dataclass(frozen=True, slots=True)
class Masked:
    """A text fit to be shown, or held; `findings` are positions in the original. `reason` never quotes the words."""

    text: str
    findings: tuple[Finding, ...]
    held: bool
    reason: str


class Anonymiser:
    """Recognisers and a release policy.

    `clock` gives seconds that only go forward; a text that takes longer than the policy allows is held.
    """

    def __init__(
        self, recognisers: Sequence[Recogniser], policy: Policy, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._recognisers = tuple(recognisers)
        self._quick = tuple(each for each in recognisers if each.name in policy.before_the_dialogue)
        self._policy = policy
        self._clock = clock

    def find(
        self, text: str, *, deny: Sequence[str] = (), allow: Sequence[str] = (), always: Sequence[str] = ()
    ) -> tuple[Finding, ...]:
        """What identifies somebody in `text`: apart, in order, as positions in it.

        `deny` and `always` (a display name, each word of it) are masked whatever else is known, `allow` never is.
        Raises: AnonymiseError if a recogniser fails or time is over.
        """
        return self._settle(text, self._recognisers, (Terms(tuple(deny)), Terms(tuple(always), parts=True)), allow)

    def response(
        self,
        text: str,
        placeholders: Placeholders,
        *,
        deny: Sequence[str] = (),
        allow: Sequence[str] = (),
        always: Sequence[str] = (),
    ) -> Masked:
        """`text` as the release policy lets inspectors read it. Whatever a text contains, it never raises."""
        if len(text) > self._policy.longest:
            return Masked("", (), True, "too long")
        try:
            findings = self.find(text, deny=deny, allow=allow, always=always)
        except AnonymiseError as error:
            return Masked("", (), True, _why(error))
        reason = self._doubt(text, findings)
        return Masked(self._mask(text, findings, placeholders), findings, bool(reason), reason)

    def identifiers(self, text: str, placeholders: Placeholders) -> str:
        """`text` without numbers, addresses and the like: quick, before the dialogue sees it. Names and ages stay.

        Raises: AnonymiseError if a recogniser fails or time is over; the text must then not be used.
        """
        return self._mask(text, self._settle(text, self._quick, (), ()), placeholders)

    def describe(self, text: str) -> dict[str, Any]:
        """One text on its own, as the command line prints it: masked text, spans of the original, held or not."""
        masked = self.response(text, Placeholders(secrets.token_bytes(32)))
        spans = [[each.start, each.end, each.type.value, round(each.probability, 3)] for each in masked.findings]
        return {"text": masked.text, "spans": spans, "held": masked.held}

    def _doubt(self, text: str, findings: Sequence[Finding]) -> str:
        if unknown_script(text):
            return "a script that is not known"
        grey = sorted({finding.recogniser for finding in findings if self._policy.is_grey(finding)})
        return f"unsure: {', '.join(grey)}" if grey else ""

    def _settle(
        self, text: str, recognisers: Sequence[Recogniser], terms: Sequence[Terms], allow: Sequence[str]
    ) -> tuple[Finding, ...]:
        """Look, hide what was found, look again, until nothing new is found: then masking twice changes nothing."""
        deadline = self._clock() + self._policy.seconds
        fixed = _fixed(text)
        findings: tuple[Finding, ...] = ()
        for _ in range(LOOKS):
            hidden = sorted([*fixed, *((finding.start, finding.end) for finding in findings)])
            new = self._look(text, hidden, recognisers, terms, allow, deadline)
            if not new:
                return findings
            findings = _joined(text, merge([*findings, *_outside(new, fixed)]))
        raise Unsettled

    def _look(
        self,
        text: str,
        hidden: list[tuple[int, int]],
        recognisers: Sequence[Recogniser],
        terms: Sequence[Terms],
        allow: Sequence[str],
        deadline: float,
    ) -> list[Finding]:
        seen = normalise(text, hidden)
        spare = spared(seen.text, allow)
        found: list[Finding] = []
        for recogniser in recognisers:
            if self._clock() > deadline:
                raise OutOfTime
            results = (each for each in _run(recogniser, seen.text) if self._policy.concerns(each))
            found += [each for each in results if not any(span.covers(each) for span in spare)]
        for recogniser in terms:
            found += _run(recogniser, seen.text)
        return [_carried(each, *seen.original(each.start, each.end)) for each in found if _has_content(seen.text, each)]

    def _mask(self, text: str, findings: Sequence[Finding], placeholders: Placeholders) -> str:
        pieces: list[str] = []
        position = 0
        for finding in findings:
            words = text[finding.start : finding.end]
            coarser = self._policy.generalise(finding, normalise(words).text)
            pieces += [
                text[position : finding.start],
                wrap(coarser) if coarser else placeholders.replace(finding, words),
            ]
            position = finding.end
        return "".join([*pieces, text[position:]])


@cache
def default_anonymiser() -> Anonymiser:
    """Every recogniser, the policy of `policy.yml`."""
    return Anonymiser(standard(), default_policy())


def describe(text: str) -> dict[str, Any]:
    """What the default anonymiser makes of one text on its own."""
    return default_anonymiser().describe(text)


def _fixed(text: str) -> list[tuple[int, int]]:
    """What stays as it is whatever is found: placeholders already there, and helplines."""
    ours = standing(text)
    seen = normalise(text, ours)
    return sorted([*ours, *(seen.original(start, end) for start, end in helplines(seen.text))])


def _run(recogniser: Recogniser, text: str) -> list[Finding]:
    """The findings of one recogniser. Whatever it raises may quote the words, so only its name goes on."""
    failed = False
    found: list[Finding] = []
    try:
        found = list(recogniser.find(text))
    except Exception:  # a recogniser is allowed to break; the text is then withheld
        failed = True
    if failed or any(each.end > len(text) for each in found):
        raise RecogniserFailed(recogniser.name)
    return found


def _why(error: AnonymiseError) -> str:
    if isinstance(error, RecogniserFailed):
        return f"failed: {error.recogniser}"
    return "out of time" if isinstance(error, OutOfTime) else "did not settle"


def _carried(finding: Finding, start: int, end: int) -> Finding:
    return Finding(start, end, finding.type, finding.probability, finding.recogniser)


def _has_content(text: str, finding: Finding) -> bool:
    """A finding of nothing but what is hidden already is no news."""
    return any(character.isalnum() for character in text[finding.start : finding.end])


def _outside(findings: Iterable[Finding], fixed: Sequence[tuple[int, int]]) -> Iterable[Finding]:
    """Findings cut so that placeholders already in the text stay as they are."""
    for finding in findings:
        start = finding.start
        for left, right in fixed:
            if start < left < finding.end:
                yield _carried(finding, start, left)
            if start < right <= finding.end or left <= start < right:
                start = max(start, right)
        if start < finding.end:
            yield _carried(finding, start, finding.end)


def _joined(text: str, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Two parts of one person's name with nothing but a blank between them are one finding."""
    joined: list[Finding] = []
    for finding in findings:
        last = joined[-1] if joined else None
        if last and last.type is finding.type is EntityType.PERSON and text[last.end : finding.start] in (" ", "-", ""):
            joined[-1] = Finding(
                last.start, finding.end, last.type, max(last.probability, finding.probability), last.recogniser
            )
        else:
            joined.append(finding)
    return tuple(joined)
