"""Open data with differential privacy: an optional export, by `opendp`, with its ε in the file.

Off-line only: it takes the counts of one closed week before they are deleted. No noise of our own is ever
added; without the library nothing is exported.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from typing import Any, TextIO

from demand.counts import Key
from demand.ledger import NEEDS_PER_ASKER

EPSILON = 1.0
MISSING = "Open data needs the library opendp. Install it with: uv sync --extra dp"


class OpenDataError(Exception):
    """A sentence for the operator."""


def _library() -> Any:
    try:
        import opendp.prelude as dp
    except ModuleNotFoundError:
        raise OpenDataError(MISSING) from None
    return dp


def mechanism() -> Callable[[list[int]], list[int]]:
    """A release of whole counts in which one asker, who moves three at most, loses at most ε = 1."""
    dp = _library()
    dp.enable_features("contrib")
    space = dp.vector_domain(dp.atom_domain(T=int)), dp.l1_distance(T=int)
    made = space >> dp.m.then_laplace(scale=NEEDS_PER_ASKER / EPSILON)
    if made.map(NEEDS_PER_ASKER) > EPSILON:
        raise OpenDataError("The mechanism does not keep its promise; nothing was exported.")
    return lambda counts: [int(value) for value in made(counts)]


def export_week(counts: Mapping[Key, int], cells: list[Key], out: TextIO) -> None:
    """Write every cell of the grid, those of nobody too, with noise; ε stands in the first line."""
    noisy = mechanism()([counts.get(cell, 0) for cell in cells])
    out.write(
        f"# Differential privacy by opendp: Laplace, epsilon = {EPSILON} per asker and week. Below zero is noise.\n"
    )
    rows = csv.writer(out)
    rows.writerow(["place", "need", "askers"])
    rows.writerows([place, need, value] for (place, need), value in zip(cells, noisy, strict=True))
