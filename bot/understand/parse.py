"""Decides what a message means, given the question that stands: plain readers first, the trained classifier last.

Must never let a participant name an intent, and never take a command out of the middle of somebody's story.
"""

import re

from bot.understand import age, consent, rating, role, safety, statements
from bot.understand.commands import command, slashed
from bot.understand.normal import plain
from bot.understand.types import Classify, Context, Intent, Parsed, unsure

SURE = 1.0
READ = 0.95  # by one of the plain readers
SUPPOSED = 0.5  # by where in the conversation it came
LOST = 0.3

_TRUST = 0.45  # of the classifier, for short messages
_TRUST_IN_STORY = 0.6  # a story is the likeliest thing while a story is being told
_SHORT = 10  # words: commands and questions are not longer; what is longer is somebody telling us something
_TELLING = 5  # words: from here on, an unclear answer is taken for a story
_ANSWERS = {  # intents that answer a question other than the one that stands, when the classifier says so
    Intent.RATE,
    Intent.RATE_AND_STORY,
    Intent.GIVE_AGE,
    Intent.GIVE_AUDIENCE,
    Intent.CHOOSE_STATEMENTS,
}
_ENOUGH_SAID = {Intent.FINISH, Intent.REFUSE}  # to "tell me more", these only say that there is no more to tell
_DONE_FOR_NOW = frozenset({"finish", "finished", "im finished", "i am finished", "finish now", "no more questions"})


def parse(text: str, context: Context, classify: Classify = unsure) -> Parsed:
    """What `text` means as an answer in `context`.

    `classify` is the trained part; without it only the plain readers are used. Deterministic for a given classifier.
    """
    if intent := slashed(text):
        return Parsed(intent, SURE if intent is Intent.STOP else LOST)
    readers = {
        Context.CONSENT: _in_consent,
        Context.AGE: _in_age,
        Context.ROLE: _in_role,
        Context.RATING: _in_rating,
        Context.STORY: _in_story,
        Context.ANY: _in_any,
    }
    return readers[context](text, classify)


def _in_consent(text: str, classify: Classify) -> Parsed:
    if (found := command(text)) in {Intent.STOP, Intent.DELETE_MY_DATA}:
        return Parsed(found, SURE)
    if (said := consent.read(text)) is not None:
        return Parsed(Intent.AGREE_TO_TAKE_PART if said else Intent.REFUSE, SURE)
    if found:
        return Parsed(found, SURE)
    parsed = _unclear(text, classify)
    if parsed.intent is Intent.AGREE_TO_TAKE_PART and (consent.conditional(text) or parsed.confidence < 0.6):
        return Parsed(Intent.CONFUSED, LOST)
    return parsed


def _in_age(text: str, classify: Classify) -> Parsed:
    if age.withheld(text):
        return Parsed(Intent.SKIP, READ)
    if found := command(text):
        return Parsed(found, SURE)
    if band := age.read(text):
        return Parsed(Intent.GIVE_AGE, READ, value=band.value)
    return _without(_unclear(text, classify), Intent.GIVE_AGE)


def _in_role(text: str, classify: Classify) -> Parsed:
    found = command(text)
    if found and found is not Intent.WRONG_NUMBER:
        return Parsed(found, SURE)
    if audience := role.read(text):
        return Parsed(Intent.GIVE_AUDIENCE, READ, value=audience)
    return Parsed(found, SURE) if found else _without(_unclear(text, classify), Intent.GIVE_AUDIENCE)


def _in_rating(text: str, classify: Classify) -> Parsed:
    reading = rating.read(text)
    found = command(text)
    if reading and (not found or rating.exact(text)):
        intent = Intent.RATE_AND_STORY if reading.more else Intent.RATE
        return Parsed(intent, READ, rating=reading.rating)
    if found and found is not Intent.ABUSIVE_TO_BOT:
        return Parsed(found, SURE)
    parsed = _unclear(text, classify)
    if parsed.intent in {Intent.REFUSE, Intent.AGREE_TO_TAKE_PART}:
        return Parsed(Intent.CONFUSED, LOST)
    return parsed


