"""Keeps client libraries from logging what they carry: addresses, words, and web addresses that hold a bot's token."""

import logging

_TOO_TALKATIVE = ("httpx", "httpcore", "telegram", "twilio", "twilio.http_client", "urllib3", "urllib3.connectionpool")


def silence_clients() -> None:
    """Turn the client libraries' loggers off. Safe to call often. What goes wrong reaches us as an exception."""
    for name in _TOO_TALKATIVE:
        logger = logging.getLogger(name)
        logger.setLevel(logging.CRITICAL + 1)
        logger.propagate = False
