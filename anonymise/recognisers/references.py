"""Reference numbers of cases, orders, courts, prisons and crimes, and any long number nobody else knows."""

from collections.abc import Iterable
from dataclasses import dataclass

from anonymise.findings import EntityType, Finding
from anonymise.recognisers.pattern import Pattern, compiled, find_all

_CODE = r"(?=[\w/\-.]{0,30}\d)[a-z0-9][a-z0-9/\-.]{1,29}[a-z0-9](?:[ /]\d{2,6}){0,3}"
_WHAT = (
    r"(?:case|order|prison|prisoner|crime|incident|court|ref|reference|claim|complaint|file|warrant"
    r"|licence|license|passport|policy|member(?:ship)?|customer|client|patient|hospital|staff|badge"
    r"|id|identity|probation|supervision|tag|visa|brp|home office|arc|spin|social work|swis|mosaic"
    r"|pf|docket|account|roll|booking|ticket|serial)"
)
_PATTERNS = (
    Pattern(compiled(r"\b(?:w?pc|dc|sgt|sergeant|constable) (?P<it>[a-z]?\d{2,6})(?!\w)"), EntityType.CASE, 0.85),
    Pattern(
        compiled(
            rf"\b{_WHAT}(?: (?:ref(?:erence)?|id|code|file))?(?: ?(?:no|num|number|nr|#|id|code)\b\.?)?(?: is"
            rf"| was|:| -|=|#)? {{0,2}}(?P<it>{_CODE})(?!\w)"
        ),
        EntityType.CASE,
        0.9,
    ),
    Pattern(
        compiled(rf"\b(?:ref|reference|case|crime|order|prison|pf|id)[:#.\-/] {{0,2}}(?P<it>{_CODE})(?!\w)"),
        EntityType.CASE,
        0.92,
    ),
    Pattern(
        compiled(r"(?<!\w)(?=[a-z]{0,4}[/\-]?\d)[a-z]{1,4}[/\-]?\d{4,12}(?:[/\-]\d{1,6}){0,3}[a-z]?(?!\w)"),
        EntityType.CASE,
        0.75,
    ),
    Pattern(compiled(r"(?<![\w/\-])\d{3,8}/\d{2,6}(?:/\d{2,6})?(?![\w/])"), EntityType.CASE, 0.7),
    Pattern(compiled(r"(?<![\w£$€.,])\d{7,40}(?!\w|[.,]\d)"), EntityType.CASE, 0.6),
    Pattern(compiled(r"(?<!\w)(?=[a-z0-9]{0,20}\d[a-z]{1,3}\d)[a-z0-9]{8,24}(?!\w)"), EntityType.CASE, 0.65),
)


@dataclass(frozen=True, slots=True)
class References:
    """A code after the word for it, or a code that can be nothing else."""

    name: str = "references"

    def find(self, text: str) -> Iterable[Finding]:
        """Every code."""
        return find_all(_PATTERNS, text, self.name)
