"""The log: our sentences, the kind of a surprise, the lines of code it passed; never what it said."""

import logging
import sys

from app.logs import WordlessFormatter
from records.errors import BletherError


def formatted(error: Exception) -> str:
    try:
        raise error
    except type(error):
        record = logging.LogRecord("blether", logging.ERROR, __file__, 1, "delivery broke off", (), sys.exc_info())
    return WordlessFormatter("%(message)s").format(record)


def test_a_surprise_is_logged_without_its_words() -> None:
    text = formatted(ValueError("my name is Morag"))
    assert "Morag" not in text
    assert "ValueError" in text
    assert "test_logs.py" in text


def test_an_error_behind_an_error_stays_wordless_too() -> None:
    error = RuntimeError("hers is Agnes")
    error.__cause__ = ValueError("my name is Morag")
    text = formatted(error)
    assert "Morag" not in text
    assert "Agnes" not in text


def test_a_sentence_of_ours_is_logged_as_it_is() -> None:
    assert "The door is shut." in formatted(BletherError("The door is shut."))
