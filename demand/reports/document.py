"""A report before it has a format: titles, sentences and tables whose cells are words, whole numbers or unknown.

Formats render this and add nothing; an unknown is said to be unknown and never shown as zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Cell = str | int | None


@dataclass(frozen=True)
class Table:
    """A table with the sentence that defines its figures; `chart` names how its last column is drawn.

    `demand`: its figures are about what people asked, and made up in a simulated report; others are real there too.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    chart: Literal["bars", "line"] | None = None
    demand: bool = True


@dataclass(frozen=True)
class Document:
    """A whole report; `simulated` puts a mark on every page, sheet and file."""

    title: str
    language: str
    lead: tuple[str, ...]
    tables: tuple[Table, ...]
    simulated: bool = False
