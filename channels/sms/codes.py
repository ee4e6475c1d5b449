"""Twilio's error codes, sorted into what we do about them. Source: twilio.com/docs/api/errors."""

from channels.errors import (
    BadAddress,
    BadContent,
    ChannelError,
    OurConfiguration,
    OutsideWindow,
    StopContact,
    TryAgain,
    TryOnceLater,
)

_KINDS: dict[type[ChannelError], tuple[int, ...]] = {
    StopContact: (21610,),
    BadAddress: (21211, 21614, 30005, 30006),
    OurConfiguration: (20003, 20404, 21408, 21606, 21612, 30002),
    BadContent: (21617, 30004, 30007, 30010),
    TryAgain: (20429, 21611, 30001, 63018),
    TryOnceLater: (30003, 30008),
    OutsideWindow: (63016,),
}


def error_for(code: int | str | None, status: int | None = None) -> ChannelError:
    """The error that a code stands for; without a code we know, what the HTTP status says.

    A server error leaves it open whether the message was taken.
    """
    number = int(code) if code is not None and str(code).isdigit() else None
    for kind, codes in _KINDS.items():
        if number in codes:
            return kind(str(number))
    if status == 429:
        return TryAgain("429")
    if status is not None and status >= 500:
        return TryAgain(str(number or status), uncertain=True)
    return OurConfiguration(str(number or status)) if status in (401, 403) else ChannelError(str(number or status))
