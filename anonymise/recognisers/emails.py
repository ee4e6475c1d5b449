"""Email addresses, also with blanks in them or with "at" and "dot" written out."""

from collections.abc import Iterable
from dataclasses import dataclass

from anonymise.findings import EntityType, Finding
from anonymise.recognisers.pattern import Pattern, compiled, find_all

_NAME = r"[^\W_][\w.+%'\-]{0,63}"
_AT = r"(?: ?@ ?| ?[(\[{<] ?at ?[)\]}>] ?| at )"
_DOT = r"(?:\.| \. | ?[(\[{<] ?(?:dot|punkt) ?[)\]}>] ?| dot )"
_ENDS = r"(?:com|co|org|net|uk|scot|eu|info|edu|gov|ac|io|me|pl|ie|de|fr|es|it|ro|ua|ru|in|pk|ng|biz|live|mail)"
_PROVIDERS = (
    r"(?:g ?mail|googlemail|hot ?mail|outlook|yahoo|ymail|i ?cloud|live|aol|btinternet|proton ?mail"
    r"|proton|msn|gmx|wp|onet|sky|talktalk|virginmedia)"
)

_PATTERNS = (
    Pattern(compiled(rf"(?<![\w.+%\-]){_NAME}@[\w\-]{{1,63}}(?:\.[\w\-]{{1,63}}){{0,5}}"), EntityType.EMAIL, 0.99),
    Pattern(
        compiled(
            rf"(?<![\w.+%\-])[^\W_][\w.+%\-]{{0,63}}(?: (?:dot|underscore"
            rf"|dash) [\w]{{1,40}}){{0,4}}{_AT}"
            rf"(?!(?:the|a|an|my|your|that|this|our|his|her|their|it|all|home|work)\b)[\w\-]{{1,40}}(?:{_DOT}[\w\-]{{1,20}}){{0,2}}{_DOT}{_ENDS}"
            rf"(?:{_DOT}uk)?\b"
        ),
        EntityType.EMAIL,
        0.95,
    ),
    Pattern(compiled(rf"(?<![\w.+%\-])[\w.+%\-]{{2,64}}(?:@ ?| @ | at ){_PROVIDERS}\b"), EntityType.EMAIL, 0.8),
    Pattern(
        compiled(r"\bemail(?: address)?(?: is|:| -)? (?P<it>[\w.+%\-]{1,64} ?@ ?[\w.\-]{1,64})"), EntityType.EMAIL, 0.9
    ),
)


@dataclass(frozen=True, slots=True)
class Emails:
    """Anything with an address's shape; that it exists does not matter."""

    name: str = "emails"

    def find(self, text: str) -> Iterable[Finding]:
        """Every address, the written-out ones included."""
        if "@" not in text and "at" not in text.lower():
            return ()
        return find_all(_PATTERNS, text, self.name)
