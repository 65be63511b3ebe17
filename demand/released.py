"""Releases as they were published: read, written once, never changed.

What stands here is all that is kept about demand. Nothing here merges, rounds or decides.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import Connection, delete, insert, select

from demand.tables import figure, release


class Grid(StrEnum):
    """The closed list of published tables."""

    SECTOR = "sector"
    NEED = "need"
    LANGUAGE = "language"
    OUTCOME = "outcome"
    EVERYWHERE = "everywhere"
    PROTECTION = "protection"


TOO_FEW = "fewer than 50 people asked: this place is counted only in the figures for all places"
NO_FIGURE = "too few people for a figure of its own"
NOT_SAFE = "the audit found that a small count could be worked out from it: {cell}"


@dataclass(frozen=True)
class Figure:
    """Askers, rounded to 5, of one code or of several joined ones."""

    codes: tuple[str, ...]
    askers: int


@dataclass(frozen=True)
class Release:
    """One table of one place and period. `withheld` says why nothing of it was published."""

    grid: Grid
    place: str
    start: date
    weeks: int
    hours: int
    figures: tuple[Figure, ...] = ()
    withheld: str | None = None
    simulated: bool = False

    @property
    def total(self) -> int:
        """The sum of the published figures."""
        return sum(figure.askers for figure in self.figures)


def write_releases(connection: Connection, releases: Iterable[Release]) -> None:
    """Store releases for good."""
    for one in releases:
        key = {"simulated": one.simulated, "grid": one.grid.value, "place": one.place, "start": one.start}
        row = {**key, "weeks": one.weeks, "hours": one.hours, "withheld": one.withheld}
        connection.execute(insert(release), row)
        rows = [
            {**key, "position": position, "codes": " ".join(shown.codes), "askers": shown.askers}
            for position, shown in enumerate(one.figures)
        ]
        if rows:
            connection.execute(insert(figure), rows)


def read_releases(connection: Connection, *, simulated: bool | None = None) -> tuple[Release, ...]:
    """Every release in order; with `simulated`, those alone that are or are not."""
    figures: dict[tuple[bool, str, str, date], list[Figure]] = {}
    for row in connection.execute(select(figure).order_by(figure.c.position)):
        key = (row.simulated, row.grid, row.place, row.start)
        figures.setdefault(key, []).append(Figure(tuple(row.codes.split()), row.askers))
    order = (release.c.start, release.c.weeks, release.c.place, release.c.grid)
    return tuple(
        Release(
            Grid(row.grid), row.place, row.start, row.weeks, row.hours,
            tuple(figures.get((row.simulated, row.grid, row.place, row.start), ())), row.withheld, row.simulated,
        )
        for row in connection.execute(select(release).order_by(*order))
        if simulated is None or row.simulated == simulated
    )  # fmt: skip


def remove_simulated(connection: Connection) -> int:
    """Delete every simulated release; says how many there were."""
    connection.execute(delete(figure).where(figure.c.simulated.is_(True)))
    return connection.execute(delete(release).where(release.c.simulated.is_(True))).rowcount
