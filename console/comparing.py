"""Places beside each other as tables: what each place has, where its gaps are, how fresh it is, what was released.

A page and a file are made of the same tables. Nothing here ranks places; demand enters only as it was published.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from functools import partial

from console.beside import Beside, Cell, Comparison, Practice, Table
from console.holdings import Counted
from content.library import Library
from content.places import Place
from content.wording import N_, Wording
from demand.released import Grid, Release
from demand.reports.formats import harmless
from demand.reports.labels import SIMULATED, Labels
from demand.reports.overview import sum_of

GAPS = {
    "none": N_("no service"),
    "all_waiting": N_("all full or closed"),
    "unchecked": N_("none checked within a year"),
}


def comparison(
    library: Library, counted: Counted, releases: Sequence[Release], moment: datetime, w: Wording
) -> Comparison:
    """The open places side by side."""
    beside = Beside(library, counted, releases, moment, w)
    tables = (_glance(beside), _sectors(beside), _gaps(beside), _languages(beside), _unmet(beside))
    return Comparison(
        tuple(one.name(w.language) for one in beside.places),
        tuple(_practice(beside, one) for one in beside.places),
        tuple(table for table in tables if table.rows),
        any(one.simulated for one in releases),
    )


def _practice(beside: Beside, place: Place) -> Practice:
    language = beside.w.language
    whole = [one.sector for one in beside.counted.coverage[place.code] if one.is_whole]
    return Practice(
        place.name(language),
        beside.library.programmes(place.code, language, beside.moment),
        tuple(beside.library.taxonomy.sector_title(code, language) for code in whole),
    )


def _glance(beside: Beside) -> Table:
    w, of = beside.w, len(beside.needs)
    offers = {row.place: row for row in beside.counted.offers}

    def needs(place: str) -> Cell:
        missing = sum(gap == "none" for _, gap in offers[place].gaps)
        return Cell(_of(w, offers[place].services, of), _count(w, "missing", missing))

    def services(place: str) -> Cell:
        every, checked = beside.counted.services[place]
        return Cell(_of(w, checked, every))

    def answers(place: str) -> Cell:
        shown = beside.answers[place]
        return Cell(_of(w, len(shown), of), _count(w, "to check", sum(one.stale for one in shown)))

    rows = (
        beside.row(w("Needs with a service"), needs),
        beside.row(w("Services checked within a year"), services),
        beside.row(w("Needs with a dated answer"), answers),
    )
    note = w(
        "Services of the place, of its province and of the whole country count, as people are shown them."
    )
    return Table(w("At a glance"), note, rows)


def _sectors(beside: Beside) -> Table:
    w, taxonomy = beside.w, beside.library.taxonomy
    found = {place: {one.sector: one for one in some} for place, some in beside.counted.coverage.items()}

    def cell(place: str, sector: str) -> Cell:
        one = found[place][sector]
        return Cell(_of(w, one.checked, one.services), _count(w, "missing", len(one.missing)))

    rows = tuple(
        beside.row(taxonomy.sector_title(code, w.language), partial(cell, sector=code))
        for code in taxonomy.sectors
    )
    note = w("How many services were checked within a year, of all; and how many needs have no service.")
    return Table(w("Services by sector"), note, rows)


def _gaps(beside: Beside) -> Table:
    w, taxonomy = beside.w, beside.library.taxonomy
    offers = {row.place: {one.need: one for one in row.offers} for row in beside.counted.offers}

    def cell(place: str, need: str) -> Cell:
        one = offers[place][need]
        if one.gap:
            return Cell("", w(GAPS[one.gap]))
        return Cell(w.plural("{count} service", "{count} services", one.services + one.around))

    rows = tuple(
        beside.row(taxonomy.needs[need].title(w.language), partial(cell, need=need))
        for need in beside.needs
        if any(some[need].gap for some in offers.values())
    )
    note = w("Needs for which somebody would leave without a sure door in one place at least.")
    return Table(w("Open gaps"), note, rows)


def _languages(beside: Beside) -> Table:
    w, of = beside.w, len(beside.needs)

    def cell(place: str, language: str) -> Cell:
        spoken = beside.counted.spoken[place, language]
        words = w.plural("{count} service", "{count} services", spoken)
        return Cell(
            w(
                "{answers} answers, {services}",
                answers=_of(w, beside.written(place, language), of),
                services=words,
            )
        )

    rows = tuple(beside.row(one.name, partial(cell, language=one.code)) for one in beside.library.languages)
    note = w("Answers written in the language, and services known to speak it.")
    return Table(w("Languages"), note, rows)


def _unmet(beside: Beside) -> Table:
    """Released figures as they were published: those that join met and unmet are not taken apart."""
    w, labels = beside.w, Labels(beside.library, beside.w)
    latest = {one.place: one for one in beside.releases if one.grid is Grid.OUTCOME}

    def cell(place: str) -> Cell:
        one = latest.get(place)
        if one is None:
            return Cell(w("nothing released yet"))
        if not one.figures:
            return Cell(labels.withheld(one))
        unmet, period = sum_of(one, "unmet"), labels.period(one.start, one.weeks)
        if unmet is None:
            return Cell(w("not measured: joined with others, {period}", period=period))
        return Cell(
            w("{unmet} of {all}, {period}", unmet=w.number(unmet), all=w.number(one.total), period=period)
        )

    note = w("People for whom there was no service, no information, or it was closed, full or not for them.")
    return Table(
        w("Released unmet demand, latest week"), note, (beside.row(w("Unmet, of all endings"), cell),)
    )


def _of(w: Wording, some: int, every: int) -> str:
    return w("{some} of {all}", some=w.number(some), all=w.number(every))


def _count(w: Wording, what: str, count: int) -> str:
    if not count:
        return ""
    if what == "missing":
        return w.plural("{count} without a service", "{count} without a service", count)
    return w.plural("{count} to check", "{count} to check", count)


def as_csv(shown: Comparison, w: Wording) -> bytes:
    """The tables as one file: a row for each row, a column for each place. Formulas are made harmless."""
    target = io.StringIO()
    rows = csv.writer(target)
    rows.writerow([harmless(cell) for cell in (w("Table"), w("Row"), *shown.places)])
    if shown.simulated:
        rows.writerow([w(SIMULATED)])
    for name, told in (
        (
            w("Programme"),
            [", ".join(one.title for one in practice.programmes) for practice in shown.practices],
        ),
        (w("Nothing missing, all checked"), [", ".join(one.sectors) for one in shown.practices]),
    ):
        rows.writerow([harmless(cell) for cell in (w("Good practices"), name, *told)])
    for table in shown.tables:
        for name, cells in table.rows:
            texts = [", ".join(part for part in (one.text, one.warning) if part) for one in cells]
            rows.writerow([harmless(cell) for cell in (table.title, name, *texts)])
    # The mark tells spreadsheets that the text is UTF-8.
    return target.getvalue().encode("utf-8-sig")
