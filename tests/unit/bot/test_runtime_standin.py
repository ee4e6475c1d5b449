import logging
import subprocess
import sys
from pathlib import Path

import structlog

from bot.runtime.standin import Inert, prepare

prepare()


def test_any_attribute_of_a_stood_in_package_can_be_used_as_tensorflow_would_be() -> None:
    import tensorflow as tf
    from tensorflow.keras.layers import Dense  # a module below a module

    class Layer(tf.keras.layers.Layer):
        size: tf.Tensor | None = None

        @tf.function(autograph=False)
        def call(self) -> tf.Tensor:
            raise AssertionError

    assert isinstance(Layer(), Inert)
    assert isinstance(Dense(3).anything(4).more, Inert)


def test_preparing_twice_changes_nothing() -> None:
    before = list(sys.meta_path)
    prepare()
    assert sys.meta_path == before


def test_other_packages_are_still_looked_for_where_they_are() -> None:
    import keyword

    assert keyword.__spec__ is not None
    assert "Finder" not in type(keyword.__spec__.loader).__name__


def test_rasa_cannot_log_at_any_level() -> None:
    for name in ("rasa.core.processor", "rasa.engine.graph", "rasa_sdk.executor"):
        assert not logging.getLogger(name).isEnabledFor(logging.CRITICAL)


def test_structlog_events_are_written_nowhere(capfd) -> None:
    structlog.get_logger().warning("processor.message.parse", parse_data_text="Aileen Farquhar")
    structlog.get_logger().critical("processor.message.parse", parse_data_text="Aileen Farquhar")
    assert capfd.readouterr() == ("", "")


def test_importing_rasa_says_nothing_and_leaves_the_home_directory_alone(tmp_path: Path) -> None:
    code = "from bot.runtime.standin import prepare; prepare(); import rasa.core.agent"
    root = Path(__file__).resolve().parents[3]
    done = subprocess.run(  # noqa: S603 - our own code in our own interpreter
        [sys.executable, "-W", "error", "-c", code],
        cwd=root,
        env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert list(tmp_path.iterdir()) == []
