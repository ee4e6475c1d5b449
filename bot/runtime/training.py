"""Trains the dialogue, once for each state of the files it is trained from, in this process and with honest progress.

Must never send anything anywhere, nor write outside the folder it was given.
"""

import fcntl
import hashlib
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path
from typing import Any

from bot.runtime import standin
from language.weights import WEIGHTS_SHA256
from records.errors import BletherError

Report = Callable[[str, float], None]

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ("config.yml", "bot/domain", "bot/data", "bot/components")
_TRAINED_FROM = {".yml", ".yaml", ".py"}
# (the name Rasa gives a step contains this, what a person is told, its share of the measured time)
_STEPS = (
    ("importer", "reading the dialogue", 1),
    ("provider", "reading the dialogue", 1),
    ("SentenceVector", "reading the examples", 45),
    ("IntentRegression", "learning what people mean", 30),
    ("Policy", "learning the rules of the conversation", 8),
)
_OTHER_STEP = ("counting words", 2)


class TrainingFailed(BletherError):
    """The dialogue could not be trained from its files."""


def fingerprint(root: Path = ROOT) -> str:
    """One short name for everything the model is made from: files, weights and Rasa's version."""
    digest = hashlib.sha256(f"{WEIGHTS_SHA256} rasa {metadata.version('rasa')}".encode())
    for path in _source_files(root):
        digest.update(f"\0{path.relative_to(root).as_posix()}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def trained_model(home: Path, root: Path = ROOT) -> Path | None:
    """The model that fits the files as they are now, if it has been trained already."""
    model = home / "models" / f"{fingerprint(root)}.tar.gz"
    return model if model.is_file() else None


def train(home: Path, report: Report, root: Path = ROOT) -> Path:
    """The model for the files as they are now; trained if need be, and then the older ones are removed.

    `report(step, fraction)` is called after each piece of work that is done.
    Raises: TrainingFailed when the files do not make a dialogue.
    """
    if model := trained_model(home, root):
        report("ready", 1.0)
        return model
    models = home / "models"
    models.mkdir(parents=True, exist_ok=True)
    with _alone(models / ".lock"):
        if trained_model(home, root) is None:  # another process may have trained it while we waited
            _train_into(models, root, report)
    report("ready", 1.0)
    return models / f"{fingerprint(root)}.tar.gz"


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Let one process at a time train into a folder."""
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _train_into(models: Path, root: Path, report: Report) -> None:
    model = models / f"{fingerprint(root)}.tar.gz"
    with tempfile.TemporaryDirectory(dir=models) as folder:
        finished = _run(root, Path(folder) / "model.tar.gz", report)
        finished.replace(model)  # a half-written model never has the final name
    for old in models.glob("*.tar.gz"):
        if old != model:
            old.unlink(missing_ok=True)


def _source_files(root: Path) -> Iterator[Path]:
    for name in SOURCES:
        source = root / name
        files = [source] if source.is_file() else source.rglob("*")
        yield from sorted(path for path in files if path.suffix in _TRAINED_FROM and path.is_file())


def _run(root: Path, output: Path, report: Report) -> Path:
    standin.prepare()
    from rasa.engine.caching import LocalTrainingCache
    from rasa.engine.storage.local_model_storage import LocalModelStorage
    from rasa.engine.training.graph_trainer import GraphTrainer
    from rasa.shared.exceptions import RasaException

    report("starting", 0.0)
    with tempfile.TemporaryDirectory() as storage, standin.quiet():
        try:
            configuration, importer = _configuration(root)
            trainer = GraphTrainer(LocalModelStorage(Path(storage)), LocalTrainingCache(), _reporting_runner(report))
            trainer.train(configuration, importer, output, force_retraining=True)
        except RasaException as error:  # about the project's own files: no participant's words are near
            raise TrainingFailed(f"The dialogue's files do not fit together. {error}") from error
    return output


def _configuration(root: Path) -> tuple[Any, Any]:
    """The graph to run, and what feeds it. `rasa.model_training` would write a telemetry file to the home directory."""
    from rasa.engine.recipes.recipe import Recipe
    from rasa.engine.validation import validate
    from rasa.shared.data import TrainingType
    from rasa.shared.importers.importer import TrainingDataImporter

    config = root / "config.yml"
    importer = TrainingDataImporter.load_from_config(
        str(config), str(root / "bot" / "domain"), [str(root / "bot" / "data")]
    )
    if importer.get_domain().is_empty() or importer.get_stories().is_empty():
        raise TrainingFailed("The dialogue has no domain, or no rules and stories, to be trained from.")
    recipe = Recipe.recipe_for_name("default.v1")
    settings, _, _ = recipe.auto_configure(str(config), importer.get_config(), TrainingType.BOTH)
    configuration = recipe.graph_config_for_recipe(settings, {}, training_type=TrainingType.BOTH)
    validate(configuration)
    return configuration, importer


def _reporting_runner(report: Report) -> Any:
    """A graph runner that reports each finished node, weighed by the time such a node was measured to take."""
    from rasa.engine.graph import GraphNodeHook, GraphSchema
    from rasa.engine.runner.dask import DaskGraphRunner

    class Progress(GraphNodeHook):  # type: ignore[misc]
        def __init__(self, schema: GraphSchema) -> None:
            self._left = {name: _step(name)[1] for name in schema.nodes}
            self._total = sum(self._left.values())

        def on_before_node(self, node_name: str, *args: Any, **kwargs: Any) -> dict[str, Any]:
            report(_step(node_name)[0], 1 - sum(self._left.values()) / self._total)
            return {}

        def on_after_node(self, node_name: str, *args: Any, **kwargs: Any) -> None:
            self._left.pop(node_name, None)

    class Runner(DaskGraphRunner):  # type: ignore[misc]
        @classmethod
        def create(cls, graph_schema: Any, model_storage: Any, execution_context: Any, hooks: Any = None) -> "Runner":
            return cls(graph_schema, model_storage, execution_context, [*(hooks or []), Progress(graph_schema)])

    return Runner


def _step(node: str) -> tuple[str, int]:
    return next(((told, share) for part, told, share in _STEPS if part in node), _OTHER_STEP)
