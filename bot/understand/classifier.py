"""The trained part of understanding, loaded from the dialogue's model on first use. Imports Rasa only then."""

from pathlib import Path
from typing import Any, Protocol

from bot.understand.parse import parse
from bot.understand.types import Classify, Context


class Loaded(Protocol):
    """Anything that can classify a text, such as a loaded dialogue."""

    def classify(self, text: str) -> tuple[str, float]:
        """The likeliest intent and its probability."""
        ...


class Classifier:
    """Classifies texts with the model trained under `home`, training it first if need be. Callable: a `Classify`.

    Raises on first use: TrainingFailed, DialogueNotReady.
    """

    def __init__(self, home: Path) -> None:
        self._home = home
        self._loaded: Loaded | None = None

    def __call__(self, text: str) -> tuple[str, float]:
        if self._loaded is None:
            self._loaded = _load(self._home)
        return self._loaded.classify(text)


def describe(text: str, context: Context, classify: Classify) -> dict[str, Any]:
    """What a message means, as `blether parse` prints it: intent, rating or None, confidence."""
    parsed = parse(text, context, classify)
    return {
        "intent": parsed.intent.value,
        "rating": parsed.rating.value if parsed.rating else None,
        "confidence": round(parsed.confidence, 3),
    }


def _load(home: Path) -> Loaded:
    from bot.runtime.loading import ModelReader
    from bot.runtime.training import train

    return ModelReader(train(home, lambda _step, _fraction: None))
