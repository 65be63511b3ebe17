"""Reports: three languages, four formats, formulas harmless, unknown said, simulated marked and removable."""

from __future__ import annotations

import io
import re
import shutil
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import sync_playwright

from demand import commands
from demand.database import reading
from demand.released import Figure, Grid, Release, read_releases
from demand.reports.criteria import CRITERIA, DirectoryState, criterion
from demand.reports.document import Document, Table
from demand.reports.formats import as_html, as_text, as_workbook, harmless
from demand.simulation import simulated_releases
from demand.upkeep import Entry, demand_by_need, first_to_check

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
MOMENT = datetime(2026, 11, 28, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def quarter(library):
    return simulated_releases(library.places, library.taxonomy, MOMENT.date())


@pytest.mark.parametrize("language", ["es", "pt", "en"])
@pytest.mark.parametrize("format", commands.FORMATS)
def test_every_format_in_every_language(library, quarter, lite, language, format, monkeypatch):
    """Each report names the places and a need in its language and says that it is simulated."""
    monkeypatch.setattr(commands, "releases_shown", lambda engine: quarter)
    out = io.BytesIO()
    assert commands.report(str(lite.url), library, MOMENT, out, format=format, language=language) == 0
    content = out.getvalue()
    if format == "xlsx":
        book = openpyxl.load_workbook(io.BytesIO(content))
        text = " ".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)
    else:
        text = content.decode("utf-8-sig")
    assert library.taxonomy.needs["work.job"].title(language) in text
    assert "imula" in text
    assert "São Paulo" in text or "sao-paulo" in text


def test_a_chart_has_its_table_beside_it(library, quarter):
    """Each drawing is named, is drawn without scripts, wide and narrow, and the table holds its numbers."""
    html = as_html(commands.document_for(quarter, library, MOMENT, "quito", "es", None, None)).decode()
    assert html.count("<svg") >= 4
    assert html.count('role="img"') == html.count("<svg")
    assert html.count('<figure class="wide"><svg') == html.count('<figure class="narrow"><svg') >= 4
    assert html.count("<table") >= html.count('<figure class="wide">')
    assert "<script" not in html


def test_only_figures_about_demand_are_marked_as_simulated(library, quarter):
    """In a simulated report what is real, as the state of the directory, does not carry the mark."""
    html = as_html(criterion(9, quarter, library, "en", MOMENT, {"quito": DirectoryState(40, 30)})).decode()
    marked = re.findall(r'<h2 id="t\d+">([^<]*) · simulated</h2>', html)
    assert "Demand answered and routed" in marked
    assert "Reach beyond the language of the place" in marked
    assert not {"Directory checked in time", "Needs answered by current, checked information"} & set(marked)


@pytest.mark.browser
@pytest.mark.parametrize("number", [None, 8, 9])
def test_a_report_fits_on_a_telephone(library, quarter, tmp_path, number):
    """At 360 pixels nothing stands outside the screen, letters of charts are legible, and print shows one drawing."""
    page_path = tmp_path / "report.html"
    page_path.write_bytes(
        as_html(
            commands.document_for(
                quarter, library, MOMENT, None, "es", number, {"quito": DirectoryState(4, 3)}
            )
        )
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 360, "height": 800})
        page.goto(page_path.as_uri())
        outside = page.evaluate(
            "[...document.querySelectorAll('td,th,svg')].filter(e => e.getClientRects().length"
            " && e.closest('thead') === null && e.getBoundingClientRect().right > 360).length"
        )
        assert outside == 0
        letters = page.evaluate(
            "[...document.querySelectorAll('svg text')].filter(e => e.getClientRects().length)"
            ".map(e => 13 * e.ownerSVGElement.getScreenCTM().a)"
        )
        assert all(size >= 11 for size in letters)
        page.emulate_media(media="print")
        shown = page.evaluate(
            "[...document.querySelectorAll('figure')].filter(e => e.offsetParent).map(e => e.className)"
        )
        assert set(shown) <= {"wide"}
        browser.close()


@pytest.mark.parametrize("number", CRITERIA)
def test_a_criterion_says_what_it_measures_and_what_is_unknown(library, quarter, number):
    """Each of the ten pages has figures with numerator and denominator, or says that they are unknown."""
    states = {"quito": DirectoryState(services=40, within_date=30, reports=43, helped=31)}
    page = criterion(number, quarter, library, "en", MOMENT, states)
    text = as_text(page).decode()
    assert "Numerator" in text or "Unknown" in text
    assert "Simulated" in text
    if number == 8:
        assert "75 %" in text
        assert "unknown" in text


