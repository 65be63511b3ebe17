"""One page for each of the ten draft criteria for a City of Solidarity (Quito, November 2017).

Every figure stands with its definition, numerator and denominator. What demand and content cannot show is said
to be unknown; nothing is estimated and no criterion gets a mark.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from content.library import Library, Shown
from content.wording import N_, Wording, wording
from demand.merging import K, rounded
from demand.released import Grid, Release
from demand.reports.document import Cell, Document, Table
from demand.reports.labels import EXACTNESS, SIMULATED, Labels
from demand.reports.overview import sum_of

CRITERIA = {
    1: N_("Stronger institutions of the State, by laws and administration"),
    2: N_("Commitment of the institutions, also in the budget"),
    3: N_("Coherence with national and regional processes and institutions"),
    4: N_("Access to services of economic inclusion"),
    5: N_("Social and cultural inclusion, with family unity"),
    6: N_("Civil and political inclusion: justice, civil registry, participation, free movement"),
    7: N_("Legal inclusion: papers and regular status"),
    8: N_("Referral systems that work, in institutions and services"),
    9: N_("Reception of people who arrive, and information that reaches them"),
    10: N_("Networks with other Cities of Solidarity"),
}
_UNKNOWN = {
    1: N_("Unknown from this assistant: laws, decrees and capacities. Ask the legal office of the city."),
    2: N_("Unknown from this assistant: the budget and its use. Ask the finance office of the city."),
    3: N_(
        "Unknown from this assistant: agreements between city and State. What we hold is what people asked."
    ),
    10: N_(
        "Unknown from this assistant: meetings and agreements. What we hold is which places use the same words."
    ),
}


_Share = tuple[int | None, int | None]  # numerator, denominator
_UNKNOWN_SHARE: _Share = (None, None)


@dataclass(frozen=True)
class DirectoryState:
    """What the service directory of a place says of itself; handed in, for this room does not know directories.

    Reports are exact here and are rounded, or left out, where they are shown.
    """

    services: int
    within_date: int
    reports: int | None = None
    helped: int | None = None


def criterion(
    number: int,
    releases: Sequence[Release],
    library: Library,
    language: str,
    moment: datetime,
    directory: Mapping[str, DirectoryState] | None = None,
) -> Document:
    """The page of one criterion at a moment, for all open places."""
    page = _Page(number, releases, library, wording(language), moment, directory or {})
    return page.document()


class _Page:
    def __init__(
        self,
        number: int,
        releases: Sequence[Release],
        library: Library,
        words: Wording,
        moment: datetime,
        directory: Mapping[str, DirectoryState],
    ) -> None:
        self._number = number
        self._releases = releases
        self._library = library
        self._words = words
        self._moment = moment
        self._directory = directory
        self._labels = Labels(library, words)
        self._needs = [need for need in library.taxonomy.needs.values() if number in need.criteria]
        self._codes = [place.code for place in library.places.open]

    def document(self) -> Document:
        w, tables = self._words, self._tables()
        simulated = any(one.simulated for one in self._releases)
        lead = [w(SIMULATED)] if simulated else []
        lead.append(w("Draft criterion presented by UNHCR in Quito, 13 and 14 November 2017."))
        if self._number in _UNKNOWN:
            lead.append(w(_UNKNOWN[self._number]))
        if any(table.demand for table in tables):
            lead.append(w(EXACTNESS))
        title = w("Criterion {number}: {title}", number=self._number, title=w(CRITERIA[self._number]))
        return Document(title, w.language, tuple(lead), tuple(tables), simulated)

    def _tables(self) -> list[Table]:
        tables = []
        if self._number in (8, 9):
            tables += [self._answered(), self._checked(), self._served()]
        if self._number == 9:
            tables.append(self._languages())
        if self._number == 10:
            tables.append(self._shared())
        if self._needs:
            tables += [self._asked(), self._coverage()]
        return tables

    def _share(self, part: int | None, whole: int | None) -> str | None:
        return f"{self._words.number(round(100 * part / whole))} %" if part is not None and whole else None

    def _shares(
        self,
        title: str,
        columns: tuple[str, str],
        of: Callable[[str], _Share],
        note: str,
        *,
        demand: bool = True,
    ) -> Table:
        """A row for each place: numerator, denominator, share; each unknown where it is."""
        w = self._words
        rows = tuple(
            (self._labels.place(place), *(one := of(place)), self._share(*one)) for place in self._codes
        )
        part, whole = columns
        heads = (
            w("Place"),
            w("Numerator: {what}", what=part),
            w("Denominator: {what}", what=whole),
            w("Share"),
        )
        return Table(title, heads, rows, note, demand=demand)

    def _latest(self, grid: Grid, place: str) -> Release | None:
        found = [one for one in self._releases if one.grid is grid and one.place == place and one.figures]
        return found[-1] if found else None

    def _answered(self) -> Table:
        w = self._words

        def of(place: str) -> _Share:
            release = self._latest(Grid.OUTCOME, place)
            return (sum_of(release, "met"), release.total) if release else _UNKNOWN_SHARE

        note = w(
            "People whose question ended with an answer and, where one was asked for, a service; latest week."
        )
        return self._shares(w("Demand answered and routed"), (w("answered"), w("all endings")), of, note)

    def _checked(self) -> Table:
        w = self._words

        def of(place: str) -> _Share:
            state = self._directory.get(place)
            return (state.within_date, state.services) if state else _UNKNOWN_SHARE

        note = w("Services whose entry was checked within the time that its kind allows.")
        columns = w("checked"), w("services")
        return self._shares(w("Directory checked in time"), columns, of, note, demand=False)

    def _served(self) -> Table:
        w = self._words
        note = w(
            "What people told of a service afterwards, in the last four-week period, rounded to 5; unknown while fewer"
            " than ten told of help, or of trouble. The share says nothing of those who did not tell."
        )
        return self._shares(
            w("Reported as served"), (w("served"), w("reports")), lambda place: _told(self._directory.get(place)), note,
            demand=False,
        )  # fmt: skip

    def _languages(self) -> Table:
        w = self._words

        def of(place: str) -> _Share:
            release = self._latest(Grid.LANGUAGE, place)
            if release is None:
                return _UNKNOWN_SHARE
            spoken = set(self._library.places.place(place).languages)
            # A figure that joins the local language with others cannot be split: unknown.
            mixed = any(spoken & set(one.codes) and set(one.codes) - spoken for one in release.figures)
            return None if mixed else _outside(release, spoken), release.total

        note = w("People who wrote in a language other than that of the place, in the latest four weeks.")
        columns = w("another language"), w("all languages")
        return self._shares(w("Reach beyond the language of the place"), columns, of, note)

    def _shared(self) -> Table:
        w = self._words
        rows = tuple(
            (self._labels.place(code), w("the same list of needs, the same release rule"))
            for code in self._codes
        )
        note = w("Figures of these places can be laid side by side.")
        columns = (w("Place"), w("What is shared"))
        return Table(w("Places that use the same words"), columns, rows, note, demand=False)

    def _asked(self) -> Table:
        w, mine = self._words, {need.code for need in self._needs}
        rows: list[tuple[Cell, ...]] = []
        for place in self._codes:
            release = self._latest(Grid.NEED, place)
            figures = release.figures if release else ()
            part = sum(one.askers for one in figures if set(one.codes) <= mine) if release else None
            mixed = sum(one.askers for one in figures if set(one.codes) & mine and set(one.codes) - mine)
            row = (self._labels.place(place), part, mixed if release else None)
            rows.append(
                (
                    *row,
                    release.total if release else None,
                    self._share(part, release.total if release else None),
                )
            )
        columns = (
            w("Place"), w("Numerator: {what}", what=w("needs of this criterion")), w("Joined with other needs"),
            w("Denominator: {what}", what=w("all needs")), w("Share"),
        )  # fmt: skip
        note = w(
            "People by need in the latest four weeks. Protection is one figure of its own and not in here."
        )
        return Table(w("Demand for the needs of this criterion"), columns, tuple(rows), note)

    def _coverage(self) -> Table:
        w = self._words
        rows: list[tuple[Cell, ...]] = []
        for place in self._codes:
            for language in self._library.languages:
                shown = [self._shown(need.code, place, language.code) for need in self._needs]
                written = [one for one in shown if one]
                current = [one for one in written if not one.stale and not one.missing]
                read = [one for one in written if one.reviewed]
                share = self._share(len(current), len(shown))
                row = (self._labels.place(place), language.name, len(written), len(read), len(current))
                rows.append((*row, len(shown), share))
        columns = (
            w("Place"), w("Language"), w("Written"), w("Read by a second person"),
            w("Numerator: {what}", what=w("current and checked")),
            w("Denominator: {what}", what=w("needs of this criterion")), w("Share"),
        )  # fmt: skip
        note = w("Needs with an answer in the language whose facts all have a date within their time.")
        title = w("Needs answered by current, checked information")
        return Table(title, columns, tuple(rows), note, demand=False)

    def _shown(self, need: str, place: str, language: str) -> Shown | None:
        shown = self._library.answer(need, place, language, self._moment)
        return shown if shown is not None and shown.in_asked_language else None


def _told(state: DirectoryState | None) -> _Share:
    """Served and all reports, each rounded by itself so that no error adds up; unknown while fewer than ten were served,
    or were not.
    """
    if state is None or state.reports is None or state.helped is None:
        return _UNKNOWN_SHARE
    helped, others = state.helped, state.reports - state.helped
    if min(helped, others) < K:
        return _UNKNOWN_SHARE
    return rounded(helped), rounded(state.reports)


def _outside(release: Release, spoken: set[str]) -> int:
    return sum(figure.askers for figure in release.figures if not spoken & set(figure.codes))
