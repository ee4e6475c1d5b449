"""A framework edition between its table and the dataclass: stored as plain data, read back as it was first used."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from engagement.framework import Framework, Statement
from records.types import Audience, Rating


def content_of(framework: Framework) -> dict[str, Any]:
    """An edition as plain data."""
    return asdict(framework)


def framework_of(content: Mapping[str, Any]) -> Framework:
    """The edition that `content_of` made this data from."""
    header = {key: content[key] for key in ("edition", "label", "title", "indicators_from")}
    return Framework(
        audience=Audience(content["audience"]),
        scale=tuple(Rating(one) for one in content["scale"]),
        statements=tuple(_statement(one) for one in content["statements"]),
        **header,
    )


def _statement(raw: Mapping[str, Any]) -> Statement:
    return Statement(**{**raw, "quality_indicators": tuple(raw["quality_indicators"])})
