"""Close what is over: merge, round, audit, publish once, delete the exact counts.

The grid is closed: nobody chooses a filter, a window or a cross. Run again, it finds nothing to do and
changes no byte. What cannot be published safely is recorded as withheld, with the reason.
"""

from __future__ import annotations

from collections import Counter as Sums
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from content.places import Places
from content.taxonomy import Taxonomy
from demand.audit import Finding
from demand.counts import EVERYWHERE, Counts, Kind
from demand.halves import (
    delete_half,
    half_periods,
    joined_half,
    read_half,
    toss,
    write_half,
)
from demand.knowledge import OUTCOMES, Attacker, Cell, countable
from demand.ledger import LANGUAGES
from demand.lines import OFF_BY, Cells, line_of, merge_along
from demand.merging import K_PROTECTION, Group, K, coarser, joined_with_smallest, merge_upward, rounded
from demand.open_data import Noise, open_cells, write_open_week
from demand.released import NO_FIGURE, NOT_SAFE, TOO_FEW, Figure, Grid, Release, read_releases, write_releases
from demand.store import counted_weeks, delete_weeks, is_released, read_week, read_weeks
from demand.weeks import halves, is_settled, period_of, weeks_of

ASKERS_TO_PUBLISH = 50
_WEEKLY_KINDS = (Kind.SECTOR, Kind.OUTCOME, Kind.EVERYWHERE)
_PERIOD_KINDS = (Kind.NEED, Kind.LANGUAGE, Kind.PROTECTION, Kind.ASKERS, Kind.HOURS)
_COARSER_TRIES = 6
_MET = {"answered": "met", "not_understood": "not read", "out_of_scope": "not read", "failure": "not read"}


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
    closing = _Closing(connection, places, taxonomy)
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
    for period in sorted({period_of(week) for week in held} | set(half_periods(connection))):
        first, second = halves(period)
        if is_settled(first[1], moment, places.all):
            closing.keep_half(period, first)
        if is_settled(second[1], moment, places.all):
            made += closing.period(period)
    return made


class _Closing:
    def __init__(self, connection: Connection, places: Places, taxonomy: Taxonomy) -> None:
        self._connection = connection
        self._places = places
        self._sectors = countable(taxonomy)
        self._sector_of = {need: sector for sector, needs in self._sectors.items() for need in needs}
        self._attacker = Attacker([place.code for place in places.all], taxonomy, LANGUAGES)

    def week(self, week: date) -> list[Release]:
        """The weekly tables of one week."""
        counts = read_week(self._connection, week)
        named = sorted({place for place, _ in counts[Kind.ASKERS] + counts[Kind.HOURS]})
        few: list[Release] = []
        candidates = []
        for place in named:
            hours = counts[Kind.HOURS][place, EVERYWHERE]
            empty = [Release(grid, place, week, 1, hours) for grid in (Grid.SECTOR, Grid.OUTCOME)]
            if counts[Kind.ASKERS][place, EVERYWHERE] < ASKERS_TO_PUBLISH:
                few += [_withheld(one, TOO_FEW) for one in empty]
                continue
            candidates += [
                _Candidate(
                    empty[0], self._merged(counts, Kind.SECTOR, place, self._sectors, lambda _: "all")
                ),
                _Candidate(empty[1], self._merged(counts, Kind.OUTCOME, place, OUTCOMES, _outcome_parent)),
            ]
        hours = min((counts[Kind.HOURS][place, EVERYWHERE] for place in named), default=0)
        groups = self._merged(
            counts, Kind.EVERYWHERE, EVERYWHERE, self._sector_of, self._sector_of.__getitem__
        )
        candidates.append(_Candidate(Release(Grid.EVERYWHERE, EVERYWHERE, week, 1, hours), groups))
        return self._publish(candidates, few)

    def _merged(
        self, counts: Counts, kind: Kind, place: str, codes: Iterable[str], parent: Callable[[str], str]
    ) -> list[Group]:
        cells: Cells = {(code,): counts[kind][place, code] for code in codes}
        return merge_upward(cells, parent, per_asker=3)

    def keep_half(self, period: date, weeks: tuple[date, date]) -> None:
        """Join and round by coins the first half of a period and delete its exact counts."""
        counts = read_weeks(self._connection, weeks, _PERIOD_KINDS)
        for place in sorted({place for kind in _PERIOD_KINDS for place, _ in counts[kind]}):
            for kind, codes, parent in self._period_tables():
                half = joined_half(_of_place(counts, kind, place), codes, parent, toss)
                write_half(self._connection, place, period, kind, half)
            hours = counts[Kind.HOURS][place, EVERYWHERE]
            write_half(self._connection, place, period, Kind.HOURS, {(EVERYWHERE,): hours})
        delete_weeks(self._connection, weeks, _PERIOD_KINDS)

    def _period_tables(self) -> tuple[tuple[Kind, Sequence[str], Callable[[str], str]], ...]:
        return (
            (Kind.NEED, line_of(self._sector_of), self._sector_of.__getitem__),
            (Kind.LANGUAGE, LANGUAGES, lambda _: "all"),
            (Kind.PROTECTION, (Kind.PROTECTION.value,), lambda _: "all"),
            (Kind.ASKERS, (EVERYWHERE,), lambda _: "all"),
        )

    def period(self, period: date) -> list[Release]:
        """The four-weekly tables of one period."""
        counts = read_weeks(self._connection, weeks_of(period), _PERIOD_KINDS)
        named = {place for kind in _PERIOD_KINDS for place, _ in counts[kind]}
        named |= half_periods(self._connection).get(period, set())
        few: list[Release] = []
        candidates = []
        for place in sorted(named):
            hours = self._cells(counts, Kind.HOURS, place, period, (EVERYWHERE,))[0]
            empty = {
                grid: Release(grid, place, period, 4, sum(hours.values()))
                for grid in (Grid.NEED, Grid.LANGUAGE, Grid.PROTECTION)
            }
            asked, error = self._cells(counts, Kind.ASKERS, place, period, (EVERYWHERE,))
            if sum(asked.values()) - error < ASKERS_TO_PUBLISH:
                few += [_withheld(one, TOO_FEW) for one in empty.values()]
                continue
            for kind, codes, parent in self._period_tables()[:3]:
                cells, error = self._cells(counts, kind, place, period, codes)
                k = K_PROTECTION if kind is Kind.PROTECTION else K
                most = 3 if kind is Kind.NEED else 1
                groups = merge_along(cells, codes, parent, k=k, per_asker=most, error=error)
                candidates.append(_Candidate(empty[Grid(kind.value)], groups))
        made = self._publish(candidates, few)
        delete_weeks(self._connection, weeks_of(period), _PERIOD_KINDS)
        delete_half(self._connection, period)
        return made

    def _cells(
        self, counts: Counts, kind: Kind, place: str, period: date, codes: Iterable[str]
    ) -> tuple[Cells, int]:
        """First half as kept plus second half as counted, and by how much a run of cells may be too high."""
        half = read_half(self._connection, place, period, kind)
        second = _of_place(counts, kind, place)
        cells = half or {(code,): 0 for code in codes}
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
        whole = self._together(filled, before) or self._one_by_one(filled, before)
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


def _outcome_parent(code: str) -> str:
    return _MET.get(code, "unmet")


def _of_place(counts: Counts, kind: Kind, place: str) -> Sums[str]:
    return Sums({code: count for (where, code), count in counts[kind].items() if where == place})
