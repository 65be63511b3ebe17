"""Tables sorted by the links in their heads: the address says by which column, a minus before it turns the order round.

Nothing is sorted in the browser, so that a sorted table can be kept as a link. Rows that are alike stay as they were.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

Row = TypeVar("Row")


@dataclass(frozen=True)
class Order:
    """By which column a table is sorted; by none if the address names none that it has."""

    asked: str
    columns: tuple[str, ...]

    @property
    def column(self) -> str:
        """The column, or nothing."""
        named = self.asked.removeprefix("-")
        return named if named in self.columns else ""

    @property
    def down(self) -> bool:
        """Whether the largest comes first."""
        return self.asked.startswith("-")

    def aria(self, column: str) -> str:
        """How a reader is told of the order of a column."""
        if column != self.column:
            return "none"
        return "descending" if self.down else "ascending"

    def next(self, column: str) -> str:
        """What the link of a column asks for: upwards first, then the other way round."""
        return f"-{column}" if column == self.column and not self.down else column

    def apply(self, rows: Iterable[Row], keys: Mapping[str, Callable[[Row], Any]]) -> list[Row]:
        """The rows in their order."""
        return sorted(rows, key=keys[self.column], reverse=self.down) if self.column else list(rows)
