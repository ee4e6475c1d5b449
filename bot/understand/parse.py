"""Decides what a message means, given the question that stands: plain readers first, the trained classifier last.

Must never let a participant name an intent, and never take a command out of the middle of somebody's story.
"""

import re

from bot.understand import address, age, consent, rating, role, safety, statements
from bot.understand.commands import command, slashed
from bot.understand.normal import plain, standard
from bot.understand.types import Classify, Context, Intent, Parsed, unsure

SURE = 1.0
READ = 0.95  # by one of the plain readers
SUPPOSED = 0.5  # by where in the conversation it came
LOST = 0.3

_TRUST = 0.45  # of the classifier, for short messages
_AGREED = 0.5  # a yes to taking part must be likelier than everything else together
_GUESS = 0.2  # below it, the classifier's best is no better than chance
_SHORT = 10  # words: commands and questions are seldom longer
_LONG = 15  # words: what is longer is somebody telling us something, unless it asks us something
_TWO_WORDS = 2  # that nobody knows are no answer to "how far do you agree", but can be one to "tell me more"
_TELLING = 4  # words: from here on, an unclear answer is taken for a story
_PLAIN_COMMAND = 0.6  # of the classifier: beats a rating found at the edge of a longer message ("I meant agree")
_NEVER = 1.1
_CERTAIN = 0.97  # of the classifier, before "they ..." is not a story
# Of the classifier, before a message is more than a part of a story: (asks or names us, tells of others). Chosen on
# voices the classifier had not seen: lower, and more stories are lost; higher, and only more questions are.
_NEEDED = {(True, False): 0.35, (False, False): 0.45, (True, True): 0.45, (False, True): 0.8}
_ANSWERS = frozenset(  # that answer a question other than the one that stands, when the classifier says so
    {
        *(Intent.RATE, Intent.RATE_AND_STORY, Intent.GIVE_AGE, Intent.GIVE_AUDIENCE, Intent.AGREE_TO_TAKE_PART),
        *(Intent.SAFE_CONTACT, Intent.NOT_SAFE_CONTACT),
    }
)
_NOT_A_COMMAND = _ANSWERS | {Intent.TELL_STORY, Intent.REFUSE, Intent.GREET, Intent.THANKS, Intent.OUT_OF_SCOPE}
_SAFETY = frozenset({Intent.SAFE_CONTACT, Intent.NOT_SAFE_CONTACT})
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
    if parsed.intent is Intent.RESUME and parsed.confidence >= _PLAIN_COMMAND and not consent.conditional(text):
        return Parsed(Intent.AGREE_TO_TAKE_PART, parsed.confidence)  # "I'm ready, ask me"
    if parsed.intent is Intent.AGREE_TO_TAKE_PART and (consent.conditional(text) or parsed.confidence < _AGREED):
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
        instead = None if role.bare(text) else _command_beside(text, classify)
        return instead or Parsed(Intent.GIVE_AUDIENCE, READ, value=audience)  # "can I talk to a young person?"
    return Parsed(found, SURE) if found else _without(_unclear(text, classify), Intent.GIVE_AUDIENCE)


def _in_rating(text: str, classify: Classify) -> Parsed:
    reading = rating.read(text)
    found = _command_here(text)
    if reading and (not found or rating.exact(text)):
        if reading.more and (instead := _command_beside(text, classify)):
            return instead
        return Parsed(Intent.RATE_AND_STORY if reading.more else Intent.RATE, READ, rating=reading.rating)
    if found and found is not Intent.ABUSIVE_TO_BOT:
        return Parsed(found, SURE)
    if _wordless(text):
        return Parsed(Intent.CONFUSED, LOST)
    intent, confidence = _ask(classify, text)
    if intent is Intent.RATE and confidence >= _TRUST and (likely := rating.within(text)):
        return Parsed(Intent.RATE, confidence, rating=likely)
    if intent is Intent.REFUSE and not address.tells(text):
        return Parsed(Intent.CONFUSED, LOST)
    if intent is Intent.RATE and len(plain(text).split()) <= _TELLING:
        return Parsed(Intent.CONFUSED, LOST)  # "2 or 3": it is asked again
    return _told(text, intent, confidence, lost_at=_TWO_WORDS)


