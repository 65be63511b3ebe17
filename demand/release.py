"""Close what is over: merge, round, audit, publish once, delete the exact counts.

The grid is closed: nobody chooses a filter, a window or a cross. Run again, it finds nothing to do and
changes no byte. What cannot be published safely is recorded as withheld, with the reason.
"""

from __future__ import annotations

from collections import Counter as Sums
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from content.places import Places
from content.taxonomy import Taxonomy
from demand.audit import Finding
from demand.codes import Codes, line, parent_of
from demand.counts import EVERYWHERE, Counts, Kind
from demand.halves import (
    Halves,
    delete_half,
    half_periods,
    joined_half,
    read_halves,
    toss,
    write_half,
)
from demand.knowledge import Attacker, Cell
from demand.lines import OFF_BY, Cells, merge_along
from demand.merging import K_PROTECTION, Group, K, coarser, joined_with_smallest, merge_upward, rounded
from demand.open_data import Noise, open_cells, write_open_week
from demand.released import NO_FIGURE, NOT_SAFE, TOO_FEW, Figure, Grid, Release, read_releases, write_releases
from demand.store import counted_weeks, delete_weeks, is_released, read_week, read_weeks
from demand.weeks import halves, is_settled, period_of, weeks_of

ASKERS_TO_PUBLISH = 50
_WEEKLY_KINDS = (Kind.SECTOR, Kind.OUTCOME, Kind.EVERYWHERE)
_PERIOD_TABLES = (Kind.NEED, Kind.LANGUAGE, Kind.PROTECTION)
_PERIOD_KINDS = (*_PERIOD_TABLES, Kind.ASKERS, Kind.HOURS)
_COARSER_TRIES = 6


@dataclass(frozen=True)
class _Candidate:
    """A table about to be published, still in exact groups."""

    release: Release
    groups: list[Group]

    @property
    def in_line(self) -> bool:
        """Whether neighbours only may be joined: a half was kept of it."""
        return self.release.weeks > 1

    def rounded(self) -> Release:
        figures = [Figure(group.codes, rounded(group.count)) for group in self.groups]
        ordered = tuple(sorted(figures, key=lambda figure: (-figure.askers, figure.codes)))
        one = self.release
        return Release(one.grid, one.place, one.start, one.weeks, one.hours, ordered)


def close_weeks(
    connection: Connection,
    moment: datetime,
    places: Places,
    taxonomy: Taxonomy,
    noise: Noise | None = None,
) -> list[Release]:
    """Release every week and period that is over; the releases made now, published and withheld.

    With `noise`, each week also leaves figures for open data before its exact counts are deleted.
    """
    closing = _Closing(connection, taxonomy)
    made: list[Release] = []
    held = [week for week in counted_weeks(connection) if is_settled(week, moment, places.all)]
    for week in held:
        if not is_released(connection, week):
            made += closing.week(week)
            if noise is not None:
                write_open_week(
                    connection,
                    week,
                    read_week(connection, week)[Kind.NEED],
                    open_cells(places, taxonomy),
                    noise,
                )
        delete_weeks(connection, [week], _WEEKLY_KINDS)
    for period in sorted({period_of(week) for week in held} | half_periods(connection)):
        first, second = halves(period)
        if is_settled(first[1], moment, places.all):
            closing.keep_half(period, first)
        if is_settled(second[1], moment, places.all):
            made += closing.period(period)
    return made


