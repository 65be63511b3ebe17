"""Merging upward: every figure stands for enough people, nothing is lost, figures are close to the truth."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from demand.audit import Finding, System
from demand.merging import K, cell, coarser, merge_upward, rounded
from demand.release import _Candidate, _coarsened
from demand.released import Grid, Release

CELLS = st.dictionaries(
    st.tuples(st.sampled_from(["a", "b", "c"]), st.integers(0, 6)).map(lambda p: (f"{p[0]}.{p[1]}",)),
    st.integers(0, 60),
    min_size=1,
)


def _parent(code: str) -> str:
    return code.split(".")[0]


@given(CELLS, st.sampled_from([1, 3]))
def test_groups_are_one_partition_of_at_least_ten_askers(cells, per_asker):
    """Each code stands in exactly one figure, each figure has ten surely different askers, sums are kept."""
    groups = merge_upward(cells, _parent, per_asker=per_asker)
    if not groups:
        assert sum(cells.values()) < 3 * K
        return
    assert sorted(code for group in groups for code in group.codes) == sorted(code for (code,) in cells)
    assert sum(group.count for group in groups) == sum(cells.values())
    for group in groups:
        members = [cells[(code,)] for code in group.codes]
        assert max(members) >= K or sum(members) >= K * per_asker
    assert len(coarser(groups)) == max(0, len(groups) - 1)


def test_many_findings_about_one_group_join_it_once():
    """What the audit finds narrow is joined with its smallest neighbour and looked at again, not with a whole table."""
    week = date(2026, 1, 26)
    release = Release(Grid.NEED, "quito", week, 4, 672)
    groups = [cell((code,), count) for code, count in (("a.1", 30), ("a.2", 20), ("b.1", 25), ("c.1", 90))]
    found = [Finding((("need", "quito", week, code),), 0, 5) for code in ("a.1", "a.2", "a.1", "c.1")]
    made = _coarsened(_Candidate(release, groups), found).groups
    assert [group.codes for group in made] == [("a.1", "a.2"), ("b.1", "c.1")]


@given(st.integers(0, 10_000))
def test_rounding_is_within_two(count):
    """The nearest five."""
    assert abs(rounded(count) - count) <= 2
    assert rounded(count) % 5 == 0


def test_the_audit_reads_a_starred_cell_from_its_margin():
    """Exact margins give a hidden cell away; rounded ones leave it wide."""
    exact, rounded_off = System(), System()
    for system, slack in ((exact, 0), (rounded_off, 5)):
        system.know({"a": 1, "b": 1, "hidden": 1}, 33 - slack, 33 + slack)
        system.know({"a": 1}, 14 - slack, 14 + slack)
        system.know({"b": 1}, 15 - slack, 15 + slack)
    found = exact.narrow([{"hidden": 1}], K, ["hidden"])
    assert [(one.cell, round(one.low), round(one.high)) for one in found] == [("hidden", 4, 4)]
    assert found[0].exact
    assert rounded_off.narrow([{"hidden": 1}], K, ["hidden"]) == []
