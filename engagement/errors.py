"""What can go wrong with rounds and responses, in sentences a member of staff can act on."""

from records.errors import BletherError


class EngagementError(BletherError):
    """Something about a round could not be done. Nothing was lost."""


class EditionInUse(EngagementError):
    """A framework edition that people have answered from was changed; give it a new edition instead."""
