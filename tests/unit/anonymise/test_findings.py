"""Merging joins what overlaps, in whatever order it was found."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymise.findings import EntityType, Finding, merge

FINDINGS = st.lists(
    st.builds(
        lambda start, length, kind, probability, name: Finding(start, start + length, kind, probability, name),
        st.integers(0, 30),
        st.integers(1, 8),
        st.sampled_from(list(EntityType)),
        st.sampled_from([0.3, 0.5, 0.9]),
        st.sampled_from(["a", "b"]),
    ),
    max_size=12,
)


@given(st.data())
def test_the_order_of_findings_does_not_matter(data: st.DataObject) -> None:
    findings = data.draw(FINDINGS)
    assert merge(data.draw(st.permutations(findings))) == merge(findings)


@given(FINDINGS)
def test_merged_findings_are_apart_and_cover_the_same_characters(findings: list[Finding]) -> None:
    merged = merge(findings)
    assert all(left.end <= right.start for left, right in pairwise(merged))
    assert {at for each in merged for at in range(each.start, each.end)} == {
        at for each in findings for at in range(each.start, each.end)
    }


def test_the_longest_gives_the_type_and_the_surest_the_probability() -> None:
    merged = merge(
        [Finding(0, 10, EntityType.ADDRESS, 0.6, "addresses"), Finding(3, 6, EntityType.PERSON, 0.9, "names")]
    )
    assert merged == (Finding(0, 10, EntityType.ADDRESS, 0.9, "addresses"),)


@pytest.mark.parametrize(("start", "end", "probability"), [(3, 3, 0.5), (-1, 2, 0.5), (0, 2, 1.5)])
def test_a_finding_that_cannot_be_is_refused(start: int, end: int, probability: float) -> None:
    with pytest.raises(ValueError, match=r"finding|probability"):
        Finding(start, end, EntityType.PERSON, probability, "names")
