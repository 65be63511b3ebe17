"""The first half of a four-week period: rare cells joined, every count rounded to 3, so that no exact counter
lives longer than fourteen days although the period is longer.

The second half is added exactly at the period's end: a figure of its own is within 3 of the truth.
"""

from __future__ import annotations

from collections import Counter as Sums
from collections.abc import Callable, Iterable
from datetime import date

from sqlalchemy import Connection, delete, insert, select

from demand.counts import Kind
from demand.merging import rounded
from demand.tables import half_count

RARE_IN_HALF = 5
ROUND_HALF_TO = 3
Cells = dict[tuple[str, ...], int]


def joined_half(counts: Sums[str], codes: Iterable[str], parent: Callable[[str], str]) -> Cells:
    """Cells of a half: codes with fewer than five askers joined within their parent, all rounded to 3."""
    cells: Cells = {}
    rare: dict[str, list[str]] = {}
    for code in codes:
        if counts[code] >= RARE_IN_HALF:
            cells[(code,)] = counts[code]
        else:
            rare.setdefault(parent(code), []).append(code)
    for members in rare.values():
        cells[tuple(sorted(members))] = sum(counts[code] for code in members)
    return {key: rounded(count, ROUND_HALF_TO) for key, count in cells.items()}


def write_half(connection: Connection, place: str, period: date, kind: Kind, cells: Cells) -> None:
    """Keep the half of one place and kind."""
    rows = [
        {"place": place, "period": period, "kind": kind.value, "codes": " ".join(codes), "amount": count}
        for codes, count in sorted(cells.items())
    ]
    connection.execute(insert(half_count), rows)


def read_half(connection: Connection, place: str, period: date, kind: Kind) -> Cells:
    """The half of one place and kind; empty when there was none."""
    rows = select(half_count).where(
        half_count.c.place == place, half_count.c.period == period, half_count.c.kind == kind.value
    )
    return {tuple(row.codes.split()): row.amount for row in connection.execute(rows)}


def half_periods(connection: Connection) -> dict[date, set[str]]:
    """The periods of which a half is kept, with their places."""
    found: dict[date, set[str]] = {}
    for row in connection.execute(select(half_count.c.period, half_count.c.place).distinct()):
        found.setdefault(row.period, set()).add(row.place)
    return found


def delete_half(connection: Connection, period: date) -> None:
    """Delete the half of a period that was released."""
    connection.execute(delete(half_count).where(half_count.c.period == period))
