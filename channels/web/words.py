"""The page's own words, from `words.yml`."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml


@cache
def words() -> Mapping[str, str]:
    """Name -> sentence."""
    loaded = yaml.safe_load((Path(__file__).parent / "words.yml").read_text(encoding="utf-8"))
    return {str(name): str(sentence) for name, sentence in loaded.items()}
