"""Attack 4, neighbours: two worlds that differ in one person must look alike."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable

from demand.halves import joined_half
from demand.lines import Cells, merge_along
from demand.merging import K, merge_upward, rounded
from tests.privacy.naive.build import alternating

PAIRS = 10_000
PERIOD_PAIRS = 500
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


def _compared(pairs: int, worlds: Callable[[], tuple[dict, dict]]) -> tuple[float, float]:
    """Shares of pairs that look alike and that are grouped in another way; else three figures by one step."""
    same = regrouped = 0
    for _ in range(pairs):
        one, other = worlds()
        same += one == other
        if set(one) != set(other):
            regrouped += 1
            continue
        changed = [abs(one[codes] - other[codes]) for codes in one if one[codes] != other[codes]]
        assert len(changed) <= 3
        assert set(changed) <= {5}
    print("same", same / pairs, "regrouped", regrouped / pairs)
    return same / pairs, regrouped / pairs


def test_one_person_more_changes_little_and_mostly_nothing():
    """In at least half of the pairs nothing changes; else three figures by one step, unless a group forms or opens."""
    source = random.Random(4)

    def worlds() -> tuple[dict, dict]:
        one, other = _worlds(source)
        return _publish(one), _publish(other)

    same, regrouped = _compared(PAIRS, worlds)
    assert same >= 0.5
    assert regrouped <= 0.1


def _period(half: Cells, second: dict[str, int]) -> dict[tuple[str, ...], int]:
    cells = {codes: count + sum(second[code] for code in codes) for codes, count in half.items()}
    groups = merge_along(cells, CODES, lambda code: code[0], k=K, per_asker=3)
    return {group.codes: rounded(group.count) for group in groups}


def test_one_person_more_in_a_half_changes_little_and_mostly_nothing():
    """The same holds of four-weekly figures for a person of the first half, with the coins as they fell."""
    source = random.Random(4)

    def worlds() -> tuple[dict, dict]:
        (one, other), (second, _), coins = _worlds(source), _worlds(source), source.randrange(2**32)
        return tuple(_period(_half(half, coins), second) for half in (one, other))

    same, regrouped = _compared(PERIOD_PAIRS, worlds)
    assert same >= 0.5
    assert regrouped <= 0.1


def _half(counts: dict[str, int], coins: int) -> Cells:
    fall = random.Random(coins)
    return joined_half(Counter(counts), CODES, lambda code: code[0], lambda: fall.randrange(2))


def test_rounding_in_turns_betrays_a_person():
    """Odd counts rounded up and down in turn are as near, and one person more turns all that follow: it shows."""
    source, different, many = random.Random(4), 0, 0
    for _ in range(PERIOD_PAIRS):
        (one, other), (second, _), first = _worlds(source), _worlds(source), source.choice((-1, 1))
        halves = ({(c,): n for c, n in alternating(half, first).items()} for half in (one, other))
        made, beside = (_period(half, second) for half in halves)
        different += made != beside
        many += sum(made.get(codes) != beside.get(codes) for codes in made) > 3
    assert different / PERIOD_PAIRS > 0.8
    assert many / PERIOD_PAIRS > 0.3


def test_exact_figures_betray_every_person():
    """Exact counts of the naive build differ in every pair."""
    source = random.Random(4)
    assert all(one != other for one, other in (_worlds(source) for _ in range(1000)))