class _Closing:
    def __init__(self, connection: Connection, taxonomy: Taxonomy) -> None:
        self._connection = connection
        self._codes = Codes(taxonomy)
        self._attacker = Attacker(taxonomy)

    def week(self, week: date) -> list[Release]:
        """The weekly tables of one week."""
        counts = read_week(self._connection, week)
        named = sorted(_named(counts, (Kind.ASKERS, Kind.HOURS)))
        few: list[Release] = []
        candidates = []
        for place in named:
            hours = counts[Kind.HOURS][place, EVERYWHERE]
            empty = [Release(grid, place, week, 1, hours) for grid in (Grid.SECTOR, Grid.OUTCOME)]
            if counts[Kind.ASKERS][place, EVERYWHERE] < ASKERS_TO_PUBLISH:
                few += [_withheld(one, TOO_FEW) for one in empty]
                continue
            candidates += [_Candidate(one, self._merged(counts, one.grid, place)) for one in empty]
        hours = min((counts[Kind.HOURS][place, EVERYWHERE] for place in named), default=0)
        everywhere = Release(Grid.EVERYWHERE, EVERYWHERE, week, 1, hours)
        candidates.append(_Candidate(everywhere, self._merged(counts, everywhere.grid, EVERYWHERE)))
        return self._publish(candidates, few)

    def _merged(self, counts: Counts, grid: Grid, place: str) -> list[Group]:
        kind = Kind(grid)
        codes = self._codes.of(kind, _found(counts, kind))
        cells = self._codes.covered({(code,): counts[kind][place, code] for code in codes}, codes)
        return merge_upward(cells, parent_of(kind), per_asker=3)

    def keep_half(self, period: date, weeks: tuple[date, date]) -> None:
        """Join and round by coins the first half of a period and delete its exact counts."""
        counts = read_weeks(self._connection, weeks, _PERIOD_KINDS)
        for place in sorted(_named(counts, _PERIOD_KINDS)):
            for kind in (*_PERIOD_TABLES, Kind.ASKERS):
                codes = self._codes.of(kind, _found(counts, kind))
                half = joined_half(_of_place(counts, kind, place), codes, parent_of(kind), toss)
                write_half(self._connection, place, period, kind, half)
            hours = counts[Kind.HOURS][place, EVERYWHERE]
            write_half(self._connection, place, period, Kind.HOURS, {(EVERYWHERE,): hours})
        delete_weeks(self._connection, weeks, _PERIOD_KINDS)

    def period(self, period: date) -> list[Release]:
        """The four-weekly tables of one period."""
        counts = read_weeks(self._connection, weeks_of(period), _PERIOD_KINDS)
        kept = read_halves(self._connection, period)
        few: list[Release] = []
        candidates = []
        for place in sorted(_named(counts, _PERIOD_KINDS) | {place for place, _ in kept}):
            hours = self._cells(counts, kept, Kind.HOURS, place)[0]
            empty = [Release(Grid(kind), place, period, 4, sum(hours.values())) for kind in _PERIOD_TABLES]
            asked, error = self._cells(counts, kept, Kind.ASKERS, place)
            if sum(asked.values()) - error < ASKERS_TO_PUBLISH:
                few += [_withheld(one, TOO_FEW) for one in empty]
                continue
            candidates += [_Candidate(one, self._merged_along(counts, kept, one)) for one in empty]
        made = self._publish(candidates, few)
        delete_weeks(self._connection, weeks_of(period), _PERIOD_KINDS)
        delete_half(self._connection, period)
        return made

    def _merged_along(self, counts: Counts, kept: Halves, release: Release) -> list[Group]:
        kind = Kind(release.grid)
        cells, error = self._cells(counts, kept, kind, release.place)
        codes = line(kind, (code for cell in cells for code in cell))
        return merge_along(
            self._codes.covered(cells, codes),
            codes,
            parent_of(kind),
            k=K_PROTECTION if kind is Kind.PROTECTION else K,
            per_asker=3 if kind is Kind.NEED else 1,
            error=error,
        )

    def _cells(self, counts: Counts, kept: Halves, kind: Kind, place: str) -> tuple[Cells, int]:
        """First half as kept plus second half as counted, and by how much a run of cells may be too high.

        What came into the list, or was counted, after the half was kept has a cell of its own beside it.
        """
        half = kept.get((place, kind), {})
        second = _of_place(counts, kind, place)
        in_halves = {
            code for (_, other), cells in kept.items() if other is kind for cell in cells for code in cell
        }
        mine = {code for cell in half for code in cell}
        later = [code for code in self._codes.of(kind, _found(counts, kind) | in_halves) if code not in mine]
        cells = half | {(code,): 0 for code in later}
        whole = {key: count + sum(second[code] for code in key) for key, count in cells.items()}
        return whole, OFF_BY if half else 0

    def _publish(self, candidates: list[_Candidate], withheld: list[Release]) -> list[Release]:
        """Store what the audit lets through: all at once, or else table by table, merged further or withheld."""
        filled = [one for one in candidates if one.groups]
        none = [_withheld(one.release, NO_FIGURE) for one in candidates if not one.groups]
        starts = {one.release.start for one in candidates}
        before = [
            one
            for one in read_releases(self._connection, simulated=False)
            if {period_of(one.start)} & {period_of(start) for start in starts}
        ]
        # A table that is withheld says that somebody may have been counted there: see demand/knowledge.py.
        known = [*before, *none, *withheld]
        whole = self._together(filled, known) or self._one_by_one(filled, known)
        made = [*whole, *none, *withheld]
        write_releases(self._connection, sorted(made, key=lambda one: (one.start, one.place, one.grid)))
        return made

    def _together(self, candidates: list[_Candidate], before: list[Release]) -> list[Release]:
        """All tables, those merged further through which a cell is known too closely; none when that is not enough."""
        for _ in range(_COARSER_TRIES):
            tried = [one.rounded() for one in candidates]
            found = self._attacker.findings([*before, *tried])
            if not found:
                return tried
            candidates = [_coarsened(one, found) for one in candidates]
        return []

    def _one_by_one(self, candidates: list[_Candidate], before: list[Release]) -> list[Release]:
        accepted: list[Release] = []
        for candidate in candidates:
            accepted.append(self._safe(candidate, [*before, *accepted]))
        return accepted

    def _safe(self, candidate: _Candidate, known: list[Release]) -> Release:
        groups = candidate.groups
        found: list[Finding] = []
        for _ in range(_COARSER_TRIES):
            tried = _Candidate(candidate.release, groups).rounded()
            found = self._attacker.findings([*known, tried])
            if not found:
                return tried
            groups = coarser(groups, in_line=candidate.in_line)
            if not groups:
                break
        return _withheld(candidate.release, NOT_SAFE.format(cell=describe(found[0])))


