"""Reads a message: what somebody means, given the question that stands. Knows nothing of Rasa and keeps no words."""

from bot.understand.classifier import Classifier, describe
from bot.understand.parse import parse
from bot.understand.types import Classify, Context, Intent, Parsed, unsure

__all__ = ["Classifier", "Classify", "Context", "Intent", "Parsed", "describe", "parse", "unsure"]
