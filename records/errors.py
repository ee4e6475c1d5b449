"""The root of every error of ours. Each room grows one branch from it."""


class BletherError(Exception):
    """Something went wrong that a person can read about in one plain sentence.

    The message says what happened and what to do; it never carries a participant's words, a number or a secret.
    """


class ConfigurationError(BletherError):
    """A setting is missing or cannot be right."""


class SealError(BletherError):
    """A sealed value cannot be opened: the key is missing, or the value was changed."""


class LostLease(BletherError):
    """Somebody else has claimed this conversation, or the world moved on: the turn must be thrown away."""
