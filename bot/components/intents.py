"""Rasa's logistic regression with three changes: its strength can be set, counts are scaled, plain arrays are saved.

Must never load anything but numbers and names: a model file is not allowed to run code, nor to fail without a word.
"""

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.logistic_regression_classifier import LogisticRegressionClassifier
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from scipy.sparse import csr_matrix, hstack, vstack
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import normalize

_FILE = "intents.npz"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentRegression(LogisticRegressionClassifier):  # type: ignore[misc]
    """Reads the intent of a message from the sentence features of the components before it."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {**LogisticRegressionClassifier.get_default_config(), "C": 1.0, "max_iter": 300}

    def __init__(self, config: dict[str, Any], name: str, model_storage: ModelStorage, resource: Resource) -> None:
        super().__init__(config, name, model_storage, resource)
        self.clf = LogisticRegression(
            C=self.config["C"],
            max_iter=self.config["max_iter"],
            tol=self.config["tol"],
            random_state=self.config["random_state"],
            class_weight="balanced",
        )

    def _create_X(self, messages: list[Message]) -> csr_matrix:  # noqa: N802 - the name is Rasa's
        """Counts of unit length beside the sentence vector: otherwise a long message drowns its own meaning."""
        rows = []
        for message in messages:
            counts, vector = message.get_sparse_features(TEXT)[1], message.get_dense_features(TEXT)[1]
            rows.append(hstack([normalize(csr_matrix(counts.features)), csr_matrix(vector.features)]))
        return vstack(rows).tocsr()

    def persist(self) -> None:
        """Save coefficients, intercepts and intent names."""
        with self._model_storage.write_to(self._resource) as folder:
            np.savez_compressed(
                folder / _FILE,
                coefficients=self.clf.coef_.astype(np.float32),
                intercepts=self.clf.intercept_.astype(np.float32),
                intents=self.clf.classes_.astype(str),
            )

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "IntentRegression":
        """The trained classifier. Raises: ValueError or OSError when its file is not there or not as it was saved."""
        component = cls(config, execution_context.node_name, model_storage, resource)
        with model_storage.read_from(resource) as folder, np.load(folder / _FILE, allow_pickle=False) as saved:
            component.clf.coef_ = saved["coefficients"]
            component.clf.intercept_ = saved["intercepts"]
            component.clf.classes_ = saved["intents"].astype(object)
        return component
