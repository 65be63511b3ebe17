"""Merge upward: cells with too few people join others until every figure stands for at least k of them.

Pure. Nothing is left out that could be read back from a total: each table is one partition. A merged figure
adds askers who may be the same person, so the fewest different people it can stand for is what counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

K = 10
K_PROTECTION = 20
ROUND_TO = 5


@dataclass(frozen=True)
class Group:
    """Codes published as one figure: their sum, the part of it that is sure, and the surely largest member."""

    codes: tuple[str, ...]
    count: int
    sure: int
    largest: int

    def fewest(self, per_asker: int) -> int:
        """The fewest different askers that these counts can come from, when one asker counts `per_asker` times."""
        return max(self.largest, -(-self.sure // per_asker))


_NOTHING = Group((), 0, 0, 0)


def rounded(count: int, to: int = ROUND_TO) -> int:
    """The nearest multiple."""
    return to * ((2 * count + to) // (2 * to))


def _cell(codes: tuple[str, ...], count: int, error: int) -> Group:
    sure = max(0, count - error)
    return Group(codes, count, sure, sure)


def joined(groups: Iterable[Group]) -> Group:
    """Groups as one."""
    listed = list(groups)
    codes = tuple(sorted(code for group in listed for code in group.codes))
    largest = max((group.largest for group in listed), default=0)
    return Group(codes, sum(group.count for group in listed), sum(group.sure for group in listed), largest)


def merge_upward(
    counts: Mapping[tuple[str, ...], int],
    parent: Callable[[str], str],
    *,
    k: int = K,
    per_asker: int = 1,
    error: int = 0,
) -> list[Group]:
    """A partition of the cells in which every group stands for at least `k` askers; empty when all have fewer.

    `error` is by how much a count may be above the truth.
    """
    cells = [_cell(codes, count, error) for codes, count in sorted(counts.items())]
    published: list[Group] = []
    rest: list[Group] = []
    for name in sorted({parent(cell.codes[0]) for cell in cells}):
        kin = [cell for cell in cells if parent(cell.codes[0]) == name]
        own = [cell for cell in kin if cell.sure >= k]
        small = joined(cell for cell in kin if cell.sure < k)
        own, small = _fill(own, small, k, per_asker)
        published += own
        rest += [small] if small.codes else []
    return _place_rest(published, rest, k, per_asker)


def _fill(own: list[Group], small: Group, k: int, per_asker: int) -> tuple[list[Group], Group]:
    """Publish the small cells of a sector together, taking in its smallest figure when they are too few."""
    if not small.codes:
        return own, small
    if small.fewest(per_asker) >= k:
        return [*own, small], _NOTHING
    if not own:
        return own, small
    least = min(own, key=lambda group: (group.count, group.codes))
    return [*(group for group in own if group is not least), joined((least, small))], _NOTHING


def _place_rest(published: list[Group], rest: list[Group], k: int, per_asker: int) -> list[Group]:
    """What is left of every sector becomes one figure, or joins the smallest."""
    if not rest:
        return published
    others = joined(rest)
    if others.fewest(per_asker) >= k:
        return [*published, others]
    if not published:
        return []
    least = min(published, key=lambda group: (group.count, group.codes))
    return [*(group for group in published if group is not least), joined((least, others))]


def coarser(groups: list[Group]) -> list[Group]:
    """The partition with its two smallest groups joined."""
    if len(groups) < 2:
        return []
    ordered = sorted(groups, key=lambda group: (group.count, group.codes))
    return [joined(ordered[:2]), *ordered[2:]]


def joined_with_smallest(groups: list[Group], code: str) -> list[Group]:
    """The partition in which the group that holds a code is joined with the smallest other one."""
    holders = [group for group in groups if code in group.codes]
    others = sorted((g for g in groups if code not in g.codes), key=lambda group: (group.count, group.codes))
    return [joined([*holders, others[0]]), *others[1:]] if holders and others else groups