@pytest.mark.parametrize(("reports", "helped"), [(9, 9), (19, 10), (19, 9), (30, 25), (None, None)])
def test_few_reports_of_help_or_trouble_are_not_shown(library, quarter, reports, helped):
    """Below ten of either kind the share is unknown: an exact small count would point at those who told."""
    states = {"quito": DirectoryState(services=40, within_date=30, reports=reports, helped=helped)}
    page = criterion(8, quarter, library, "en", MOMENT, states)
    (table,) = [table for table in page.tables if table.title == "Reported as served"]
    assert table.rows[0] == ("Quito", None, None, None)


@given(st.integers(10, 500), st.integers(10, 500))
def test_what_people_told_is_within_three_in_each_figure(library, helped, others):
    """Served and all reports are each rounded by themselves: the second is no sum of rounded numbers."""
    states = {"quito": DirectoryState(40, 30, helped + others, helped)}
    page = criterion(8, (), library, "en", MOMENT, states)
    (table,) = [table for table in page.tables if table.title == "Reported as served"]
    _, served, told, _ = table.rows[0]
    assert abs(served - helped) <= 3
    assert abs(told - helped - others) <= 3


def test_what_left_the_list_is_shown_under_its_code(library):
    """Figures of a need and a sector that are gone stay in every report and say so."""
    week = MOMENT.date() - timedelta(days=MOMENT.date().weekday() + 7)
    releases = (
        Release(Grid.SECTOR, "quito", week, 1, 168, (Figure(("gone", "work"), 40),)),
        Release(Grid.EVERYWHERE, "all", week, 1, 168, (Figure(("gone.need",), 40),)),
    )
    text = as_text(commands.document_for(releases, library, MOMENT, None, "en", None, None)).decode()
    assert "gone.need (no longer in the list)" in text
    assert "gone (no longer in the list)" in text


def test_nothing_released_is_said(library):
    """An empty installation has a report that says so."""
    assert (
        "Nothing has been released yet"
        in as_text(commands.document_for((), library, MOMENT, None, "en", None, None)).decode()
    )


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\t=1"])
def test_formulas_are_made_harmless(cell):
    """A cell that a spreadsheet would run gets a quote; no workbook holds a formula."""
    assert harmless(cell) == f"'{cell}"
    document = Document(cell, "en", (cell,), (Table(cell.strip() or "x", (cell, "n"), ((cell, 3),), cell),))
    book = openpyxl.load_workbook(io.BytesIO(as_workbook(document)))
    assert all(c.data_type != "f" for sheet in book for row in sheet.iter_rows() for c in row)


def test_the_demo_comes_and_goes(library, url):
    """Simulated figures fill an empty database, are not mixed with real ones, and leave in one command."""
    out = io.StringIO()
    assert commands.demo(url, library, MOMENT.date(), out) == 0
    commands.demo(url, library, MOMENT.date(), out)
    with commands.opened(url) as engine:
        assert all(one.simulated for one in commands.releases_shown(engine))
    assert commands.audit(url, library, out) == 0
    assert commands.close(url, library, MOMENT, out) == 0
    commands.remove_demo(url, out)
    with commands.opened(url) as engine, reading(engine) as connection:
        assert read_releases(connection) == ()
    assert "already here" in out.getvalue()


def test_a_wrong_wish_is_answered_with_a_sentence(library, url):
    """Unknown places, formats, languages and criteria are named together with what there is."""
    for options in ({"place": "lima"}, {"format": "pdf"}, {"language": "fr"}, {"criterion_number": 11}):
        with pytest.raises(commands.DemandError, match=r"\."):
            commands.report(url, library, MOMENT, io.BytesIO(), **options)


def test_the_list_for_caseworkers_puts_demand_age_and_trouble_first():
    """What is asked for, old and troubled comes before what is fresh, quiet or not asked for."""
    today = date(2026, 11, 28)
    release = Release(
        Grid.NEED, "quito", today, 4, 672, (Figure(("work.job",), 100), Figure(("health.care",), 10))
    )
    entries = [
        Entry("fresh", "quito", ("work.job",), today),
        Entry("old", "quito", ("work.job",), today - timedelta(days=300)),
        Entry("troubled", "quito", ("work.job",), today - timedelta(days=300), trouble=4),
        Entry("unasked", "quito", ("city.bank",), today - timedelta(days=300)),
        Entry("never", "quito", ("health.care",), None),
    ]
    order = [task.what for task in first_to_check(entries, [release], today)]
    assert order == ["troubled", "old", "never", "unasked", "fresh"]


def test_simulated_demand_sends_no_caseworker_anywhere():
    """The list weighs what real people asked for; a place without real figures has none."""
    figures = (Figure(("work.job", "work.rights"), 100),)
    real = Release(Grid.NEED, "quito", date(2026, 10, 26), 4, 672, figures)
    made_up = replace(real, start=date(2026, 11, 23), simulated=True)
    assert demand_by_need([real, made_up], "quito") == {"work.job": 100, "work.rights": 100}
    assert demand_by_need([made_up], "quito") == {}