def _command_here(text: str) -> Intent | None:
    """The command that a whole message is. "Safe" and "not safe" answer the statement, unless they name the phone."""
    found = command(text)
    return None if found in _SAFETY and not safety.names_the_way(text) else found


def _command_beside(text: str, classify: Classify) -> Parsed | None:
    """What looks like a rating and more, but is rather a command: "no wait, I meant agree", "no idea what to press"."""
    intent, confidence = _ask(classify, text)
    if intent in _NOT_A_COMMAND or confidence < _PLAIN_COMMAND or len(plain(text).split()) > _SHORT:
        return None
    return None if address.tells(text) and confidence < _NEEDED[False, True] else Parsed(intent, confidence)


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
    if found := _command_here(text):
        return _command_in_story(found, words)
    if _gibberish(words):
        return Parsed(Intent.CONFUSED, LOST)
    parsed = _told(text, *_ask(classify, text))
    return Parsed(Intent.SKIP, parsed.confidence) if parsed.intent in _ENOUGH_SAID else parsed


def _command_in_story(found: Intent, words: str) -> Parsed:
    if found in _ENOUGH_SAID and words not in _DONE_FOR_NOW:
        return Parsed(Intent.SKIP, READ)
    if found is Intent.ABUSIVE_TO_BOT and rating.read(words):  # more likely said of the service than to us
        return Parsed(Intent.TELL_STORY, SUPPOSED)
    return Parsed(found, SURE)


def _told(text: str, intent: Intent, confidence: float, lost_at: int = 0) -> Parsed:
    """Where a story is welcome, nearly everything is one: what is not must be short, plain and said to us."""
    length, tells = len(plain(text).split()), address.tells(text)
    if intent in _ANSWERS or length > _LONG or confidence < _enough(intent, text):
        lost = length <= lost_at and not tells and intent is not Intent.TELL_STORY
        return Parsed(Intent.CONFUSED, LOST) if lost else Parsed(Intent.TELL_STORY, max(SUPPOSED, 1 - confidence))
    return Parsed(intent, confidence)


def _enough(intent: Intent, text: str) -> float:
    """How sure the classifier must be of an intent for it to be more than a part of a story."""
    asks, tells = address.asks(text), address.tells(text)
    if intent is Intent.TELL_STORY:
        return 0.0
    if intent is Intent.ABUSIVE_TO_BOT and not address.at_us(text):
        return _NEVER
    if address.begins_with_others(text):
        return _CERTAIN
    if intent is Intent.OUT_OF_SCOPE and not asks:
        return _NEEDED[False, True]
    enough = _NEEDED[asks or address.to_us(text), tells and not asks]
    return max(enough, 0.7) if len(plain(text).split()) > _SHORT else enough


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
    return _unclear(text, classify, also=_SAFETY)


def _unclear(text: str, classify: Classify, also: frozenset[Intent] = frozenset()) -> Parsed:
    """No plain reader knows it: a short message is the classifier's, a long one is somebody telling us something.

    Whether it is safe to write answers only a question that the statements never ask, so it counts only as `also`.
    """
    if _wordless(text):
        return Parsed(Intent.CONFUSED, LOST)
    intent, confidence = _ask(classify, text)
    length = len(plain(text).split())
    if length > 2 * _SHORT and intent is not Intent.TELL_STORY and confidence < 0.8:
        return Parsed(Intent.TELL_STORY, SUPPOSED)
    if intent in {Intent.RATE, Intent.RATE_AND_STORY} or intent in _SAFETY - also:
        return Parsed(Intent.TELL_STORY if length > _TELLING else Intent.CONFUSED, LOST)
    if confidence >= _GUESS:
        return Parsed(intent, confidence)
    if length > _TELLING and address.tells(text):
        return Parsed(Intent.TELL_STORY, LOST)
    return Parsed(Intent.OUT_OF_SCOPE, min(confidence, _TRUST))


def _wordless(text: str) -> bool:
    words = plain(text)
    return not any(letter.isalpha() for letter in words) or _gibberish(words)


def _ask(classify: Classify, text: str) -> tuple[Intent, float]:
    """What the classifier makes of a text, read in the spelling of a dictionary."""
    name, confidence = classify(standard(plain(text)) or text)
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
