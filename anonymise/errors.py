"""What can go wrong while anonymising. No message here ever carries a participant's words."""

from records.errors import BletherError, ConfigurationError


class AnonymiseError(BletherError):
    """Words could not be anonymised, so they must not be shown."""


class RecogniserFailed(AnonymiseError):
    """A recogniser broke. `recogniser` is its name, and all that is said about it."""

    def __init__(self, recogniser: str) -> None:
        super().__init__(f"The {recogniser} recogniser failed, so the text is held for a person to read.")
        self.recogniser = recogniser


class OutOfTime(AnonymiseError):
    """The time allowed for one text is over."""

    def __init__(self) -> None:
        super().__init__("Anonymising took too long, so the text is held for a person to read.")


class Unsettled(AnonymiseError):
    """Each look at the text found something more, and the allowed number of looks is over."""

    def __init__(self) -> None:
        super().__init__("Anonymising did not settle, so the text is held for a person to read.")


class PolicyError(ConfigurationError):
    """The release policy is incomplete or contradicts itself."""
