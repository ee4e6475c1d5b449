"""Reads how far somebody agrees: numbers, words, Scots, emoji and stars, alone or before and after a story.

Must not find a rating in what only looks like one ("4 carers a day", "I'm 14", "no one came"): asking again is cheaper
than recording an answer nobody gave.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from bot.understand.normal import plain, standard, tidy, wording
from records.types import Rating

_POINTS = {
    5: Rating.STRONGLY_AGREE,
    4: Rating.AGREE,
    3: Rating.NEITHER,
    2: Rating.DISAGREE,
    1: Rating.STRONGLY_DISAGREE,
}
_NUMBER = re.compile(r"^(?:no |number |option )?([1-5])(?: ?/ ?5| out (?:of|o) (?:5|five)|/five)?(?: stars?)?$")
_OUT_OF_TEN = re.compile(r"^(10|[0-9]) ?(?:/ ?| out (?:of|o) )(?:10|ten)$")
_PERCENT = re.compile(r"^(100|[0-9]{1,2}) ?(?:%|percent|per cent)$")
_GIVEN = re.compile(
    r"\b(?:give|gie|rate|score|say|go for|go with|put|put it at|so) "
    r"(?:it |them |that |this |him |her )?(?:a |an |about a )?([1-5])"
    r"(?= ?/ ?5| out of (?:5|five)| stars?| because| cos| as| but| for that| for this| from me|$)"
)
_OF_FIVE_AT_END = re.compile(r"\b([1-5]) ?(?:/ ?5| out of (?:5|five)| stars?)$")
_SEPARATOR = re.compile(r"\s*(?:[,;:!?\n]|\.(?!\d)|(?<!\w)-|-(?!\w)|\s-\s)+\s*")
_NEGATIONS = frozenset({"dont", "not", "no", "cant", "wouldnt", "dinnae", "never", "nor", "or", "dinna", "didnt"})
_OF_THEM = re.compile(
    r"^(?:(?:(?:they|it|this|that|things|everything|all|he|she)(?:re|s| is| are| was| were| has been| have been)|is) )?"
    r"(?P<adverb>(?:(?:all|just|always|so|too|dead|pure|pretty|quite|fairly|very|really|absolutely|totally) )?)"
    r"(?P<said>.+)$"
)
_BETWEEN_TWO = re.compile(
    r"^[1-5a-z ]*\b(?:[1-5]|one|two|three|four|five) (?:and a half|n a half|(?:or|to) (?:a )?[1-5]\b)"
)
_STRONGER = {Rating.AGREE: Rating.STRONGLY_AGREE, Rating.DISAGREE: Rating.STRONGLY_DISAGREE}
_LONGEST = 9  # words in the longest phrase, with room


@dataclass(frozen=True, slots=True)
class Reading:
    """A rating, and whether more was said with it."""

    rating: Rating
    more: bool = False


def read(text: str) -> Reading | None:
    """The rating in an answer to "how far do you agree", or None when there is no plain one.

    An evaluation of a few words is one ("they're good", "pretty bad"). Read as written first, then in the spelling of a
    dictionary.
    """
    words = plain(text)
    if not words or not re.search(r"\w", words):
        marked = _marks(tidy(text))
        return Reading(marked) if marked else None
    respelt = "".join(_respelt(part) for part in re.split(r"([,;:!?\n.]+|\s-+\s)", tidy(text)))
    readings = [reading for reading in (_read(text), _read(respelt)) if reading]
    return next((reading for reading in readings if not reading.more), readings[0] if readings else None)


def _respelt(part: str) -> str:
    """A clause in the spelling of a dictionary; what stands between clauses as it is."""
    words = plain(part)
    return f" {standard(words)}" if re.search(r"[a-z]", words) else part


def _read(text: str) -> Reading | None:
    words = plain(text)
    if _BETWEEN_TWO.search(words):
        return None
    if whole := _whole(words):
        return Reading(whole)
    found = _before_separator(text) or _at_start(words) or _at_end(text, words) or _mark_first(text)
    return Reading(found, more=not _says_only_that(words)) if found else None


def _says_only_that(words: str) -> bool:
    """Are all the words of kinds that rate, so that nothing else is told ("I'm afraid I disagree")?"""
    return len(words.split()) < _LONGEST and _words_that_rate().issuperset(re.sub(r"\b[1-5]\b", "", words).split())


def within(text: str) -> Rating | None:
    """The longest phrase of rating inside a few words that are known to rate ("nope not even once to be fair")."""
    tokens = standard(plain(text)).split()
    if len(tokens) > _LONGEST:
        return None
    phrases = _phrases("strong") | _phrases("whole")
    parts = [
        " ".join(tokens[at : at + size]) for size in range(len(tokens), 0, -1) for at in range(len(tokens) - size + 1)
    ]
    return next((phrases[part] for part in parts if part in phrases and part not in _set("too_short")), None)


def read_plainly(text: str) -> Rating | None:
    """The opinion when the whole message says it with words that mean nothing else, when none was asked for."""
    rating = _look_up(plain(text), _phrases("strong"))
    return rating if rating and rating.points else None


def no_opinion(text: str) -> bool:
    """Does the whole message say "I don't know" or "not about me"?"""
    rating = _look_up(plain(text), _phrases("strong"))
    return rating is not None and rating.points is None


def exact(text: str) -> bool:
    """Is the whole message, word for word, one of the phrases or a number?"""
    words = plain(text)
    return words in _phrases("strong") or words in _phrases("whole") or words.isdigit()


def _whole(words: str) -> Rating | None:
    return _look_up(words, _phrases("strong") | _phrases("whole")) or _number(words) or _evaluation(words)


def _evaluation(words: str) -> Rating | None:
    """ "they're pretty good", "it's really bad": a phrase of the list after "they are" and its like."""
    forms = (words, _strip(words, _set("openers")))
    return next((rating for form in forms if (rating := _evaluated(form))), None)


def _evaluated(words: str) -> Rating | None:
    match = _OF_THEM.match(words)
    if match is None:
        return None
    if said := _phrases("whole").get(match.group("adverb") + match.group("said")):
        return said
    rating = _phrases("whole").get(match.group("said"))
    stronger = match.group("adverb").strip() in _set("strengthening")
    return _STRONGER.get(rating, rating) if rating and stronger else rating


def _look_up(words: str, phrases: dict[str, Rating]) -> Rating | None:
    return next((phrases[form] for form in _stripped(words) if form in phrases), None)


def _stripped(words: str) -> Iterator[str]:
    """The words, then with closers taken off one by one, and the same again without the openers."""
    without_opener = _strip(words, _set("openers"))
    for form in dict.fromkeys((words, without_opener)):
        yield from _shorter(form)


def _shorter(words: str) -> Iterator[str]:
    yield words
    tokens = words.split()
    for size in range(min(6, len(tokens) - 1), 0, -1):
        if " ".join(tokens[-size:]) in _set("closers"):
            yield from _shorter(" ".join(tokens[:-size]))


def _strip(words: str, edges: frozenset[str]) -> str:
    tokens = words.split()
    while len(tokens) > 1:
        sizes = (n for n in range(min(6, len(tokens) - 1), 0, -1))
        size = next((n for n in sizes if " ".join(tokens[:n]) in edges), 0)
        if not size:
            break
        tokens = tokens[size:]
    return " ".join(tokens)


def _number(words: str) -> Rating | None:
    """ "4", "a four please", "3/5", "8 out of 10", "80%"."""
    for form in _stripped(words):
        digits = " ".join(str(_set_of_numbers().get(token, token)) for token in form.split())
        if match := _NUMBER.match(digits):
            return _POINTS[int(match.group(1))]
        if match := _OUT_OF_TEN.match(digits):
            return _POINTS[max(1, -(-int(match.group(1)) // 2))]
        if match := _PERCENT.match(digits):
            return _POINTS[1 + sum(int(match.group(1)) >= step for step in (11, 40, 61, 90))]
    return None


def _before_separator(text: str) -> Rating | None:
    """ "2 - they never ring back", "Agree, mostly the night staff"."""
    head, *rest = _SEPARATOR.split(tidy(text), maxsplit=1)
    tail = plain(rest[0]) if rest else ""
    if not tail or (tail[0].isdigit() and _number(plain(head))):
        return None  # "2, 3 times a week", "1:1"
    return _whole(plain(head))


def _at_start(words: str) -> Rating | None:
    """ "strongly agree they are great", "4 because they listen", "naw they never listen"."""
    for form in dict.fromkeys((words, _strip(words, _set("openers")))):
        tokens = form.split()
        for size in range(min(_LONGEST, len(tokens) - 1), 0, -1):
            if rating := _leading(" ".join(tokens[:size]), tokens[size:]):
                return rating
    return None


def _leading(head: str, rest: list[str]) -> Rating | None:
    if head in _phrases("strong"):
        return None if rest[0] in _not_after(head) else _phrases("strong")[head]
    if head in _phrases("whole") and len(rest) > 1 and head not in _not_after("any_of"):
        return None if rest[0] in _not_after(head) else _phrases("whole")[head]
    return _number(head) if rest[0] in _set("story_begins") else None


def _at_end(text: str, words: str) -> Rating | None:
    """ "they are lovely. 5", "I'd give them a 4 because", "the staff listen so I strongly agree"."""
    if match := _GIVEN.search(words) or _OF_FIVE_AT_END.search(words):
        return _POINTS[int(match.group(1))]
    clauses = [plain(clause) for clause in _SEPARATOR.split(tidy(text))]
    if len(clauses) > 1 and re.fullmatch(r"[1-5]", clauses[-1]) and not clauses[-2][-1:].isdigit():
        return _POINTS[int(clauses[-1])]
    tokens = words.split()
    for size in range(min(_LONGEST, len(tokens) - 1), 0, -1):
        tail = " ".join(tokens[-size:])
        if tail in _phrases("strong"):
            found = _opinion(_phrases("strong")[tail])
            return None if found and _turned_round(found, tokens[:-size]) else found
    return None


def _turned_round(found: Rating, before: list[str]) -> bool:
    """Is there a "not" close before it? "No, I don't agree" is no such thing."""
    if before[0] == "no" and found in {Rating.DISAGREE, Rating.STRONGLY_DISAGREE}:
        before = before[1:]
    return not _NEGATIONS.isdisjoint(before[-2:])


def _opinion(rating: Rating) -> Rating | None:
    """Only an opinion counts at the end of a story: "... and I don't know" is part of the telling."""
    return rating if rating.points and rating is not Rating.NEITHER else None


def _mark_first(text: str) -> Rating | None:
    match = re.match(r"[^\w\s]+", tidy(text))
    return _marks(match.group()) if match and len(plain(text).split()) > 1 else None


def _marks(marks: str) -> Rating | None:
    """The rating of a message of emoji, smileys or stars; None when they disagree."""
    stars = sum(marks.count(star) for star in wording("rating")["stars"])
    if stars:
        return _POINTS.get(stars)
    meanings = [Rating(name) for name, found in wording("rating")["marks"].items() if any(m in marks for m in found)]
    if Rating.STRONGLY_AGREE in meanings and set(meanings) <= {Rating.STRONGLY_AGREE, Rating.AGREE}:
        return Rating.STRONGLY_AGREE
    if Rating.STRONGLY_DISAGREE in meanings and set(meanings) <= {Rating.STRONGLY_DISAGREE, Rating.DISAGREE}:
        return Rating.STRONGLY_DISAGREE
    return meanings[0] if len(meanings) == 1 else None


@cache
def _phrases(kind: str) -> dict[str, Rating]:
    return {plain(phrase): Rating(name) for name, phrases in wording("rating")[kind].items() for phrase in phrases}


@cache
def _words_that_rate() -> frozenset[str]:
    opinions = [phrase for phrase, rating in _phrases("strong").items() if rating.points]
    phrases = (*opinions, *_set("openers"), *_set("closers"), *_set("hedges"))
    return frozenset(word for phrase in phrases for word in phrase.split())


@cache
def _set(name: str) -> frozenset[str]:
    return frozenset(wording("rating")[name])


@cache
def _set_of_numbers() -> dict[str, int]:
    return dict(wording("rating")["numbers"])


@cache
def _not_after(head: str) -> frozenset[str]:
    return frozenset(wording("rating")["not_after"].get(head, ()))
