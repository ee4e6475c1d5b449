"""What every text that a participant reads is measured with: its length, its letters, its reading grade, its words."""

import re
from collections.abc import Callable

import pyphen
import pytest

GSM7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM7_EXTENSION = frozenset("^{}\\[~]|€")  # two septets each
ONE_TEXT = 160

# Names are not ours to shorten, so each is read as one short word when a text is graded.
NAMES = (
    "Care Inspectorate",
    "Healthcare Improvement Scotland",
    "Information Commissioner's Office",
    "Telegram",
    "Childline",
)
# What the bot offers as answers. The other short capitals are names of things.
OFFERED = frozenset({"GO", "NO", "ASK", "SKIP", "BACK", "CHANGE", "PAUSE", "PERSON", "DELETE", "LEFT", "MEAN"})
NOT_OFFERS = frozenset({"SMS", "ICO", "OK", "BSL"})
# Twilio keeps these for itself, so a participant's answer would never reach us.
PROVIDER_KEYWORDS = frozenset(
    {"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "START", "YES", "UNSTOP", "HELP", "INFO"}
)
FORBIDDEN = (
    r"anonym\w*",  # never while we hold a number
    r"secre\w*",
    r"why",  # sounds like blame
    r"are you sure",
    r"promis\w*",
    r"guarantee\w*",
    r"no ?one will know|nobody will know|no ?one will find out",
    r"confidential\w*",  # allowed only where its limit is explained
    r"well done|great|brilliant|awesome|fantastic|perfect|congratulations",  # never cheering
    r"calm down|don't worry",
)


def septet_count(text: str) -> int:
    """How many septets a text takes in the GSM-7 alphabet."""
    return sum(2 if letter in GSM7_EXTENSION else 1 for letter in text)


def grade_of(text: str) -> float:
    """The Flesch-Kincaid grade of a text.

    Syllables are the larger of what pyphen's hyphenation and a count of vowel groups say, so it errs towards harder;
    names and placeholders count as one short word; a number is a word of one syllable.
    """
    for name in NAMES:
        text = text.replace(name, "Name")
    text = re.sub(r"\{\w+\}", "Name", text)
    sentences = max(1, len(re.findall(r"[.!?](?=\W|$)", text)))
    words = re.findall(r"[A-Za-z0-9][A-Za-z0-9'-]*", text)
    syllables = sum(_syllables(word.lower()) for word in words)
    return 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59 if words else 0.0


def _syllables(word: str) -> int:
    if word[0].isdigit():
        return 1
    word = word.replace("'", "")
    hyphens = int(pyphen.Pyphen(lang="en_GB").inserted(word).count("-")) + 1
    spoken = re.sub(r"(?<=[^aeiouyl])e$|(?<=[^aeiouydt])e(?=d$)|(?<=[^aeiouylcgsxz])e(?=s$)", "", word)
    spoken = re.sub(r"(?<=[aeiouy])(?=ing)|(?<=i)(?=[aou](?!n$|ns$|us$))|(?<=i)(?=er)|(?<=[ae])(?=o[^up])", "-", spoken)
    return max(hyphens, len(re.findall(r"[aeiouy]+", spoken)), 1)


def faults_of(text: str, *, limit: int = ONE_TEXT, may_say: frozenset[str] = frozenset()) -> list[str]:
    """Everything that is wrong with a text a participant reads (filled in: no placeholder left), in plain words."""
    faults = [f"holds {letter!r}, which is not GSM-7" for letter in sorted(set(text) - GSM7 - GSM7_EXTENSION)]
    if septet_count(text) > limit:
        faults.append(f"takes {septet_count(text)} septets, {limit} fit")
    if text != text.strip() or "  " in text:
        faults.append("has stray spaces")
    said = {match.group().lower() for rule in FORBIDDEN for match in re.finditer(rf"\b(?:{rule})\b", text, re.I)}
    faults += [f"says {words!r}" for words in sorted(said - may_say)]
    capitals = set(re.findall(r"\b[A-Z]{2,}\b", text))
    faults += [f"offers {word}, which the provider keeps" for word in sorted(capitals & PROVIDER_KEYWORDS)]
    faults += [f"shouts {word}" for word in sorted(capitals - PROVIDER_KEYWORDS - OFFERED - NOT_OFFERS)]
    return faults


@pytest.fixture(scope="session")
def reading_grade() -> Callable[[str], float]:
    """Flesch-Kincaid: `reading_grade(text) -> float`. Reading age 9 to 11 is a grade of about 4 to 6."""
    return grade_of


@pytest.fixture(scope="session")
def septets() -> Callable[[str], int]:
    """How many septets a text takes in an SMS: `septets(text) -> int`."""
    return septet_count


@pytest.fixture(scope="session")
def wording_faults() -> Callable[..., list[str]]:
    """Everything wrong with a text a participant reads: `wording_faults(text, limit=160, may_say=frozenset())`."""
    return faults_of
