"""Makes `import rasa` work without TensorFlow, quietly and without a word to the outside world.

Rasa 3.6 imports TensorFlow at module level even for components that never use it. `prepare` puts inert modules in its
place; it must run before the first `import rasa`, and must never let Rasa log what a participant wrote.
"""

import importlib
import importlib.abc
import importlib.machinery
import logging
import os
import sys
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

import structlog

TENSORFLOW = ("tensorflow", "tensorflow_addons", "tensorflow_hub", "tensorflow_text", "keras", "tf_keras")
# Clients of stores and connectors of Rasa's that are never used here: 1.5 s of imports and 50 MB less.
UNUSED_CLIENTS = ("aiogram", "slack_sdk", "webexteamssdk", "pymongo", "redis", "boto3", "botocore")
STOOD_IN = frozenset({*TENSORFLOW, *UNUSED_CLIENTS})
SILENT = ("rasa", "rasa_sdk", "matplotlib", "apscheduler", "sanic", "pykwalify", "dask")  # may format messages
IMPORTED = (
    "sanic.app",
    "rasa.engine.caching",
    "rasa.core.processor",
    "rasa.engine.training.graph_trainer",
    "rasa.engine.recipes.default_components",
)
TERSE = ("httpx", "httpcore")  # log URLs below warning level, and some URLs hold secrets
_NEVER = logging.CRITICAL + 1


class _Nothing(type):
    """The type of the inert class: every attribute, operator and subscript of it is the inert class again."""

    def __getattr__(cls, name: str) -> type:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return Inert

    def __getitem__(cls, item: object) -> type:
        return Inert

    def __or__(cls, other: object) -> type:  # type: ignore[override]
        return Inert

    __ror__ = __or__  # type: ignore[assignment]


class Inert(metaclass=_Nothing):
    """Can be subclassed, called, used as a decorator or annotation, and does nothing."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        """Takes anything."""

    def __call__(self, *args: object, **kwargs: object) -> "Inert":
        return Inert()

    def __getattr__(self, name: str) -> "Inert":
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return Inert()


class _StandIn(ModuleType):
    def __getattr__(self, name: str) -> object:
        if name == "__version__":
            return "0.0.0"
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return Inert


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Answers for the stood-in packages and any module below them."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname.partition(".")[0] not in STOOD_IN:
            return None
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        return _StandIn(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing to run."""


def prepare() -> None:
    """Ready this process for `import rasa`. Safe to call again; the second call changes nothing."""
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())
    _keep_to_ourselves()
    _silence()
    with warnings.catch_warnings():  # of 2023's releases about today's; nobody here can act on them
        for module in IMPORTED:
            warnings.simplefilter("ignore")  # each time, because sanic's import turns some warnings back on
            importlib.import_module(module)


def _keep_to_ourselves() -> None:
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    os.environ["LOG_LEVEL"] = "ERROR"  # read by Rasa alone: no progress bars of its own; we report progress
    os.environ["RASA_MAX_CACHE_SIZE"] = "0"  # no training cache beside the project
    # rasa imports matplotlib, which would write its font list to the home directory
    os.environ.setdefault("MPLCONFIGDIR", str(Path(tempfile.gettempdir()) / f"blether-matplotlib-{os.getuid()}"))


def _silence() -> None:
    """Rasa's loggers and structlog events carry message texts and cost a third of a turn: none is written anywhere."""
    structlog.configure(
        processors=[],
        wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL),
        logger_factory=structlog.ReturnLoggerFactory(),
        cache_logger_on_first_use=True,
    )
    for name in SILENT:
        logging.getLogger(name).setLevel(_NEVER)
    for name in TERSE:
        logging.getLogger(name).setLevel(logging.WARNING)


@contextmanager
def quiet() -> Iterator[None]:
    """No warnings while Rasa trains or loads. Not for use while other threads work: filters are the process's."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
