"""Everything that can go wrong between us and a provider, in one vocabulary for all channels.

    BletherError
    ├── ChannelError            sending failed for good
    │   ├── StopContact         they blocked us or opted out: never write again
    │   ├── BadAddress          nobody can be reached there
    │   ├── OurConfiguration    our account, number or bot is not set up for this
    │   │   └── AnotherReader   somebody else reads this bot's messages
    │   ├── BadContent          the provider will not carry this text
    │   ├── OutsideWindow       the provider wants them to write first
    │   ├── TryAgain            not now: soon
    │   └── TryOnceLater        their phone was off: once more, later
    └── Refused                 something that came in is not for us
        ├── Forged              it was not the provider who called
        ├── Malformed           it cannot be read
        └── NotOurs             it leads to no conversation of ours

`told` is the sentence that staff read. No error carries an address, a name or words.
"""

from typing import ClassVar

from records.errors import BletherError


class ChannelError(BletherError):
    """A message was not sent, and will not be. `code` is the provider's own, as text."""

    retryable: ClassVar[bool] = False
    told: ClassVar[str] = (
        "The provider refused this message. It is kept as not sent. Look the code up with the provider."
    )

    def __init__(self, code: str) -> None:
        super().__init__(f"{self.told} ({code})")
        self.code = code


class StopContact(ChannelError):
    """They blocked us, opted out with the provider, or closed their account."""

    told = "This person has opted out or blocked us with their provider. They will not be written to again."


class BadAddress(ChannelError):
    """The number or account does not exist, or cannot get messages."""

    told = "Nobody can be reached at this address. Ask the person for another way to reach them."


class OurConfiguration(ChannelError):
    """Our side is set up wrongly: every message would fail the same way."""

    told = "Our account with the provider is not set up for this. Run the doctor, then check the account."


class AnotherReader(OurConfiguration):
    """Two programs read the same bot: the provider answers only one."""

    told = (
        "Another program reads this bot's messages, or a webhook is still set. Stop it or remove the webhook. "
        "Nothing is lost: messages wait with the provider."
    )


class BadContent(ChannelError):
    """The text is too long, empty, or filtered by a network."""

    told = "The provider will not carry this text. It is kept as not sent. Change the wording."


class OutsideWindow(ChannelError):
    """The person last wrote too long ago for a free message."""

    told = "The provider lets us write only after this person has written to us again."


class TryAgain(ChannelError):
    """The provider is busy or cannot be reached. `retry_after` is in seconds, when it says so.

    `uncertain` means that the message may have been taken all the same: ask `find_sent` before sending again.
    """

    retryable = True
    told = "The provider is busy or cannot be reached. The message waits and is sent again by itself."

    def __init__(self, code: str, retry_after: float | None = None, *, uncertain: bool = False) -> None:
        super().__init__(code)
        self.retry_after = retry_after
        self.uncertain = uncertain


class TryOnceLater(ChannelError):
    """Their phone is off or out of reach: worth one more try, hours later."""

    retryable = True
    told = "The phone could not be reached. The message is sent once more, later."


class Refused(BletherError):
    """Something that came in was turned away. `reason` says why, never what it said."""

    told: ClassVar[str] = "A message that came in was turned away."

    def __init__(self, reason: str = "") -> None:
        super().__init__(f"{self.told} ({reason})" if reason else self.told)
        self.reason = reason


class Forged(Refused):
    """The signature, secret or account is not the provider's."""

    told = "A call did not come from the provider. Check the public address and the secrets if it should have."


class Malformed(Refused):
    """It is too large, or lacks what every message has."""

    told = "A call could not be read."


class NotOurs(Refused):
    """No open round, an unknown door, a group: there is no conversation it could belong to."""

    told = "A message leads to no conversation of ours."
