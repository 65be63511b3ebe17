"""Merge along the line: four-weekly cells join their neighbours only, for what neighbours are off by does not add up.

Pure. A half (demand/halves.py) is within 1 of the truth for every run of neighbours, and for no other choice of cells.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from demand.merging import Group, cell, joined

OFF_BY = 1
Cells = dict[tuple[str, ...], int]


def line_of(needs: Iterable[str]) -> tuple[str, ...]:
    """Needs in the one order in which they may join: by sector and name, so that a new need moves no other."""
    return tuple(sorted(needs, key=lambda need: need.split(".")))


def in_line(cells: Iterable[tuple[str, ...]], codes: Sequence[str]) -> list[tuple[str, ...]]:
    """Cells in the fixed order of codes; joined ones stand where their first code does."""
    place = {code: number for number, code in enumerate(codes)}
    return sorted(cells, key=lambda cell: min(place[code] for code in cell))


@dataclass(frozen=True, order=True)
class _Way:
    """A partition of the beginning of the line. The best joins fewest parents, then leaves most demand alone."""

    crossed: int = 0
    not_alone: int = 0
    groups: tuple[Group, ...] = field(default=(), compare=False)

    def then(self, group: Group, parent: Callable[[str], str]) -> _Way:
        crossed = len({parent(code) for code in group.codes}) - 1
        not_alone = group.count if len(group.codes) > 1 else 0
        return _Way(self.crossed + crossed, self.not_alone + not_alone, (*self.groups, group))


def merge_along(
    counts: Cells,
    codes: Sequence[str],
    parent: Callable[[str], str],
    *,
    k: int,
    per_asker: int = 1,
    error: int = OFF_BY,
) -> list[Group]:
    """The best partition of the line into runs that stand for at least `k` askers each; empty when all have fewer.

    `error` is by how much the count of a run may be above the truth.
    """
    line = [cell(codes_of_one, counts[codes_of_one], error) for codes_of_one in in_line(counts, codes)]
    best: list[_Way | None] = [_Way()]
    for end in range(1, len(line) + 1):
        runs = ((best[start], joined(line[start:end])) for start in range(end))
        ways = [way.then(run, parent) for way, run in runs if way is not None and run.fewest(per_asker) >= k]
        best.append(min(ways, default=None))
    return list(best[-1].groups) if best[-1] else []
