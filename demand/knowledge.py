"""What the releases tell an attacker, as a system of equations, and the cells that must stay unknown.

The attacker knows the grid, the threshold, the rounding and the line of a half, and that a person may ask in two
places or for two needs of a sector, so that sectors and totals are bounded by needs and not equal to their sum.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import inf

from content.taxonomy import Taxonomy
from demand.audit import Finding, System
from demand.counts import EVERYWHERE
from demand.lines import OFF_BY, in_line, line_of
from demand.merging import K_PROTECTION, K
from demand.outcomes import Outcome
from demand.released import Figure, Grid, Release
from demand.weeks import period_of, weeks_of

Cell = tuple[str, str, date, str]  # grid, place, week, code
SLACK = 2  # rounding to 5


@dataclass(frozen=True)
class _Border:
    """How many askers crossed the border before a figure when its half was kept; no cell, for nobody asked it."""

    release: tuple[str, str, date]
    number: int


def countable(taxonomy: Taxonomy) -> dict[str, tuple[str, ...]]:
    """The needs that are counted on their own, by sector; protection is one figure and not among them."""
    return {
        sector: tuple(need.code for need in taxonomy.needs_of(sector) if not need.sensitive)
        for sector in taxonomy.sectors
        if sector != "protection" and taxonomy.needs_of(sector)
    }


OUTCOMES = tuple(outcome.value for outcome in Outcome if outcome is not Outcome.EMERGENCY)


class Attacker:
    """Bounds of every cell of some weeks from the releases that touch them."""

    def __init__(self, places: Sequence[str], taxonomy: Taxonomy, languages: Sequence[str]) -> None:
        self._places = tuple(places)
        self._sectors = countable(taxonomy)
        self._languages = tuple(languages)

    def findings(self, releases: Iterable[Release]) -> list[Finding]:
        """Cells known too closely from all releases; periods share no cell, so each is looked at alone."""
        by_period: dict[date, list[Release]] = {}
        for release in releases:
            if release.figures:
                by_period.setdefault(period_of(release.start), []).append(release)
        return [finding for period in sorted(by_period) for finding in self._period(by_period[period])]

    def _period(self, releases: list[Release]) -> list[Finding]:
        weeks = sorted({week for release in releases for week in _weeks(release)})
        # Until a four-weekly table ties them together the weeks are independent: smaller programs.
        if not any(release.weeks > 1 for release in releases):
            return [
                finding
                for week in weeks
                for finding in self._look([one for one in releases if one.start == week], [week])
            ]
        return self._look(releases, weeks)

    def _look(self, releases: list[Release], weeks: list[date]) -> list[Finding]:
        system = System()
        if any(one.grid in (Grid.SECTOR, Grid.NEED, Grid.EVERYWHERE) for one in releases):
            for week in weeks:
                self._structure(system, week)
        for release in releases:
            self._tell(system, release)
        targets = self._targets(system, releases)
        return system.narrow([dict.fromkeys(cells, 1.0) for cells in targets], K, targets)

    def _tell(self, system: System, release: Release) -> None:
        """What each figure says of its cells, and what figures side by side say together: see demand/halves.py."""
        key, borders = (release.grid.value, release.place, release.start), release.weeks > 1
        for number, figure in enumerate(self._in_line(release)):
            cells: dict[Hashable, float] = dict.fromkeys(cells_of(release, figure), 1.0)
            system.know(cells, K_PROTECTION if release.grid is Grid.PROTECTION else K, inf)
            crossed: dict[Hashable, float] = {_Border(key, number): 1.0, _Border(key, number + 1): -1.0}
            known = cells | crossed if borders else cells
            system.know(known, figure.askers - SLACK, figure.askers + SLACK)
        for number in range(len(release.figures) + 1 if borders else 0):
            system.know({_Border(key, number): 1.0}, 0, OFF_BY)

    def _in_line(self, release: Release) -> list[Figure]:
        """The figures as their cells stood in line."""
        shown = {figure.codes: figure for figure in release.figures}
        codes = [code for figure in release.figures for code in figure.codes]
        line = self._languages if release.grid is Grid.LANGUAGE else line_of(codes)
        return [shown[cell] for cell in in_line(shown, line)]

    def _structure(self, system: System, week: date) -> None:
        for sector, needs in self._sectors.items():
            for place in self._places:
                whole = ("sector", place, week, sector)
                parts = [("need", place, week, need) for need in needs]
                system.know({whole: 1.0, **dict.fromkeys(parts, -1.0)}, -inf, 0)
                for part in parts:
                    system.know({part: 1.0, whole: -1.0}, -inf, 0)
            for need in needs:
                whole = ("everywhere", EVERYWHERE, week, need)
                parts = [("need", place, week, need) for place in self._places]
                system.know({whole: 1.0, **dict.fromkeys(parts, -1.0)}, -inf, 0)
                for part in parts:
                    system.know({part: 1.0, whole: -1.0}, -inf, 0)

    def _targets(self, system: System, releases: list[Release]) -> list[tuple[Cell, ...]]:
        """Every cell that was not published as such, alone and summed over a published period."""
        shown = {
            cells for one in releases for figure in one.figures if (cells := tuple(cells_of(one, figure)))
        }
        single = [(cell,) for cell in system.cells if not isinstance(cell, _Border)]
        sums = [
            tuple((one.grid.value, one.place, week, code) for week in _weeks(one))
            for one in releases
            if one.weeks > 1
            for figure in one.figures
            for code in figure.codes
        ]
        return [cells for cells in (*single, *sums) if cells not in shown]  # type: ignore[misc]


def _weeks(release: Release) -> tuple[date, ...]:
    return (release.start,) if release.weeks == 1 else weeks_of(release.start)


def cells_of(release: Release, figure: Figure) -> list[Cell]:
    """The cells that a figure sums."""
    return [
        (release.grid.value, release.place, week, code) for code in figure.codes for week in _weeks(release)
    ]
