"""How a person's name goes on once its first word is known, and what a word on its own is worth."""

import re
from collections.abc import Sequence

from anonymise.lexicon import Lexicon, word_set
from anonymise.tokens import Word, gap

LONGEST = 5  # words in one name
_SCOTS_OR_IRISH = re.compile(r"(?:mc|mac[b-df-hj-np-tv-z]|o')[a-z]{3,}")
_CAMEL = re.compile(r"(?:Mc|Mac|O'|D'|Fitz|De|Di|Van)[A-Z][a-z]+")


def has_name_shape(word: Word) -> bool:
    """McX, MacX and O'X, whatever X is."""
    if word.folded in word_set("shapes_not_names"):
        return False
    return bool(_CAMEL.fullmatch(word.text) or _SCOTS_OR_IRISH.fullmatch(word.folded))


def is_strong(word: Word, known: Lexicon) -> bool:
    """Hardly ever anything but a name, in any case."""
    if known.is_name(word.folded) or has_name_shape(word):
        return True
    parts = word.folded.split("-")
    return (
        len(parts) > 1
        and any(part in known.given for part in parts)
        and all(known.could_be_name(part) for part in parts)
    )


def is_plural(word: Word, known: Lexicon) -> bool:
    """ "jordans mum": a name with the apostrophe left out."""
    stem = word.folded.removesuffix("s")
    return len(stem) > 3 and stem != word.folded and stem in known.given and word.folded not in known.ordinary


def name_end(text: str, words: Sequence[Word], first: int, known: Lexicon) -> int:
    """The index after the last word of the name that begins at `first`."""
    last = first
    index = first + 1
    while index < len(words) and index - first < LONGEST and _goes_on(text, words, index, known):
        if (
            words[index].folded not in word_set("shapes_particles")
            or words[index].capital
            or _is_family(words[index], known)
        ):
            last = index
        index += 1
    return last + 1


def _goes_on(text: str, words: Sequence[Word], index: int, known: Lexicon) -> bool:
    left, word = words[index - 1], words[index]
    between = gap(text, left, word)
    if between not in (" ", "-", "  ") and not (left.initial and between in (". ", ".")):
        return False
    if word.initial:
        return word.text != "I"
    if word.folded in word_set("shapes_particles") and index + 1 < len(words) and words[index + 1].capital:
        return True
    if word.capital:
        return not known.is_ordinary(word.folded) or is_strong(word, known) or word.folded in known.surname_words
    return _is_family(word, known) or (
        word.folded in word_set("shapes_particles") and index + 1 < len(words) and words[index + 1].capital
    )


def _is_family(word: Word, known: Lexicon) -> bool:
    """In lower case only a word that is hardly anything but a family name goes on with a name."""
    return is_strong(word, known) and word.folded not in known.ordinary
