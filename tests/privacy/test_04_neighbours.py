"""Attack 4, neighbours: two worlds that differ in one person must look alike."""

from __future__ import annotations

import random

from demand.merging import merge_upward, rounded

PAIRS = 10_000
CODES = [f"{sector}.{number}" for sector in "abcdefghijk" for number in range(3)]


def _publish(counts: dict[str, int]) -> dict[tuple[str, ...], int]:
    groups = merge_upward(
        {(code,): count for code, count in counts.items()}, lambda code: code[0], per_asker=3
    )
    return {group.codes: rounded(group.count) for group in groups}


def _worlds(source: random.Random) -> tuple[dict[str, int], dict[str, int]]:
    counts = dict.fromkeys(CODES, 0)
    for code in source.choices(
        CODES, [1 / (rank + 1) ** 0.9 for rank in range(len(CODES))], k=source.randrange(200, 1500)
    ):
        counts[code] += 1
    other = dict(counts)
    for code in source.sample(CODES, source.choices((1, 2, 3), (60, 25, 15))[0]):
        other[code] += 1
    return counts, other


def test_one_person_more_changes_little_and_mostly_nothing():
    """In at least half of the pairs nothing changes; else three figures by one step, unless a group forms or opens."""
    source, same, regrouped = random.Random(4), 0, 0
    for _ in range(PAIRS):
        one, other = (_publish(counts) for counts in _worlds(source))
        same += one == other
        if set(one) != set(other):
            regrouped += 1
            continue
        changed = [abs(one[codes] - other[codes]) for codes in one if one[codes] != other[codes]]
        assert len(changed) <= 3
        assert set(changed) <= {5}
    print("same", same / PAIRS, "regrouped", regrouped / PAIRS)
    assert same >= PAIRS / 2
    assert regrouped <= PAIRS / 10


def test_exact_figures_betray_every_person():
    """Exact counts of the naive build differ in every pair."""
    source = random.Random(4)
    assert all(one != other for one, other in (_worlds(source) for _ in range(1000)))
