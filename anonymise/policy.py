"""The release policy: what is masked, made coarser or kept, and when a text waits for a person. All of it is data."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from anonymise.errors import PolicyError
from anonymise.findings import EntityType, Finding
from anonymise.recognisers.ages import years
from anonymise.recognisers.calendar import season


class Action(StrEnum):
    """What happens to a finding."""

    MASK = "mask"
    GENERALISE = "generalise"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class Rule:
    """The action for one type, and from which probability on."""

    action: Action
    mask_at: float
    withhold_from: float


@dataclass(frozen=True, slots=True)
class Policy:
    """A release policy, as read from `policy.yml`."""

    rules: Mapping[EntityType, Rule]
    age_bands: tuple[tuple[int, str], ...]  # upper end in years, inclusive, and how it reads
    seasons: Mapping[str, str]
    longest: int  # characters
    seconds: float
    before_the_dialogue: frozenset[str]  # names of recognisers

    def concerns(self, finding: Finding) -> bool:
        """Whether a finding is sure enough to be masked or to make the text wait."""
        rule = self.rules[finding.type]
        return rule.action is not Action.KEEP and finding.probability >= rule.withhold_from

    def is_grey(self, finding: Finding) -> bool:
        """Whether a person has to decide."""
        return finding.probability < self.rules[finding.type].mask_at

    def generalise(self, finding: Finding, words: str) -> str | None:
        """What a finding is made coarser to, or None if it is masked or its words cannot be read."""
        if self.rules[finding.type].action is not Action.GENERALISE:
            return None
        if finding.type is EntityType.AGE:
            return self._band(years(words))
        return self.seasons.get(season(words) or "")

    def wordings(self) -> tuple[str, ...]:
        """Everything `generalise` may answer."""
        return (*(reads for _, reads in self.age_bands), *self.seasons.values())

    def _band(self, age: int | None) -> str | None:
        if age is None:
            return None
        return next((reads for upper, reads in self.age_bands if age <= upper), None)


@cache
def default_policy() -> Policy:
    """The policy of `policy.yml`. Raises: PolicyError if it does not cover every type."""
    return policy_from(read_policy())


@cache
def read_policy() -> Mapping[str, Any]:
    """`policy.yml` as it stands."""
    loaded: Mapping[str, Any] = yaml.safe_load((files("anonymise") / "policy.yml").read_text(encoding="utf-8"))
    return loaded


def policy_from(data: Mapping[str, Any]) -> Policy:
    """A policy from data such as `policy.yml`. Raises: PolicyError."""
    missing = sorted(set(EntityType) - set(data["types"]))
    if missing:
        raise PolicyError(f"The release policy says nothing about {', '.join(missing)}.")
    return Policy(
        rules={EntityType(name): _rule(name, {**data["defaults"], **own}) for name, own in data["types"].items()},
        age_bands=tuple((band["to"], band["reads"]) for band in data["age_bands"]),
        seasons=data["seasons"],
        longest=data["longest"],
        seconds=data["seconds"],
        before_the_dialogue=frozenset(data["before_the_dialogue"]),
    )


def _rule(name: str, data: Mapping[str, Any]) -> Rule:
    rule = Rule(Action(data["action"]), float(data["mask_at"]), float(data["withhold_from"]))
    if not 0 < rule.withhold_from <= rule.mask_at <= 1:
        raise PolicyError(f"The thresholds of {name} in the release policy are not in order.")
    return rule