def _coarsened(candidate: _Candidate, found: list[Finding]) -> _Candidate:
    """The candidate with each group merged once that a finding is about; totals of all places too, they tie most."""
    one, groups = candidate.release, candidate.groups
    for finding in found:
        cells: tuple[Cell, ...] = finding.cell  # type: ignore[assignment]
        _, place, _, code = cells[0]
        # What was joined just now is looked at again before it grows further: else many findings join a whole table.
        is_new = any(code in group.codes for group in groups if group not in candidate.groups)
        if not is_new and (one.grid is Grid.EVERYWHERE or (candidate.in_line and one.place == place)):
            groups = joined_with_smallest(groups, code, in_line=candidate.in_line)
    return _Candidate(one, groups)


def describe(finding: Finding) -> str:
    """Which cell is known too closely, without saying how many."""
    cells: tuple[Cell, ...] = finding.cell  # type: ignore[assignment]
    grid, place, week, code = cells[0]
    return f"{grid} {code} in {place}, {week.isoformat()}"


def _withheld(release: Release, why: str) -> Release:
    return Release(release.grid, release.place, release.start, release.weeks, release.hours, (), why)


def _named(counts: Counts, kinds: Iterable[Kind]) -> set[str]:
    """The places that were counted, those that are gone and those where nobody asked too."""
    return {place for kind in kinds for place, _ in counts[kind]}


def _found(counts: Counts, kind: Kind) -> set[str]:
    """The codes that were in the list while it was counted, in any place."""
    return {code for _, code in counts[kind]}


def _of_place(counts: Counts, kind: Kind, place: str) -> Sums[str]:
    return Sums({code: count for (where, code), count in counts[kind].items() if where == place})
