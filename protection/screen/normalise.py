"""Turn what people type into plain words to compare: `I cannae dae this` and `i can't do this` become the same.

It never throws a word away: what it does not know passes through as it stands.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Words = tuple[str, ...]

_QUOTES = str.maketrans(dict.fromkeys("\u2018\u2019\u02bc\u00b4`\u2032", "'") | {"_": " "})
_LOOKALIKES = str.maketrans("\u0430\u0435\u043e\u0440\u0441\u0445\u0443\u0456\u0131", "aeopcxyii")
_LEET = str.maketrans("1340572@$!", "ieaostzasi")
# A full stop ends a sentence before a space, between two words run together, and when doubled; `k!ll` is one word.
_BOUNDARY = re.compile(r"[?;\n\r]+|\.{2,}|[.!]+(?=\s|$|[\"')])|(?<=[a-z][a-z])\.(?=[a-z])|!{2,}")
_WORD = re.compile(r"[a-z0-9]+(?:[@$!*']+[a-z0-9]+)*")
_TRIPLE = re.compile(r"([a-z])\1{2,}")
_DOUBLE = re.compile(r"([a-z])\1")
_BEGINNING = "^"
_FUZZY_FROM = 6  # letters; shorter words have too many neighbours


@dataclass(frozen=True, slots=True)
class Speller:
    """The word tables of one screen: what stands for what, and which words the rules know."""

    words: Mapping[str, Words]  # one typed word -> the plain words it stands for
    pairs: Mapping[tuple[str, str], Words]  # two words next to each other -> what they stand for
    known: frozenset[str]  # every word that some rule can use
    near: Mapping[str, str]  # a long danger word with one letter missing -> the word
    leave: frozenset[str]  # real words that look like a misspelt danger word

    def sentences(self, text: str) -> tuple[Words, ...]:
        """The plain words of each sentence of a message; no sentence is empty."""
        flat = flatten(text)
        found = (self.plain(_WORD.findall(part)) for part in _BOUNDARY.split(flat))
        return tuple(words for words in found if words)

    def plain(self, raw: Sequence[str]) -> Words:
        """The plain words that a sequence of typed words stands for."""
        words = [plain for word in _joined(raw) for plain in self._one(word)]
        return tuple(self._merge(words))

    def _one(self, typed: str) -> Words:
        word = typed.replace("'", "")
        if typed in self.words or word in self.words:
            return self.words.get(typed) or self.words[word]
        if word in self.known:
            return (word,)
        if typed.endswith("'s") and typed[:-2] in self.known:
            return (typed[:-2],)  # my mum's boyfriend, my wife's not breathing
        return self._repaired(word)

    def _repaired(self, word: str) -> Words:
        for guess in self._guesses(word):
            if guess in self.words:
                return self.words[guess]
            if guess in self.known:
                return (guess,)
        return (_TRIPLE.sub(r"\1", word),) if len(word) > 4 else (word,)

    def _guesses(self, word: str) -> list[str]:
        """Likely meant words, the nearest first."""
        guesses = [_TRIPLE.sub(r"\1\1", word), _TRIPLE.sub(r"\1", word)] if _TRIPLE.search(word) else []
        if word.endswith("in"):
            guesses.append(word + "g")
        if not word.isalpha() and not word.isdigit():
            letters = word.translate(_LEET)
            guesses += [letters, *(word.replace("*", vowel) for vowel in "aeiou" if "*" in word)]
        if word in self.leave or len(word) < 4:
            return guesses
        guesses.append(_DOUBLE.sub(r"\1", word))
        if len(word) >= _FUZZY_FROM:
            guesses += [self.near[form] for form in (word, *_shorter(word)) if form in self.near]
        return guesses

    def _merge(self, words: Sequence[str]) -> list[str]:
        merged = [_BEGINNING]
        for word in words:
            pair = self.pairs.get((merged[-1], word))
            if pair is None:
                merged.append(word)
            else:
                merged[-1:] = pair
        return merged[1:]


def flatten(text: str) -> str:
    """Lower case, one kind of apostrophe, no accents, no invisible characters, no foreign letters posing as ours."""
    composed = unicodedata.normalize("NFKD", text.translate(_QUOTES)).lower()
    return "".join(letter for letter in composed if unicodedata.category(letter) not in ("Mn", "Cf")).translate(
        _LOOKALIKES
    )


def neighbours(words: Sequence[str]) -> dict[str, str]:
    """Each long word by itself and by every form with one letter missing, to find it again when it is misspelt."""
    found: dict[str, str] = {}
    for word in words:
        for form in (word, *_shorter(word)):
            found.setdefault(form, word)
    return found


def _shorter(word: str) -> list[str]:
    return [word[:at] + word[at + 1 :] for at in range(len(word))]


def _joined(raw: Sequence[str]) -> list[str]:
    """`k i l l` as one word; shorter runs of single letters are left alone."""
    joined: list[str] = []
    run: list[str] = []
    for word in [*raw, ""]:
        if len(word) == 1 and word.isalpha():
            run.append(word)
            continue
        joined += ["".join(run)] if len(run) >= 4 else run
        run = []
        joined += [word] if word else []
    return joined
