"""Merge upward: cells with too few people join others until every figure stands for at least k of them.

Pure. Nothing is left out that could be read back from a total: each table is one partition. A merged figure
adds askers who may be the same person, so the fewest different people it can stand for is what counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations, pairwise

K = 10
K_PROTECTION = 20
ROUND_TO = 5


@dataclass(frozen=True)
class Group:
    """Codes of one figure: their sum, what the largest of them has at least, and by how much the sum may be too high."""

    codes: tuple[str, ...]
    count: int
    largest: int
    error: int = 0

    def fewest(self, per_asker: int) -> int:
        """The fewest different askers that these counts can come from, when one asker counts `per_asker` times."""
        return max(self.largest, -(-(self.count - self.error) // per_asker))


_NOTHING = Group((), 0, 0)
_Pairs = Iterable[tuple[Group, Group]]


def rounded(count: int) -> int:
    """The nearest multiple of five."""
    return ROUND_TO * ((2 * count + ROUND_TO) // (2 * ROUND_TO))


def cell(codes: tuple[str, ...], count: int, error: int = 0) -> Group:
    """A group of what was counted as one. Of several codes the largest has at least its share of the sum."""
    return Group(codes, count, -(-max(0, count - error) // len(codes)), error)


def joined(groups: Iterable[Group]) -> Group:
    """Groups as one. Those with an error must be neighbours in line: their sum is no more off than each of them."""
    listed = list(groups)
    codes = tuple(sorted(code for group in listed for code in group.codes))
    largest = max((group.largest for group in listed), default=0)
    error = max((group.error for group in listed), default=0)
    return Group(codes, sum(group.count for group in listed), largest, error)


def merge_upward(
    counts: Mapping[tuple[str, ...], int],
    parent: Callable[[str], str],
    *,
    k: int = K,
    per_asker: int = 1,
) -> list[Group]:
    """A partition of exact counts in which every group stands for at least `k` askers; empty when all have fewer."""
    cells = [cell(codes, count) for codes, count in sorted(counts.items())]
    published: list[Group] = []
    rest: list[Group] = []
    for name in sorted({parent(one.codes[0]) for one in cells}):
        kin = [one for one in cells if parent(one.codes[0]) == name]
        own = [one for one in kin if one.count >= k]
        small = joined(one for one in kin if one.count < k)
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


def coarser(groups: list[Group], *, in_line: bool = False) -> list[Group]:
    """The partition with its smallest two groups joined, of those in line the smallest two neighbours."""
    return _join_smallest(groups, _pairs(groups, in_line=in_line))


def joined_with_smallest(groups: list[Group], code: str, *, in_line: bool = False) -> list[Group]:
    """The partition in which the group that holds a code is joined with the smallest other one or neighbour."""
    pairs = [pair for pair in _pairs(groups, in_line=in_line) if code in pair[0].codes + pair[1].codes]
    return _join_smallest(groups, pairs) or groups


def _pairs(groups: list[Group], *, in_line: bool) -> _Pairs:
    return pairwise(groups) if in_line else combinations(groups, 2)


def _join_smallest(groups: list[Group], pairs: _Pairs) -> list[Group]:
    """The groups in their order with the smallest of some pairs joined; none when there is no pair."""
    ordered = sorted(pairs, key=lambda pair: (pair[0].count + pair[1].count, pair[0].codes, pair[1].codes))
    for one, other in ordered[:1]:
        return [joined((one, other)) if group is one else group for group in groups if group is not other]
    return []
