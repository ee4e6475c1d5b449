"""The release policy is complete, in order, and generalises as it says."""

from copy import deepcopy
from typing import Any

import pytest

from anonymise.errors import PolicyError
from anonymise.findings import EntityType, Finding
from anonymise.policy import Action, default_policy, policy_from, read_policy


def _changed(kind: str, **own: object) -> dict[str, Any]:
    data = deepcopy(dict(read_policy()))
    data["types"][kind] = own
    return data


def test_every_type_has_a_rule_and_a_placeholder() -> None:
    assert (
        set(default_policy().rules) == set(EntityType) == {EntityType(name) for name in read_policy()["placeholders"]}
    )


def test_a_policy_that_forgets_a_type_is_refused() -> None:
    data = deepcopy(dict(read_policy()))
    del data["types"]["CHI"]
    with pytest.raises(PolicyError, match="CHI"):
        policy_from(data)


def test_thresholds_in_the_wrong_order_are_refused() -> None:
    with pytest.raises(PolicyError, match="PERSON"):
        policy_from(_changed("PERSON", mask_at=0.3, withhold_from=0.6))


@pytest.mark.parametrize(
    ("words", "reads"),
    [
        ("11", "aged under 12"),
        ("91yr old", "aged 80 or over"),
        ("eighty four year old", "aged 80 or over"),
        ("12", "aged 12 to 15"),
        ("17", "aged 16 or 17"),
        ("25", "aged 18 to 25"),
        ("26", "aged 26 to 64"),
        ("80", "aged 80 or over"),
        ("3 weeks old", "aged under 12"),
    ],
)
def test_ages_become_bands(words: str, reads: str) -> None:
    assert default_policy().generalise(Finding(0, 1, EntityType.AGE, 0.9, "ages"), words) == reads


def test_a_date_that_cannot_be_read_is_masked_instead() -> None:
    assert default_policy().generalise(Finding(0, 1, EntityType.DATE, 0.9, "dates"), "99/99") is None


def test_a_type_that_is_kept_concerns_nobody() -> None:
    policy = policy_from(_changed("AGE", action="keep"))
    assert policy.rules[EntityType.AGE].action is Action.KEEP
    assert not policy.concerns(Finding(0, 1, EntityType.AGE, 0.9, "ages"))
