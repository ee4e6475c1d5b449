"""What stands in place of an identifier: the same person is «name 1» all through a conversation.

What is kept from turn to turn is a table of keyed hashes and numbers; the words cannot be read back from it.
"""

import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from functools import cache

from anonymise.findings import EntityType, Finding
from anonymise.lexicon import lexicon
from anonymise.normal import fold, normalise
from anonymise.policy import default_policy, read_policy
from anonymise.recognisers.organisations import kinds

_OPEN, _CLOSE = "«", "»"
_NUMBERED = frozenset((EntityType.PERSON, EntityType.PLACE, EntityType.ORG))
_LETTERS = re.compile(r"[\W_]+")


class Placeholders:
    """The placeholders of one conversation.

    `key` never rotates while the conversation lasts; `state` is what `state()` gave after the turn before. Persons,
    places and organisations are told apart by number; of numbers, addresses and the like nothing is remembered.
    """

    def __init__(self, key: bytes, state: Mapping[str, int] | None = None) -> None:
        self._key = key
        self._numbers = dict(state or {})

    def state(self) -> dict[str, int]:
        """Keyed hashes and their numbers, to be stored with the conversation."""
        return dict(self._numbers)

    def replace(self, finding: Finding, words: str) -> str:
        """The placeholder for `words`, which `finding` is about."""
        label = _label(finding.type, words)
        if finding.type is EntityType.PERSON:
            return wrap(f"{label} {self._person(words)}")
        if finding.type not in _NUMBERED:
            return wrap(label)
        number = self._number(label, " ".join(_parts(words)))
        return wrap(label if number == 1 else f"{label} {number}")

    def _person(self, words: str) -> int:
        """Somebody named in full and then by one name is one person; two full names are two."""
        parts = _parts(words) or ["?"]
        full = " ".join(parts)
        known = self._known("name", full) or self._known("name", full.removesuffix("s"))
        if known is None and len(parts) > 1:
            known = self._extended(parts)
        number = known or self._next("name")
        self._numbers.setdefault(self._hash("name", full), number)
        if len(parts) > 1:
            self._remember_parts(parts, number)
        return number

    def _extended(self, parts: list[str]) -> int | None:
        """ "Jordan" who is now called "Jordan Smith", unless that Jordan already has another family name."""
        for part in (parts[0], parts[-1]):
            number = self._known("name", part)
            if number is not None and self._hash("full", str(number)) not in self._numbers:
                return number
        return None

    def _remember_parts(self, parts: list[str], number: int) -> None:
        self._numbers.setdefault(self._hash("full", str(number)), number)
        for part in (parts[0], parts[-1]):
            if len(part) > 1:
                self._numbers.setdefault(self._hash("name", part), number)

    def _number(self, label: str, words: str) -> int:
        known = self._known(label, words)
        number = known or self._next(label)
        self._numbers.setdefault(self._hash(label, words), number)
        return number

    def _known(self, label: str, words: str) -> int | None:
        return self._numbers.get(self._hash(label, words))

    def _next(self, label: str) -> int:
        """The next free number of a label; the counter is one of the rows."""
        counter = self._hash("count", label)
        self._numbers[counter] = self._numbers.get(counter, 0) + 1
        return self._numbers[counter]

    def _hash(self, label: str, words: str) -> str:
        message = f"{label}\x00{words}".encode("utf-8", "surrogatepass")
        return hmac.new(self._key, message, hashlib.sha256).hexdigest()


def wrap(wording: str) -> str:
    """A wording as a placeholder."""
    return f"{_OPEN}{wording}{_CLOSE}"


def standing(text: str) -> list[tuple[int, int]]:
    """Where `text` already has placeholders of ours."""
    return [match.span() for match in _ours().finditer(text)]


@cache
def _ours() -> re.Pattern[str]:
    data = read_policy()
    numbered = [data["placeholders"][kind] for kind in _NUMBERED] + data["kinds"]
    plain = [*data["placeholders"].values(), *default_policy().wordings()]
    return re.compile(rf"{_OPEN}(?:(?:{_any(numbered)})(?: [1-9]\d{{0,2}})?|(?:{_any(plain)})){_CLOSE}")


def _any(wordings: Iterable[str]) -> str:
    return "|".join(re.escape(wording) for wording in sorted(set(wordings)))


def _label(kind: EntityType, words: str) -> str:
    if kind is EntityType.ORG:
        return kinds().label(normalise(words).text)
    if kind is EntityType.PLACE and fold(normalise(words).text) in lexicon().places | lexicon().place_words:
        return "town"
    label: str = read_policy()["placeholders"][kind]
    return label


def _parts(words: str) -> list[str]:
    """The words of a name, folded, without possessives and initials' dots."""
    folded = fold(normalise(words).text)
    folded = re.sub(r"'s?(?!\w)", "", folded)
    return [part for part in _LETTERS.split(folded) if part]
