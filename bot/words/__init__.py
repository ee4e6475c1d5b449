"""What the bot says, as data: YAML beside a loader that chooses among wordings and fills them in."""

from bot.words.words import WordingError, Words

__all__ = ["WordingError", "Words"]
