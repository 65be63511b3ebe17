"""Attack 8, crawl of every view: whoever asks, in whatever form, gets the released figures and no other number."""

from __future__ import annotations

import csv
import io
import random
from datetime import UTC, datetime

import openpyxl
import pytest

from content.wording import wording
from demand.commands import opened, releases_shown, report
from demand.database import writing
from demand.released import write_releases
from demand.simulation import simulated_releases

MOMENT = datetime(2026, 11, 28, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def url(library, tmp_path_factory) -> str:
    made = f"sqlite+aiosqlite:///{tmp_path_factory.mktemp('views')}/demand.sqlite3"
    with opened(made) as engine, writing(engine) as connection:
        write_releases(connection, simulated_releases(library.places, library.taxonomy, MOMENT.date()))
    return made


def _written(url: str, library, **options) -> bytes:
    out = io.BytesIO()
    report(url, library, MOMENT, out, **options)
    return out.getvalue()


def test_every_export_is_the_release(library, url):
    """The set of figures in the table of all places equals the released set, in every language."""
    with opened(url) as engine:
        released = {
            (one.grid.value, one.place, one.start.isoformat(), " ".join(figure.codes), str(figure.askers))
            for one in releases_shown(engine)
            for figure in one.figures
        }
    for language in ("es", "pt", "en"):
        rows = list(
            csv.DictReader(
                io.StringIO(_written(url, library, format="csv", language=language).decode("utf-8-sig"))
            )
        )
        assert {row["simulated"] for row in rows} == {"simulated"}
        shown = {(r["table"], r["place"], r["start"], r["codes"], r["askers"]) for r in rows if r["askers"]}
        assert shown == released


@pytest.mark.parametrize("place", [None, "quito", "pichincha", "sao-paulo", "san-luis"])
def test_every_number_of_a_view_is_released_or_a_sum_of_released(library, url, place):
    """Workbooks of every place, in every language, hold multiples of five, ten or more, and say they are simulated."""
    for language in ("es", "pt", "en"):
        label = wording(language)("Simulated figures: nobody asked this. They show how a report looks.")
        content = _written(url, library, format="xlsx", place=place, language=language)
        book = openpyxl.load_workbook(io.BytesIO(content))
        numbers = [c.value for s in book for row in s.iter_rows() for c in row if isinstance(c.value, int)]
        assert numbers
        assert all(number >= 10 and number % 5 == 0 for number in numbers)
        assert all(c.data_type != "f" for s in book for row in s.iter_rows() for c in row)
        assert all(label in (sheet["A2"].value, sheet["A3"].value) for sheet in book)


def test_a_free_filter_finds_one_person(library):
    """With filters of one's choice, as in the naive console, some answer is about a single person."""
    source = random.Random(8)
    rows = [
        (
            source.choice(["quito", "san-luis"]),
            source.choice(list(library.taxonomy.needs)),
            source.choice(["es", "pt", "ht"]),
        )
        for _ in range(150)
    ]
    assert any(rows.count(row) == 1 for row in rows)
