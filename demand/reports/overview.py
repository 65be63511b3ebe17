"""The report on demand: what was needed, what was unmet and why, how it changes, place beside place.

Only released figures enter; sums are sums of published figures. What a figure counts stands in its table.
"""

from __future__ import annotations

from collections import Counter as Sums
from collections.abc import Sequence
from datetime import date

from content.library import Library
from content.wording import N_, Wording, wording
from demand.counts import EVERYWHERE
from demand.outcomes import Outcome
from demand.phrases import Phrase
from demand.released import Grid, Release
from demand.reports.document import Cell, Document, Table
from demand.reports.labels import EXACTNESS, GRIDS, SIMULATED, Labels

WEEKS_SHOWN = 12
KINDS = {"met": N_("Met"), "unmet": N_("Unmet"), "not read": N_("Not read"), "mixed": N_("Several kinds")}
_MET = {Outcome.ANSWERED.value}
_NOT_READ = {Outcome.NOT_UNDERSTOOD.value, Outcome.OUT_OF_SCOPE.value, Outcome.FAILURE.value}


class Overview:
    """The tables of the report for one place, or for all."""

    def __init__(
        self,
        releases: Sequence[Release],
        library: Library,
        words: Wording,
        place: str | None,
        phrases: Sequence[Phrase] = (),
    ) -> None:
        self._all = tuple(releases)
        self._phrases = tuple(phrases)
        self._labels = Labels(library, words)
        self._words = words
        self._places = [place] if place else [one.code for one in library.places.open]

    def document(self) -> Document:
        """The whole report."""
        w = self._words
        simulated = any(one.simulated for one in self._all)
        name = (
            self._labels.place(self._places[0]) if len(self._places) == 1 else self._labels.place(EVERYWHERE)
        )
        lead = [
            w(
                "Figures are different people, rounded to 5. Each stands for at least 10 people (protection: 20)."
            ),
            w(EXACTNESS),
            w("A person counts once per need and week, for at most three needs a week."),
            w(
                "After a restart of the assistant a person may count twice in that week: figures are upper limits."
            ),
        ]
        if not self._all:
            lead.append(w("Nothing has been released yet. A week is released on the Monday after it."))
        tables = [*self._needs(), *self._outcomes(), *self._trend(), *self._beside(), *self._languages()]
        tables += [*self._everywhere(), *self._not_understood(simulated), *self._gaps()]
        title = w("What people needed: {place}", place=name)
        return Document(
            title, w.language, (*([w(SIMULATED)] if simulated else []), *lead), tuple(tables), simulated
        )

    def _of(self, grid: Grid, place: str) -> list[Release]:
        return [one for one in self._all if one.grid is grid and one.place == place and one.figures]

    def _latest(self, grid: Grid, place: str) -> Release | None:
        return next(iter(reversed(self._of(grid, place))), None)

    def _needs(self) -> list[Table]:
        w, tables = self._words, []
        for place in self._places:
            release, protection = self._latest(Grid.NEED, place), self._latest(Grid.PROTECTION, place)
            if release is None:
                continue
            rows: list[tuple[Cell, ...]] = [
                (self._labels.figure(Grid.NEED, one.codes), one.askers) for one in release.figures
            ]
            if protection is not None and protection.start == release.start:
                rows.append((w("Protection, all needs together"), protection.figures[0].askers))
            period = self._labels.period(release.start, 4)
            title = w("What was needed in {place}, {period}", place=self._labels.place(place), period=period)
            note = w("Different people by need, added over four weeks. Needs that few asked for are joined.")
            tables.append(Table(title, (w("Need"), w("People")), tuple(rows), note, "bars"))
        return tables

    def _outcomes(self) -> list[Table]:
        w, tables = self._words, []
        for place in self._places:
            recent = self._of(Grid.OUTCOME, place)[-4:]
            if not recent:
                continue
            sums: Sums[tuple[str, ...]] = Sums()
            for one in recent:
                sums.update({figure.codes: figure.askers for figure in one.figures})
            rows = tuple(
                (self._labels.figure(Grid.OUTCOME, codes), w(KINDS[kind_of(codes)]), askers)
                for codes, askers in sums.most_common()
            )
            period = w("{first} to {last}", first=w.date(recent[0].start), last=w.date(recent[-1].start))
            title = w(
                "Met and unmet in {place}, weeks of {period}", place=self._labels.place(place), period=period
            )
            note = w(
                "People for whom a question ended this way, added over the weeks. Never crossed with the need."
            )
            columns = (w("How it ended"), w("Kind"), w("People"))
            tables.append(Table(title, columns, rows, note, "bars"))
        return tables

    def _trend(self) -> list[Table]:
        w, tables = self._words, []
        for place in self._places:
            weeks = self._of(Grid.SECTOR, place)[-WEEKS_SHOWN:]
            if not weeks:
                continue
            rows = tuple((w.date(one.start), w.number(one.hours), one.total) for one in weeks)
            title = w("Week by week in {place}", place=self._labels.place(place))
            note = w(
                "Sum of the published sector figures. A week has 168 hours; fewer hours counted mean a gap."
            )
            columns = (w("Week from"), w("Hours counted"), w("People by sector"))
            tables.append(Table(title, columns, rows, note, "line"))
            tables.append(self._sectors(weeks[-1]))
        return tables

    def _sectors(self, release: Release) -> Table:
        w = self._words
        period = self._labels.period(release.start, 1)
        title = w("By sector in {place}, {period}", place=self._labels.place(release.place), period=period)
        rows = tuple((self._labels.figure(Grid.SECTOR, one.codes), one.askers) for one in release.figures)
        return Table(title, (w("Sector"), w("People")), rows, w("Different people in one week."), "bars")

    def _beside(self) -> list[Table]:
        w = self._words
        if len(self._places) < 2:
            return []
        rows: list[tuple[Cell, ...]] = []
        for place in self._places:
            sector, outcome = self._latest(Grid.SECTOR, place), self._latest(Grid.OUTCOME, place)
            unmet = sum_of(outcome, "unmet") if outcome else None
            share = (
                f"{w.number(round(100 * unmet / outcome.total))} %" if outcome and unmet is not None else None
            )
            rows.append((self._labels.place(place), share, sector.total if sector else None))
        title = w("Place beside place, latest week")
        note = w(
            "Unmet: no service, no information, closed, full, or not for this person; not measured where joined."
        )
        columns = (w("Place"), w("Unmet, of all endings"), w("People by sector"))
        return [Table(title, columns, tuple(rows), note, "bars")]

    def _languages(self) -> list[Table]:
        w, tables = self._words, []
        for place in self._places:
            release = self._latest(Grid.LANGUAGE, place)
            if release is None:
                continue
            rows = tuple(
                (self._labels.figure(Grid.LANGUAGE, one.codes), one.askers) for one in release.figures
            )
            period = self._labels.period(release.start, 4)
            title = w("Languages in {place}, {period}", place=self._labels.place(place), period=period)
            tables.append(
                Table(title, (w("Language"), w("People")), rows, w("Never crossed with the need."), "bars")
            )
        return tables

    def _everywhere(self) -> list[Table]:
        w, release = self._words, self._latest(Grid.EVERYWHERE, EVERYWHERE)
        if release is None:
            return []
        rows = tuple((self._labels.figure(Grid.EVERYWHERE, one.codes), one.askers) for one in release.figures)
        title = w("All places, {period}", period=self._labels.period(release.start, 1))
        return [
            Table(
                title, (w("Need"), w("People")), rows, w("Different people in all places together."), "bars"
            )
        ]

    def _not_understood(self, simulated: bool) -> list[Table]:
        """The latest week in which ten people used the same words; nothing beside simulated figures."""
        w = self._words
        if simulated or not self._all:
            return []
        latest = max((one.start for one in self._phrases), default=None)
        rows: list[tuple[Cell, ...]] = [
            (one.words, one.askers) for one in self._phrases if one.start == latest
        ]
        note = w(
            "Words that at least ten people of all places said in one week; people rounded down to tens. What fewer"
            " said was forgotten."
        )
        if latest is None:
            return [Table(w("What people asked in words we did not understand"), (w("Words"), w("People")),
                          ((w("No words were said by ten people."), None),), note)]  # fmt: skip
        title = w(
            "What people asked in words we did not understand, {period}",
            period=self._labels.period(latest, 1),
        )
        return [Table(title, (w("Words"), w("People")), tuple(rows), note, "bars")]

    def _gaps(self) -> list[Table]:
        w = self._words
        since: date = max((one.start for one in self._all), default=date.max)
        rows: list[tuple[Cell, ...]] = []
        for one in self._all:
            known = one.place in self._places or one.place == EVERYWHERE
            if known and one.withheld and (since - one.start).days <= 7 * WEEKS_SHOWN:
                where = (self._labels.place(one.place), self._labels.period(one.start, one.weeks))
                rows.append((w(GRIDS[one.grid]), *where, self._labels.withheld(one)))
        if not rows:
            return []
        columns = (w("Table"), w("Place"), w("Period"), w("Why"))
        return [Table(w("What was not published"), columns, tuple(rows))]


def kind_of(codes: Sequence[str]) -> str:
    """Whether outcomes mean a need met, unmet or not read; mixed when a figure joins several."""
    kinds = {"met" if code in _MET else "not read" if code in _NOT_READ else "unmet" for code in codes}
    return kinds.pop() if len(kinds) == 1 else "mixed"


def sum_of(release: Release, kind: str) -> int | None:
    """The published sum of one kind; None when a figure joins it with another kind."""
    if any(kind_of(figure.codes) == "mixed" for figure in release.figures):
        return None
    return sum(figure.askers for figure in release.figures if kind_of(figure.codes) == kind)


def overview(
    releases: Sequence[Release],
    library: Library,
    language: str,
    place: str | None = None,
    phrases: Sequence[Phrase] = (),
) -> Document:
    """The report for one place, or for all places side by side."""
    return Overview(releases, library, wording(language), place, phrases).document()
