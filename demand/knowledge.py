"""What the releases tell an attacker, as a system of equations, and the cells that must stay unknown.

The attacker knows the grid, the threshold, the rounding and the line of a half, and that a person may ask in two
places or for two needs of a sector, so that sectors and totals are bounded by needs and not equal to their sum.
The attacker also knows where and when nothing could be counted: before an installation began, before a place opened or
a need came into the list, after it went. Those cells are 0 whoever asked, hide nobody and are not looked at; to let
them pass for unknown would make the others look safer than they are.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from datetime import date
from math import inf

from content.taxonomy import Taxonomy
from demand.audit import Finding, System
from demand.codes import countable, line, sector_of
from demand.counts import EVERYWHERE, Kind
from demand.lines import OFF_BY, in_line
from demand.merging import K_PROTECTION, K
from demand.released import Figure, Grid, Release
from demand.weeks import period_of, weeks_of

Cell = tuple[str, str, date, str]  # grid, place, week, code
SLACK = 2  # rounding to 5


@dataclass(frozen=True)
class _Border:
    """How many askers crossed the border before a figure when its half was kept; no cell, for nobody asked it."""

    release: tuple[str, str, date]
    number: int


@dataclass
class _Counted:
    """Where and for what people could be counted in each week, as the weekly tables say, withheld ones too.

    Whoever was counted leaves a weekly table of the place, if only the word that it was withheld. A published table
    of all places names every need of its week; where there is none, any need may have been asked for.
    """

    needs: frozenset[str]
    places: dict[date, set[str]] = field(default_factory=dict)
    named: dict[date, frozenset[str]] = field(default_factory=dict)

    def learn(self, release: Release) -> None:
        if release.weeks > 1:
            return
        places = self.places.setdefault(release.start, set())
        if release.grid is not Grid.EVERYWHERE:
            places.add(release.place)
        elif release.figures:
            self.named[release.start] = frozenset(code for figure in release.figures for code in figure.codes)

    def needs_in(self, week: date) -> frozenset[str]:
        return self.named.get(week, self.needs)

    def holds(self, cell: Cell) -> bool:
        """Whether somebody could have been counted in a cell."""
        grid, place, week, code = cell
        if place != EVERYWHERE and place not in self.places.get(week, ()):
            return False
        return grid != Grid.NEED or code in self.needs_in(week)


class Attacker:
    """Bounds of every cell of some weeks from the releases that touch them."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self._needs = frozenset(need for members in countable(taxonomy).values() for need in members)

    def findings(self, releases: Iterable[Release]) -> list[Finding]:
        """Cells known too closely from all releases; periods share no cell, so each is looked at alone."""
        by_period: dict[date, list[Release]] = {}
        for release in releases:
            by_period.setdefault(period_of(release.start), []).append(release)
        return [finding for period in sorted(by_period) for finding in self._period(by_period[period])]

    def _period(self, releases: list[Release]) -> list[Finding]:
        shown = [release for release in releases if release.figures]
        counted = _Counted(self._needs | _needs_of(shown))
        for release in releases:
            counted.learn(release)
        weeks = sorted(counted.places)
        # Until a four-weekly table ties them together the weeks are independent: smaller programs.
        if not any(release.weeks > 1 for release in shown):
            return [
                finding
                for week in weeks
                for finding in _look([one for one in shown if one.start == week], [week], counted)
            ]
        return _look(shown, weeks, counted)


def _needs_of(releases: Iterable[Release]) -> frozenset[str]:
    """The needs that tables name, those that left the list since too."""
    tables = [one for one in releases if one.grid in (Grid.NEED, Grid.EVERYWHERE)]
    return frozenset(code for one in tables for figure in one.figures for code in figure.codes)


def _look(releases: list[Release], weeks: list[date], counted: _Counted) -> list[Finding]:
    system = System()
    if any(one.grid in (Grid.SECTOR, Grid.NEED, Grid.EVERYWHERE) for one in releases):
        for week in weeks:
            _structure(system, week, counted)
    for release in releases:
        tell(system, release, counted.holds)
    targets = _targets(system, releases, counted)
    return system.narrow([dict.fromkeys(cells, 1.0) for cells in targets], K, targets)


def _everything(_: Cell) -> bool:
    return True


def tell(system: System, release: Release, holds: Callable[[Cell], bool] = _everything) -> None:
    """What each figure says of its cells, and what figures side by side say together: see demand/halves.py."""
    key, borders = (release.grid.value, release.place, release.start), release.weeks > 1
    for number, figure in enumerate(_in_line(release)):
        mine = filter(holds, cells_of(release, figure))
        cells: dict[Hashable, float] = dict.fromkeys(mine, 1.0)
        system.know(cells, K_PROTECTION if release.grid is Grid.PROTECTION else K, inf)
        crossed: dict[Hashable, float] = {_Border(key, number): 1.0, _Border(key, number + 1): -1.0}
        known = cells | crossed if borders else cells
        system.know(known, figure.askers - SLACK, figure.askers + SLACK)
    for number in range(len(release.figures) + 1 if borders else 0):
        system.know({_Border(key, number): 1.0}, 0, OFF_BY)


def _in_line(release: Release) -> list[Figure]:
    """The figures as their cells stood in line."""
    shown = {figure.codes: figure for figure in release.figures}
    codes = [code for figure in release.figures for code in figure.codes]
    return [shown[cell] for cell in in_line(shown, line(Kind(release.grid), codes))]


def _structure(system: System, week: date, counted: _Counted) -> None:
    """A sector has at most as many askers as its needs together, and at least as many as each; all places likewise."""
    sectors: dict[str, list[str]] = {}
    for need in sorted(counted.needs_in(week)):
        sectors.setdefault(sector_of(need), []).append(need)
        parts = [("need", place, week, need) for place in sorted(counted.places[week])]
        _bound(system, ("everywhere", EVERYWHERE, week, need), parts)
    for sector, needs in sectors.items():
        for place in sorted(counted.places[week]):
            _bound(system, ("sector", place, week, sector), [("need", place, week, need) for need in needs])


def _bound(system: System, whole: Cell, parts: list[Cell]) -> None:
    system.know({whole: 1.0, **dict.fromkeys(parts, -1.0)}, -inf, 0)
    for part in parts:
        system.know({part: 1.0, whole: -1.0}, -inf, 0)


def _targets(system: System, releases: list[Release], counted: _Counted) -> list[tuple[Cell, ...]]:
    """Every cell that was not published as such, alone and summed over a published period."""
    figures = [(one, figure) for one in releases for figure in one.figures]
    shown = {tuple(filter(counted.holds, cells_of(one, figure))) for one, figure in figures}
    single = [(cell,) for cell in system.cells if not isinstance(cell, _Border)]
    sums = [
        tuple(filter(counted.holds, cells_of(one, Figure((code,), 0))))
        for one, figure in figures
        if one.weeks > 1
        for code in figure.codes
    ]
    return [cells for cells in (*single, *sums) if cells and cells not in shown]  # type: ignore[misc]


def cells_of(release: Release, figure: Figure) -> list[Cell]:
    """The cells that a figure sums."""
    weeks = (release.start,) if release.weeks == 1 else weeks_of(release.start)
    return [(release.grid.value, release.place, week, code) for code in figure.codes for week in weeks]
