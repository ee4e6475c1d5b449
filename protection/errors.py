"""What can go wrong in protection, in sentences a member of staff can act on."""

from records.errors import BletherError


class ProtectionError(BletherError):
    """Something about a look or an alert could not be done. Nothing was lost."""


class NothingToRaise(ProtectionError):
    """There is no reason given, or no message to raise an alert about."""
