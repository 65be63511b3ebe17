"""Exact counts in the database: rewritten whole, once a day, in random order.

Nothing is added in place, so that no row, log or backup tells when somebody asked. Protection figures are
written with a week that is over and never before. A count of 0 says that a code was in the list, and nobody asked.
"""

from __future__ import annotations

import secrets
from collections import Counter as Sums
from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import Connection, delete, insert, select

from demand.counts import Counts, Key, Kind, no_counts
from demand.tables import EXACT, release


def rewrite_week(connection: Connection, week: date, counts: Mapping[Kind, Sums[Key]], *, over: bool) -> None:
    """Replace every count of a week; a week that was released already is left alone, late counts are dropped."""
    if is_released(connection, week):
        return
    for kind, table in EXACT.items():
        if kind is Kind.PROTECTION and not over:
            continue
        connection.execute(delete(table).where(table.c.week == week))
        rows = [
            {"place": place, "week": week, "code": code, "amount": count}
            for (place, code), count in counts.get(kind, Sums()).items()
        ]
        secrets.SystemRandom().shuffle(rows)
        if rows:
            connection.execute(insert(table), rows)


def read_week(connection: Connection, week: date) -> Counts:
    """The exact counts of a week."""
    return read_weeks(connection, (week,))


def read_weeks(connection: Connection, weeks: Iterable[date], kinds: Iterable[Kind] = Kind) -> Counts:
    """The sum of the exact counts of some weeks."""
    counts = no_counts()
    listed = tuple(weeks)
    for kind in kinds:
        table = EXACT[kind]
        for row in connection.execute(select(table).where(table.c.week.in_(listed))):
            counts[kind][row.place, row.code] += row.amount
    return counts


def delete_weeks(connection: Connection, weeks: Iterable[date], kinds: Iterable[Kind] = Kind) -> None:
    """Delete exact counts."""
    listed = tuple(weeks)
    for kind in kinds:
        connection.execute(delete(EXACT[kind]).where(EXACT[kind].c.week.in_(listed)))


def counted_weeks(connection: Connection) -> list[date]:
    """Every week of which exact counts are still held."""
    weeks: set[date] = set()
    for table in EXACT.values():
        weeks |= set(connection.execute(select(table.c.week).distinct()).scalars())
    return sorted(weeks)


def is_released(connection: Connection, week: date) -> bool:
    """Whether the weekly tables of a week were decided, published or not."""
    rows = select(release.c.start).where(
        release.c.start == week, release.c.weeks == 1, release.c.simulated.is_(False)
    )
    return connection.execute(rows.limit(1)).first() is not None
