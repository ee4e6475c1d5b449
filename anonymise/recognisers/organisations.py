"""Hospitals, care homes, schools, surgeries and centres by name. The kind stays readable: it is the placeholder."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from anonymise.findings import EntityType, Finding
from anonymise.lexicon import Lexicon, lexicon, read_yaml, word_set
from anonymise.normal import fold
from anonymise.recognisers.pattern import compiled
from anonymise.tokens import Word, gap, words

_LONGEST = 5
_HMP = compiled(r"\b(?:hmp|hmyoi|yoi|hm prison)(?: (?:and|&) yoi)? (?P<it>[a-z]+)")


@dataclass(frozen=True, slots=True)
class Kinds:
    """Endings (as tuples of folded words) with their label, ordinary words before them, and names known outright."""

    endings: Mapping[tuple[str, ...], str]
    ordinary_before: frozenset[str]
    known: Mapping[str, str]
    with_capitals: frozenset[str]  # first words of endings that count after a capital only

    def label(self, organisation: str) -> str:
        """The placeholder for an organisation's full name: its kind, or "organisation"."""
        folded = fold(organisation)
        for name, label in self.known.items():
            if name in folded:
                return label
        parts = tuple(folded.replace(".", "").split())
        if parts[:1] in (("hmp",), ("hmyoi",)):
            return "prison"
        fitting = [ending for ending in self.endings if parts[-len(ending) :] == ending]
        return self.endings[max(fitting, key=len)] if fitting else "organisation"


@cache
def kinds() -> Kinds:
    """The kinds of `data/organisations.yml`."""
    data = read_yaml("organisations.yml")
    endings: dict[tuple[str, ...], str] = {}
    for kind in data["kinds"]:
        for ending in kind["endings"]:
            endings.setdefault(tuple(ending.split()), kind["label"])
    known = {fold(name): label for label, names in data["known"].items() for name in names}
    strict = {ending.split()[0] for kind in data["kinds"] if kind.get("capitals") for ending in kind["endings"]}
    return Kinds(endings, frozenset(data["ordinary_before"].split()), known, frozenset(strict))


@dataclass(frozen=True, slots=True)
class Organisations:
    """A name and the word for what it is: "Inventit House care home", "Madeup Primary", "the Maple Centre"."""

    name: str = "organisations"

    def find(self, text: str) -> Iterable[Finding]:
        """Names known outright, then names by their ending."""
        yield from self._known(text)
        found = words(text)
        index = 1
        while index < len(found):
            length = _ending_length(text, found, index)
            end = _with_more(text, found, index + length) if length else index + 1
            finding = self._named(text, found, index, end) if length else None
            if finding:
                yield finding
            index = end if finding else index + 1

    def _known(self, text: str) -> Iterator[Finding]:
        lowered = "".join(fold(character) for character in text)
        for name in kinds().known:
            start = lowered.find(name)
            while start >= 0:
                end = start + len(name)
                if not lowered[max(0, start - 1) : start].isalnum() and not lowered[end : end + 1].isalnum():
                    yield Finding(start, end, EntityType.ORG, 0.9, self.name)
                start = lowered.find(name, end)
        for match in _HMP.finditer(text):
            yield Finding(match.start(), match.end(), EntityType.ORG, 0.9, self.name)

    def _named(self, text: str, found: Sequence[Word], index: int, end: int) -> Finding | None:
        """A name of one to five words before the ending (or endings) from `index` to `end`."""
        first = _first_of_name(text, found, index)
        probability = _probability(found[first:index], lexicon())
        several = end > index + _ending_length(text, found, index)
        capital = any(word.capital for word in found[first:index])
        if probability <= 0 or not (several or capital or found[index].folded not in kinds().with_capitals):
            return None
        return Finding(found[first].start, found[end - 1].end, EntityType.ORG, probability, self.name)


def _ending_length(text: str, found: Sequence[Word], index: int) -> int:
    """How many words the longest ending at `index` has."""
    return max(
        (
            len(ending)
            for ending in _endings_by_word().get(found[index].folded, ())
            if _spells(text, found, index, ending)
        ),
        default=0,
    )


def _with_more(text: str, found: Sequence[Word], index: int) -> int:
    """ "Madeup House care home": one ending may follow another."""
    while (
        index < len(found) and gap(text, found[index - 1], found[index]) == " " and _ending_length(text, found, index)
    ):
        index += _ending_length(text, found, index)
    return index


@cache
def _endings_by_word() -> Mapping[str, tuple[tuple[str, ...], ...]]:
    table: dict[str, list[tuple[str, ...]]] = {}
    for ending in kinds().endings:
        table.setdefault(ending[0], []).append(ending)
    return {word: tuple(endings) for word, endings in table.items()}


def _spells(text: str, found: Sequence[Word], index: int, ending: tuple[str, ...]) -> bool:
    if found[index].folded != ending[0] or index + len(ending) > len(found):
        return False
    words_match = all(found[index + place].folded == part for place, part in enumerate(ending))
    return words_match and all(
        gap(text, found[index + place], found[index + place + 1]) == " " for place in range(len(ending) - 1)
    )


def _first_of_name(text: str, found: Sequence[Word], index: int) -> int:
    """Go left over capitals and names; ordinary words, and the ends of sentences, stop it."""
    first = index
    while first and index - first < _LONGEST:
        word = found[first - 1]
        if gap(text, word, found[first]).replace("'s", "") not in (" ", ". " if word.folded == "st" else " "):
            break
        if not _belongs(word):
            break
        first -= 1
    return first


def _belongs(word: Word) -> bool:
    known = lexicon()
    if word.folded in kinds().ordinary_before:
        return (
            word.capital
            and word.text != "I"
            and not word.opens
            and word.folded not in word_set("organisations_never")
            and len(word.text) > 2
        )
    if word.capital or word.folded in ("st", "mount"):
        return not (word.opens and known.is_ordinary(word.folded))
    return not known.is_ordinary(word.folded) or word.folded in known.places or known.is_name(word.folded)


def _probability(name: Sequence[Word], known: Lexicon) -> float:
    """Somewhere in the name there must be a word that is not ordinary."""
    telling = [word for word in name if word.folded not in kinds().ordinary_before and not _is_shouted(word)]
    if not telling or all(known.is_ordinary(word.folded) and not word.capital for word in telling):
        return 0.0
    if all(known.is_ordinary(word.folded) for word in telling) and not all(word.capital for word in name):
        return 0.0
    return 0.85 if any(word.capital for word in telling) else 0.65


def _is_shouted(word: Word) -> bool:
    """GP, A, NHS: an abbreviation, not a name."""
    return len(word.text) <= 4 and word.text.isupper()
