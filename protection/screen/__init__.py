"""The safety screen: how worried should a person be about this one message?

It never sees who wrote, never stores or logs a word, and when in doubt it says so rather than nothing.
"""

from protection.screen.interface import Screen, screen_safely, unscreened
from protection.screen.reader import RuleScreen, default_screen, describe

__all__ = ["RuleScreen", "Screen", "default_screen", "describe", "screen_safely", "unscreened"]
