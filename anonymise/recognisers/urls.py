"""Links, with or without http."""

from collections.abc import Iterable
from dataclasses import dataclass

from anonymise.findings import EntityType, Finding
from anonymise.recognisers.pattern import Pattern, compiled, find_all

_TAIL = r"[^\s<>\"\ufffc]{0,2000}[^\s<>\"\ufffc.,;:!?)'\]»]"
_ENDINGS = r"(?:com|org|net|uk|scot|eu|edu|gov|info|biz|app|dev|page|site|online|blog|tv|ly|gl)"
_PATTERNS = (
    Pattern(compiled(rf"(?<!\w)(?:h(?:tt|xx)ps?:(?://)?|www\.|ftp://){_TAIL}"), EntityType.URL, 0.99),
    Pattern(
        compiled(rf"(?<![\w@.\-])(?:[a-z0-9][a-z0-9\-]{{0,62}}\.){{1,4}}{_ENDINGS}(?:/{_TAIL}|/|(?![\w@.\-]))"),
        EntityType.URL,
        0.9,
    ),
    Pattern(
        compiled(rf"(?<![\w@.])(?:t|wa|m|fb|bit|youtu|goo|is|g)\.(?:me|ly|be|gl|gd|page)/{_TAIL}"), EntityType.URL, 0.95
    ),
)


@dataclass(frozen=True, slots=True)
class Urls:
    """Web addresses."""

    name: str = "links"

    def find(self, text: str) -> Iterable[Finding]:
        """Every link, without the punctuation after it."""
        return find_all(_PATTERNS, text, self.name)
