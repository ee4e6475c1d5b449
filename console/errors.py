"""What can go wrong in the console, in sentences a member of staff can act on."""

from records.errors import BletherError


class ConsoleError(BletherError):
    """A page could not do what it was asked. `status` is the answer's HTTP status."""

    status = 400


class NotSignedIn(ConsoleError):
    """Nobody is signed in, or the sign-in is over."""

    status = 401


class NotAllowed(ConsoleError):
    """The person's roles do not open this page, or the form did not come from our own page."""

    status = 403


class NotThere(ConsoleError):
    """There is no such page, or not any more."""

    status = 404


class TooMany(ConsoleError):
    """Too many tries from one place."""

    status = 429


class AccountRefused(ConsoleError):
    """An account cannot be made like this."""
