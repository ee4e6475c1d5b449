"""User names on social media: @x, "my insta is x", "snap: x"."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from anonymise.findings import EntityType, Finding
from anonymise.lexicon import lexicon
from anonymise.normal import fold
from anonymise.recognisers.pattern import compiled

_AT = compiled(r"(?<![\w@.])@ ?(?P<it>[a-z_][\w.]{1,31}(?<!\.))")
_SITES = (
    r"(?:insta(?:gram)?|snap(?:chat)?|tik ?tok|face ?book|fb|twitter|telegram|discord|whats ?app"
    r"|youtube|yt|xbox|psn|playstation|reddit|steam|roblox|bebo|linkedin|kik|twitch)"
)
_NAMED = compiled(
    rf"\b{_SITES}(?: ?(?:name|user ?name|handle|account|page|profile|id|tag|user|me))?(?: ?[:=\-]| is"
    rf"| it's| as| under| on| called| called is)? ?@?(?P<it>[\w.\-#]{{3,40}}(?<![.\-]))"
)
_ADDED = compiled(
    rf"\b(?:user ?name|gamer ?tag|handle)(?: is| ?[:=\-]) ?@?(?P<it>[\w.\-#]{{3,40}}(?<![.\-]))"
    rf"|\badd (?P<me>[\w.#]{{3,40}}) on {_SITES}\b"
)
_EXACT = compiled(rf"\b{_SITES}(?: ?(?:name|user ?name|handle|account|id|tag))?(?: ?[:=]| is) ?@?$")


@dataclass(frozen=True, slots=True)
class Handles:
    """What follows an at-sign or the name of a site, unless it is an ordinary word."""

    name: str = "handles"

    def find(self, text: str) -> Iterable[Finding]:
        """Every user name."""
        for match in _AT.finditer(text):
            if not lexicon().is_ordinary(fold(match.group("it"))):
                yield Finding(match.start(), match.end("it"), EntityType.HANDLE, 0.95, self.name)
        yield from self._named(text)

    def _named(self, text: str) -> Iterator[Finding]:
        for pattern in (_NAMED, _ADDED):
            for match in pattern.finditer(text):
                group = "it" if match.group("it") else "me"
                if group in match.re.groupindex and self._is_handle(
                    text, match.start(), match.start(group), match.group(group)
                ):
                    yield Finding(match.start(group), match.end(group), EntityType.HANDLE, 0.85, self.name)

    def _is_handle(self, text: str, start: int, at: int, word: str) -> bool:
        """Figures and underscores make a handle anywhere; plain letters only right after "is" or a colon."""
        if any(character.isdigit() or character in "_#" for character in word) and any(c.isalpha() for c in word):
            return True
        known = lexicon()
        folded = fold(word)
        if known.is_ordinary(folded) or word.isdigit() or folded in known.titles:
            return False
        return _EXACT.search(text[start:at]) is not None or text[at - 1 : at] == "@"
