"""Open data with differential privacy: figures with the noise of `opendp`, drawn once when a week closes.

Only where the extra `dp` is installed. No noise of our own is ever added; without the library nothing is made. A
figure that was drawn is kept as it is: a second draw could be averaged with the first.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from datetime import date
from importlib.util import find_spec
from typing import Any, TextIO

from sqlalchemy import Connection, insert, select

from content.places import Places
from content.taxonomy import Taxonomy
from demand.codes import countable
from demand.counts import Key
from demand.ledger import NEEDS_PER_ASKER
from demand.tables import open_figure

EPSILON = 1.0
MISSING = "Open data needs the library opendp. Install it with: uv sync --extra dp"
NOTHING_YET = (
    "No week has left open data yet. Noise is drawn when a week closes, from the first Monday after opendp was"
    " installed; exact counts of earlier weeks are deleted and cannot be exported."
)
HEAD = (
    f"# Differential privacy by opendp: Laplace noise, epsilon = {EPSILON} per asker and week.",
    f"# An asker counts once per place and need, for {NEEDS_PER_ASKER} at most. Below zero is noise.",
    "# After a restart of the assistant an asker may count again in that week: epsilon holds for each run.",
    "# Protection needs and danger are not in here.",
)
Noise = Callable[[list[int]], list[int]]


class OpenDataError(Exception):
    """A sentence for the operator."""


def is_installed() -> bool:
    """Whether the library is there, without loading it."""
    return find_spec("opendp") is not None


def _library() -> Any:
    try:
        import opendp.prelude as dp
    except ModuleNotFoundError:
        raise OpenDataError(MISSING) from None
    return dp


def mechanism() -> Noise:
    """A release of whole counts in which one asker, who moves three at most, loses at most ε = 1."""
    dp = _library()
    dp.enable_features("contrib")
    space = dp.vector_domain(dp.atom_domain(T=int)), dp.l1_distance(T=int)
    made = space >> dp.m.then_laplace(scale=NEEDS_PER_ASKER / EPSILON)
    if made.map(NEEDS_PER_ASKER) > EPSILON:
        raise OpenDataError("The mechanism does not keep its promise; nothing was exported.")
    return lambda counts: [int(value) for value in made(counts)]


def noise_if_installed() -> Noise | None:
    """The mechanism, loaded when a week closes and not before; None without the library."""
    return (lambda counts: mechanism()(counts)) if is_installed() else None


def open_cells(places: Places, taxonomy: Taxonomy) -> list[Key]:
    """Every open place by every need that is counted on its own: the grid does not depend on who asked.

    A need or a place that went during the week is not in it: the grid is that of the day on which the week closes.
    """
    needs = [need for group in countable(taxonomy).values() for need in group]
    return [(place.code, need) for place in places.open for need in needs]


def write_open_week(
    connection: Connection, week: date, counts: Mapping[Key, int], cells: list[Key], noise: Noise
) -> None:
    """Draw the figures of a week, those of nobody too, and keep them for good; a week drawn before is left alone."""
    if connection.execute(select(open_figure.c.week).where(open_figure.c.week == week).limit(1)).first():
        return
    drawn = noise([counts.get(cell, 0) for cell in cells])
    rows = [
        {"week": week, "place": place, "need": need, "amount": value}
        for (place, need), value in zip(cells, drawn, strict=True)
    ]
    connection.execute(insert(open_figure), rows)


def export(connection: Connection, out: TextIO) -> int:
    """Write every figure that was drawn, the same each time; ε stands in the first lines. Says how many weeks."""
    if not is_installed():
        raise OpenDataError(MISSING)
    order = (open_figure.c.week, open_figure.c.place, open_figure.c.need)
    figures = connection.execute(select(open_figure).order_by(*order)).all()
    if not figures:
        raise OpenDataError(NOTHING_YET)
    out.write("".join(f"{line}\n" for line in HEAD))
    rows = csv.writer(out)
    rows.writerow(["week", "place", "need", "askers"])
    rows.writerows([row.week.isoformat(), row.place, row.need, row.amount] for row in figures)
    return len({row.week for row in figures})
