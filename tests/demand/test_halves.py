"""Halves of periods: whoever reads one learns no count, and every figure made with one is within 3 of the truth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from demand.counts import Kind
from demand.database import connect, writing
from demand.halves import MOST_OF_RARE, joined_half
from demand.lines import in_line, line_of, merge_along
from demand.merging import K, coarser, joined_with_smallest, rounded
from demand.migrations import upgrade
from demand.release import close_weeks
from demand.released import read_releases
from demand.store import rewrite_week
from tests.privacy.worlds import eight_places, made_up_week

CODES = line_of(f"{sector}.{number}" for sector in "abcd" for number in range(4))
HALVES = st.lists(st.one_of(st.integers(0, 12), st.integers(0, 60)), min_size=len(CODES), max_size=len(CODES))
COINS = st.lists(st.integers(0, 1), min_size=len(CODES) + 1, max_size=len(CODES) + 1)


def _parent(code: str) -> str:
    return code.split(".")[0]


def _coin(tosses: tuple[int, ...] | list[int]) -> Callable[[], int]:
    left: Iterator[int] = iter(tosses)
    return lambda: next(left)


def _half(counts: list[int], tosses: list[int]) -> dict[tuple[str, ...], int]:
    return joined_half(Counter(dict(zip(CODES, counts, strict=True))), CODES, _parent, _coin(tosses))


@pytest.mark.parametrize("codes", [("a.1", "a.2", "a.3"), ("a.1", "a.2", "b.1")])
def test_what_is_kept_stands_for_three_truths(codes: tuple[str, ...]):
    """All worlds of three needs and all falls of the coins: who takes the disk and knows the rules learns no count."""
    most, truths = 10, {}
    for counts in product(range(most + 1), repeat=len(codes)):
        exact = Counter(dict(zip(codes, counts, strict=True)))
        for tosses in product((0, 1), repeat=len(codes) + 1):
            half = joined_half(exact, codes, _parent, _coin(tosses))
            seen = truths.setdefault(frozenset(half.items()), {cell: set() for cell in half})
            for cell in half:
                seen[cell].add(sum(exact[code] for code in cell))
    # A larger number could come from a world that is left out here.
    whole = [half for half in truths if max(kept for _, kept in half) < most]
    assert len(whole) > 400
    for half in whole:
        for cell, kept in half:
            assert truths[half][cell] == {kept - 1, kept, kept + 1} - {-1}


@given(HALVES, COINS)
def test_a_run_of_neighbours_is_within_one(counts, tosses):
    """Each kept cell, and each sum of cells side by side, is off by one at most; of rare codes only a sum is kept."""
    half, exact = _half(counts, tosses), dict(zip(CODES, counts, strict=True))
    line = in_line(half, CODES)
    assert sorted(code for cell in line for code in cell) == sorted(CODES)
    off = [half[cell] - sum(exact[code] for code in cell) for cell in line]
    assert all(kept >= 0 for kept in half.values())
    for start in range(len(line)):
        assert all(abs(sum(off[start:end])) <= 1 for end in range(start + 1, len(line) + 1))
    for parent in "abcd":
        rare = [c for c in line if _parent(c[0]) == parent and (len(c) > 1 or half[c] <= MOST_OF_RARE)]
        assert len(rare) <= 1
    assert all(
        exact[cell[0]] >= MOST_OF_RARE for cell in line if half[cell] > MOST_OF_RARE and len(cell) == 1
    )


@given(HALVES, COINS, st.integers(0, len(CODES) - 1))
def test_one_asker_more_changes_one_cell(counts, tosses, which):
    """With the coins as they fell, what is kept differs by one in one cell, unless a code becomes rare or is no more."""
    more = [count + (number == which) for number, count in enumerate(counts)]
    one, other = _half(counts, tosses), _half(more, tosses)
    assume(set(one) == set(other))
    # An empty cell lets nobody go; its first asker may be the one who does.
    assert sum(abs(one[cell] - other[cell]) for cell in one) == 1


@given(
    HALVES,
    HALVES,
    COINS,
    st.sampled_from([1, 3]),
    st.lists(st.one_of(st.none(), st.sampled_from(CODES)), max_size=4),
)
def test_every_figure_is_within_three_however_much_is_joined(first, second, tosses, per_asker, steps):
    """Own lines and joined figures, merged further by the audit or not: within 3, one partition, ten askers or more."""
    cells = {cell: count + sum(second[CODES.index(code)] for code in cell)
             for cell, count in _half(first, tosses).items()}  # fmt: skip
    exact = {code: one + other for code, one, other in zip(CODES, first, second, strict=True)}
    groups = merge_along(cells, CODES, _parent, k=K, per_asker=per_asker)
    if not groups:
        assert sum(exact.values()) < K * per_asker + 2
    for step in steps:
        groups = (
            coarser(groups, in_line=True)
            if step is None
            else joined_with_smallest(groups, step, in_line=True)
        )
    assert sorted(code for group in groups for code in group.codes) in ([], sorted(CODES))
    for group in groups:
        true = [exact[code] for code in group.codes]
        assert abs(sum(true) - rounded(group.count)) <= 3
        assert max(true) >= K or sum(true) >= K * per_asker


def test_a_sector_is_joined_with_another_only_when_it_must():
    """Too few in one sector join their neighbours in it; a sector of too few joins the cheaper one beside it."""
    cells = {("a.1",): 40, ("a.2",): 3, ("a.3",): 15, ("a.4",): 30, ("b.1",): 4, ("c.1",): 12, ("c.2",): 50}
    codes = line_of(code for (code,) in cells)
    groups = merge_along(cells, codes, _parent, k=K, error=0)
    assert [group.codes for group in groups] == [
        ("a.1",), ("a.2", "a.3"), ("a.4",), ("b.1", "c.1"), ("c.2",)]  # fmt: skip
    assert [group.codes for group in coarser(groups, in_line=True)] == [
        ("a.1",), ("a.2", "a.3"), ("a.4", "b.1", "c.1"), ("c.2",)]  # fmt: skip
    assert merge_along({("a.1",): 9}, ["a.1"], _parent, k=K) == []


_FIRST = date(2026, 1, 26)


@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seed=st.integers(0, 10**6),
    sizes=st.lists(st.integers(15, 300), min_size=1, max_size=2),
    lived=st.sets(st.integers(0, 3), min_size=1),
    late=st.booleans(),
)
def test_every_published_figure_is_within_three_of_the_truth(library, seed, sizes, lived, late):
    """Random places and weeks, some of them without anybody, closed as they end or all at once, through the release."""
    places = eight_places(library)
    askers = dict(zip((place.code for place in places.all), sizes, strict=False))
    weeks = [_FIRST + timedelta(days=7 * number) for number in range(4)]
    truth: dict = {kind: Counter() for kind in Kind}
    with TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{Path(folder)}/demand.sqlite3"
        upgrade(url)
        engine = connect(url)
        with writing(engine) as connection:
            for week in weeks:
                counts = made_up_week(library, askers if weeks.index(week) in lived else {}, seed, week)
                for kind in Kind:
                    truth[kind].update({(*key[:1], week, *key[1:]): n for key, n in counts[kind].items()})
                rewrite_week(connection, week, counts, over=True)
                if not late or week == weeks[-1]:
                    after = datetime(week.year, week.month, week.day, 14, tzinfo=UTC) + timedelta(days=7)
                    close_weeks(connection, after, places, library.taxonomy)
            releases = read_releases(connection)
        engine.dispose()
    for one in releases:
        covered = [one.start + timedelta(days=7 * step) for step in range(one.weeks)]
        for figure in one.figures:
            true = sum(
                truth[Kind(one.grid)][one.place, week, code] for week in covered for code in figure.codes
            )
            assert abs(true - figure.askers) <= 3
            assert true >= K