def _in_story(text: str, classify: Classify) -> Parsed:
    words = plain(text)
    if not words:
        return Parsed(Intent.TELL_STORY, SUPPOSED) if text.strip(" \t\n.,!?") else Parsed(Intent.CONFUSED, LOST)
    if plainly := rating.read_plainly(text):
        return Parsed(Intent.RATE, READ, rating=plainly)
    if consent.bare(text):
        return Parsed(Intent.RESUME, SUPPOSED, value="yes")
    if consent.read(text) is False or rating.no_opinion(text):
        return Parsed(Intent.SKIP, READ, value="no")
    if found := command(text):
        return _command_in_story(found, words)
    if len(words.split()) > _SHORT:
        return Parsed(Intent.TELL_STORY, READ)
    intent, confidence = _ask(classify, text)
    if confidence < _TRUST_IN_STORY or intent in _ANSWERS | {
        Intent.CONFUSED,
        Intent.OUT_OF_SCOPE,
        Intent.ABUSIVE_TO_BOT,
    }:
        return Parsed(Intent.TELL_STORY, max(SUPPOSED, 1 - confidence))
    if intent in _ENOUGH_SAID:
        return Parsed(Intent.SKIP, confidence)
    return Parsed(intent, confidence)


def _command_in_story(found: Intent, words: str) -> Parsed:
    if found in _ENOUGH_SAID and words not in _DONE_FOR_NOW:
        return Parsed(Intent.SKIP, READ)
    if found is Intent.ABUSIVE_TO_BOT:  # "useless" is more likely said of the service than to us
        return Parsed(Intent.TELL_STORY, SUPPOSED)
    return Parsed(found, SURE)


def _in_any(text: str, classify: Classify) -> Parsed:
    if found := command(text):
        return Parsed(found, SURE)
    if (agreed := consent.bare(text)) is not None:
        return Parsed(Intent.RESUME, SUPPOSED, value="yes") if agreed else Parsed(Intent.REFUSE, SUPPOSED, value="no")
    if numbers := statements.read(text):
        return Parsed(Intent.CHOOSE_STATEMENTS, READ, value=numbers)
    if plainly := rating.read_plainly(text):
        return Parsed(Intent.RATE, READ, rating=plainly)
    if rating.no_opinion(text):
        return Parsed(Intent.CONFUSED, SUPPOSED)
    return _unclear(text, classify, also=Intent.SAFE_CONTACT)


def _unclear(text: str, classify: Classify, also: Intent | None = None) -> Parsed:
    """No plain reader knows it: a short message is the classifier's, a long one is somebody telling us something.

    "It is safe to write to me" answers only a question that the statements never ask, so it counts only as `also`.
    """
    words = plain(text)
    if not any(letter.isalpha() for letter in words) or _gibberish(words):
        return Parsed(Intent.CONFUSED, LOST)
    intent, confidence = _ask(classify, text)
    length = len(words.split())
    if length > 2 * _SHORT and intent is not Intent.TELL_STORY and confidence < 0.8:
        return Parsed(Intent.TELL_STORY, SUPPOSED)
    if intent in {Intent.RATE, Intent.RATE_AND_STORY, Intent.CHOOSE_STATEMENTS}:
        return Parsed(Intent.TELL_STORY if length >= _TELLING else Intent.CONFUSED, LOST)
    if intent is Intent.SAFE_CONTACT and also is not intent:
        return Parsed(Intent.CONFUSED, LOST)
    if confidence >= _TRUST:
        return Parsed(intent, confidence)
    if length >= _TELLING and confidence < LOST:
        return Parsed(Intent.TELL_STORY, LOST)
    return Parsed(intent if confidence >= LOST else Intent.OUT_OF_SCOPE, min(confidence, _TRUST))


def _ask(classify: Classify, text: str) -> tuple[Intent, float]:
    name, confidence = classify(text)
    if name == Intent.SAFE_CONTACT and safety.doubtful(text):
        return Intent.NOT_SAFE_CONTACT, confidence
    return Intent(name), confidence


def _without(parsed: Parsed, answer: Intent) -> Parsed:
    """The classifier may feel that a message answers the question; without the answer itself it must be asked again."""
    return Parsed(Intent.CONFUSED, LOST) if parsed.intent is answer else parsed


def _gibberish(words: str) -> bool:
    """Keys hit at random: one long run of letters without vowels, or a walk along the keyboard."""
    letters = words.replace(" ", "")
    walked = any(run in letters for run in ("asdf", "qwert", "zxcv", "hjkl", "sdfg", "fghj"))
    return walked or (len(letters) > 5 and re.search(r"[aeiouy0-9]", letters) is None and letters.isascii())
