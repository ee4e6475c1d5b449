"""How many text messages a text costs: GSM-7 or UCS-2, and how it is cut. Source: 3GPP TS 23.038 and 23.040."""

from dataclasses import dataclass

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("^{}[]~|€\\\f")  # an escape and a letter: two units
_GSM7_SINGLE, _GSM7_PART = 160, 153
_UCS2_SINGLE, _UCS2_PART = 70, 67


@dataclass(frozen=True, slots=True)
class Size:
    """`units` are septets in GSM-7, UTF-16 units in UCS-2."""

    gsm7: bool
    units: int
    segments: int


def is_gsm7(text: str) -> bool:
    """Can the text be sent in the cheap alphabet?"""
    return all(letter in _BASIC or letter in _EXTENDED for letter in text)


def measure(text: str) -> Size:
    """How large a text is. No letter is cut in two: a part ends early rather than inside an escape or a pair."""
    if is_gsm7(text):
        return _measure([2 if letter in _EXTENDED else 1 for letter in text], True, _GSM7_SINGLE, _GSM7_PART)
    return _measure([2 if ord(letter) > 0xFFFF else 1 for letter in text], False, _UCS2_SINGLE, _UCS2_PART)


def _measure(widths: list[int], gsm7: bool, single: int, part: int) -> Size:
    units = sum(widths)
    if units <= single:
        return Size(gsm7, units, 1)
    segments, room = 1, part
    for width in widths:
        if width > room:
            segments, room = segments + 1, part
        room -= width
    return Size(gsm7, units, segments)
