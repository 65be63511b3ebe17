"""Which entries to look at first, so that half an hour of a caseworker goes where it matters.

Pure. Unmet demand, age of the last check and reports of trouble are handed in; each multiplies the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from demand.released import Grid, Release

_NEVER_CHECKED_DAYS = 730


@dataclass(frozen=True)
class Entry:
    """A service as the directory hands it in: its needs, its last check and reports of trouble since then."""

    service_id: str
    name: str
    place: str
    needs: tuple[str, ...]
    checked: date | None
    trouble: int = 0


@dataclass(frozen=True)
class Task:
    """An entry to look at, with the three numbers that put it where it stands."""

    entry: Entry
    demand: int
    days: int
    trouble: int

    @property
    def weight(self) -> int:
        """Demand × age × trouble; one is added to what may be zero, so that nothing is hidden by a zero."""
        return (1 + self.demand) * (1 + self.days) * (1 + self.trouble)


def demand_by_need(releases: Sequence[Release], place: str) -> dict[str, int]:
    """Askers by need in the latest four weeks; a joined figure counts for each of its needs, for none is known less."""
    latest = [one for one in releases if one.grid is Grid.NEED and one.place == place and one.figures]
    return {code: figure.askers for figure in (latest[-1].figures if latest else ()) for code in figure.codes}


def first_to_check(
    entries: Iterable[Entry], releases: Sequence[Release], today: date, most: int = 5
) -> list[Task]:
    """The entries that matter most, in a fixed order."""
    demand: dict[str, dict[str, int]] = {}
    tasks = []
    for entry in entries:
        asked = demand.setdefault(entry.place, demand_by_need(releases, entry.place))
        days = (today - entry.checked).days if entry.checked else _NEVER_CHECKED_DAYS
        wanted = sum(asked.get(need, 0) for need in entry.needs)
        tasks.append(Task(entry, wanted, max(0, days), entry.trouble))
    return sorted(tasks, key=lambda task: (-task.weight, task.entry.service_id))[:most]
