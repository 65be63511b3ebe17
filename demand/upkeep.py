"""What to look at first, so that half an hour of a caseworker goes where it matters.

Pure. Services and answers, the day of their last check and the trouble told of them are handed in; released demand,
age and trouble multiply each other. What is simulated sends nobody anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from demand.released import Grid, Release

NEVER_CHECKED_DAYS = 5 * 365
What = TypeVar("What")


@dataclass(frozen=True)
class Entry(Generic[What]):
    """A service or an answer as its room hands it in: its needs, its last check and trouble told of it."""

    what: What
    place: str
    needs: tuple[str, ...]
    checked: date | None
    trouble: int = 0


@dataclass(frozen=True)
class Task(Generic[What]):
    """An entry to look at, with the three numbers that put it where it stands."""

    what: What
    askers: int
    days: int
    trouble: int

    @property
    def weight(self) -> int:
        """Demand × age × trouble; one is added to what may be zero, so that nothing is hidden by a zero."""
        return (1 + self.askers) * (1 + self.days) * (1 + self.trouble)


def demand_by_need(releases: Sequence[Release], place: str) -> dict[str, int]:
    """Askers by need in the latest four weeks; a joined figure counts for each of its needs, for none is known less."""
    latest = [
        one
        for one in releases
        if one.grid is Grid.NEED and one.place == place and one.figures and not one.simulated
    ]
    return {code: figure.askers for figure in (latest[-1].figures if latest else ()) for code in figure.codes}


def first_to_check(
    entries: Iterable[Entry[What]], releases: Sequence[Release], today: date
) -> list[Task[What]]:
    """What matters most comes first; what matters alike stays in the order in which it was handed in."""
    demand: dict[str, dict[str, int]] = {}
    tasks = []
    for entry in entries:
        if entry.place not in demand:
            demand[entry.place] = demand_by_need(releases, entry.place)
        days = (today - entry.checked).days if entry.checked else NEVER_CHECKED_DAYS
        askers = sum(demand[entry.place].get(need, 0) for need in entry.needs)
        tasks.append(Task(entry.what, askers, max(0, days), entry.trouble))
    return sorted(tasks, key=lambda task: -task.weight)
