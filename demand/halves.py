"""The first half of a four-week period: rare cells joined, every count within 1 of the truth by coins, so that no
exact counter lives longer than fourteen days although the period is longer.

The cells stand in line. At each border a coin decides whether one asker of the cell before is counted in the cell
after: a run of neighbours gains at most one and loses at most one, and is itself within 1 of the truth. A coin says
something about its border only, so one asker more changes one cell. The second half is added exactly at the end.
"""

from __future__ import annotations

import secrets
from collections import Counter as Sums
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from sqlalchemy import Connection, delete, insert, select

from demand.counts import Kind
from demand.lines import Cells, in_line
from demand.tables import half_count

MOST_OF_RARE = 5
Halves = dict[tuple[str, Kind], Cells]  # by place and kind


def toss() -> int:
    """A fair coin that nobody can foresee."""
    return secrets.randbits(1)


def joined_half(
    counts: Sums[str], codes: Sequence[str], parent: Callable[[str], str], coin: Callable[[], int]
) -> Cells:
    """Cells of a half in line: what would be kept as five askers or fewer is joined within its parent.

    The kept number decides and not the true one: so of a code that is kept alone three truths stay possible.
    """
    first, coins = coin(), {code: coin() for code in codes}
    alone = {code for code in codes if counts[code] >= MOST_OF_RARE}
    while True:
        kept = _carried(_cells(counts, codes, alone, parent), first, coins)
        fallen = {code for code in alone if kept[code,] <= MOST_OF_RARE}
        if not fallen:
            return kept
        alone -= fallen


def _cells(
    counts: Sums[str], codes: Sequence[str], alone: set[str], parent: Callable[[str], str]
) -> dict[tuple[str, ...], int]:
    rare: dict[str, list[str]] = {}
    for code in codes:
        if code not in alone:
            rare.setdefault(parent(code), []).append(code)
    cells = [(code,) for code in alone] + [tuple(members) for members in rare.values()]
    return {cell: sum(counts[code] for code in cell) for cell in in_line(cells, codes)}


def _carried(exact: Cells, first: int, coins: Mapping[str, int]) -> Cells:
    """The counts in line after at most one asker crossed each border; nobody leaves an empty cell."""
    kept, comes = {}, first
    for cell, count in exact.items():
        goes = min(coins[cell[0]], count + comes)
        kept[cell] = count + comes - goes
        comes = goes
    return kept


def write_half(connection: Connection, place: str, period: date, kind: Kind, cells: Cells) -> None:
    """Keep the half of one place and kind."""
    rows = [
        {"place": place, "period": period, "kind": kind.value, "codes": " ".join(codes), "amount": count}
        for codes, count in sorted(cells.items())
    ]
    connection.execute(insert(half_count), rows)


def read_halves(connection: Connection, period: date) -> Halves:
    """The half of each place and kind of a period, those of places that are gone too."""
    found: Halves = {}
    for row in connection.execute(select(half_count).where(half_count.c.period == period)):
        found.setdefault((row.place, Kind(row.kind)), {})[tuple(row.codes.split())] = row.amount
    return found


def half_periods(connection: Connection) -> set[date]:
    """The periods of which a half is kept."""
    return set(connection.execute(select(half_count.c.period).distinct()).scalars())


def delete_half(connection: Connection, period: date) -> None:
    """Delete the half of a period that was released."""
    connection.execute(delete(half_count).where(half_count.c.period == period))
