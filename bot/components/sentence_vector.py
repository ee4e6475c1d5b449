"""Gives Rasa's pipeline the sentence vector of the one encoder, beside its word and character counts.

Must never keep a text: a message's vector is computed when it is asked for and stored nowhere.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import FEATURIZER_CLASS_ALIAS
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from language.encoder import Encoder
from language.weights import Matrix


@cache
def shared_encoder() -> Encoder:
    """The process's one encoder: Rasa builds its components itself, so it cannot be handed to them."""
    return Encoder.load()


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceVector(DenseFeaturizer, GraphComponent):  # type: ignore[misc]
    """A dense sentence feature of 384 numbers, multiplied by `scale` to weigh it against the counts."""

    @classmethod
    def required_components(cls) -> list[type]:
        return [Tokenizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {**DenseFeaturizer.get_default_config(), "scale": 1.0}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "SentenceVector":
        return cls(execution_context.node_name, config)

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Every value of `scale` is valid."""

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the vector to every message that has a text."""
        spoken = [message for message in messages if message.get(TEXT)]
        for message, vector in zip(spoken, self._vectors([message.get(TEXT) for message in spoken]), strict=True):
            scaled = vector[np.newaxis] * np.float32(self._config["scale"])
            message.add_features(Features(scaled, FEATURE_TYPE_SENTENCE, TEXT, self._config[FEATURIZER_CLASS_ALIAS]))
        return messages

    def _vectors(self, texts: list[str]) -> Sequence[Matrix] | Matrix:
        """One text shares its pass with the encoder's other readers; many are read several at a time."""
        encoder = shared_encoder()
        return encoder.sentences(texts) if len(texts) > 1 else [encoder.encode(text).sentence for text in texts]

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add the vector to every training example."""
        self.process(training_data.training_examples)
        return training_data
