"""What places beside each other are made of: services, answers and released figures of each open place, read once.

Nothing here ranks places, names a service or counts a person.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from console.holdings import Counted
from content.library import Library, Shown
from content.places import Place
from content.wording import Wording
from demand.released import Release


@dataclass(frozen=True)
class Cell:
    """What stands for a place in a row; `warning` is what somebody should do something about."""

    text: str = ""
    warning: str = ""


@dataclass(frozen=True)
class Table:
    """Rows of one kind, a cell for each place."""

    title: str
    note: str
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]


@dataclass(frozen=True)
class Practice:
    """What others can learn from a place: its programme, and the sectors where nothing is missing or unchecked."""

    place: str
    programmes: tuple[Shown, ...]
    sectors: tuple[str, ...]


@dataclass(frozen=True)
class Comparison:
    """Everything that stands side by side, in one language."""

    places: tuple[str, ...]
    practices: tuple[Practice, ...]
    tables: tuple[Table, ...]
    simulated: bool


class Beside:
    """What the tables are made of, read once."""

    def __init__(
        self, library: Library, counted: Counted, releases: Sequence[Release], moment: datetime, w: Wording
    ) -> None:
        self.library, self.releases, self.moment, self.w = library, releases, moment, w
        self.places: tuple[Place, ...] = library.places.open
        self.needs = tuple(library.taxonomy.needs)
        self.counted = counted
        # In the place's own language, which every answer is written in: reading all in five takes a second.
        self.answers: dict[str, list[Shown]] = {one.code: self._answers(one) for one in self.places}

    def _answers(self, place: Place) -> list[Shown]:
        found = (
            self.library.answer(need, place.code, place.languages[0], self.moment) for need in self.needs
        )
        return [one for one in found if one is not None and not one.missing]

    def written(self, place: str, language: str) -> int:
        """How many of the place's answers are written in a language, whole."""
        answers = (self.library.raw(one.need, place) for one in self.answers[place])
        return sum(all(language in part.texts for part in answer.parts) for answer in answers if answer)

    def row(self, name: str, cell: Callable[[str], Cell]) -> tuple[str, tuple[Cell, ...]]:
        """A row, its cells made place by place."""
        return name, tuple(cell(one.code) for one in self.places)
