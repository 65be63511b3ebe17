"""A report as text, HTML, CSV or a workbook: the same numbers in each, formulas made harmless.

Nothing here computes; a format that adds a figure would be a second release.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path

import xlsxwriter  # type: ignore[import-untyped]
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from content.wording import Wording, wording
from demand.counts import EVERYWHERE
from demand.phrases import Phrase
from demand.released import Release
from demand.reports.charts import chart
from demand.reports.document import Cell, Document, Table
from demand.reports.labels import SIMULATED, Labels

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")
_NOT_IN_SHEET_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


def harmless(cell: Cell) -> Cell:
    """The cell with a quote before it when a spreadsheet would run it."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_DANGEROUS) else cell


def shown(cell: Cell, words: Wording) -> str:
    """A cell in words; what is unknown says so."""
    if cell is None:
        return words("unknown")
    return words.number(cell) if isinstance(cell, int) else cell


def as_text(document: Document) -> bytes:
    """Plain text for a terminal or an e-mail."""
    words = wording(document.language)
    lines = [document.title, "=" * len(document.title), *document.lead]
    for table in document.tables:
        rows = [[shown(cell, words) for cell in row] for row in table.rows]
        widths = [max(len(row[i]) for row in [list(table.columns), *rows]) for i in range(len(table.columns))]
        lines += ["", table.title, "-" * len(table.title)]
        lines += [table.note] if table.note else []
        lines += [_line(row, widths) for row in [list(table.columns), *rows]]
    return ("\n".join(lines) + "\n").encode()


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


@lru_cache(maxsize=1)
def _templates() -> Environment:
    folder = Path(__file__).parent / "templates"
    return Environment(loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined)


def as_html(document: Document) -> bytes:
    """One page that needs nothing else: readable on paper and by a screen reader."""
    words = wording(document.language)
    template = _templates().get_template("report.html")
    page = template.render(
        document=document,
        w=words,
        shown=lambda cell: shown(cell, words),
        chart=lambda table, narrow: Markup(chart(table, narrow=narrow)),  # noqa: S704 (escaped where drawn)
        numeric=_is_numeric,
    )
    return page.encode()


def _is_numeric(table: Table, column: int) -> bool:
    """Whether a column stands to the right: numbers, shares, and what is unknown of them."""
    cells = [row[column] for row in table.rows]
    return column > 0 and all(
        one is None or isinstance(one, int) or one.removesuffix("%").strip().isdecimal() for one in cells
    )


def as_workbook(document: Document) -> bytes:
    """A workbook with one sheet for each table."""
    words, target = wording(document.language), io.BytesIO()
    with xlsxwriter.Workbook(
        target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True})
        first = book.add_worksheet(words("Read first"))
        first.set_column(0, 0, 100, wrapped)
        for row, line in enumerate([document.title, *document.lead]):
            first.write_string(row, 0, str(harmless(line)))
        for number, table in enumerate(document.tables, 1):
            sheet = book.add_worksheet(f"{number} {table.title}".translate(_NOT_IN_SHEET_NAMES)[:31].strip())
            sheet.set_column(0, 0, 60)
            sheet.set_column(1, len(table.columns), 22)
            head = [
                table.title,
                table.note,
                *([words(SIMULATED)] if document.simulated and table.demand else []),
            ]
            for row, line in enumerate(head):
                sheet.write_string(row, 0, str(harmless(line)))
            for column, name in enumerate(table.columns):
                sheet.write_string(len(head) + 1, column, str(harmless(name)), bold)
            for row, cells in enumerate(table.rows, len(head) + 2):
                for column, cell in enumerate(cells):
                    if isinstance(cell, int):
                        sheet.write_number(row, column, cell)
                    else:
                        sheet.write_string(row, column, str(harmless(shown(cell, words))))
    return target.getvalue()


def as_csv(releases: Sequence[Release], labels: Labels, phrases: Sequence[Phrase] = ()) -> bytes:
    """Every released figure as a row, with codes for machines and names for people; then the words not understood."""
    target = io.StringIO()
    rows = csv.writer(target)
    rows.writerow(
        [
            "simulated",
            "table",
            "place",
            "start",
            "weeks",
            "hours_counted",
            "codes",
            "names",
            "askers",
            "withheld",
        ]
    )
    for one in releases:
        head: list[Cell] = [
            "simulated" if one.simulated else "", one.grid.value, one.place, one.start.isoformat(), one.weeks, one.hours,
        ]  # fmt: skip
        for figure in one.figures:
            names = labels.figure(one.grid, figure.codes)
            rows.writerow(
                [harmless(cell) for cell in (*head, " ".join(figure.codes), names, figure.askers, "")]
            )
        if one.withheld:
            rows.writerow([harmless(cell) for cell in (*head, "", "", "", labels.withheld(one))])
    for said in () if any(one.simulated for one in releases) else phrases:
        row = (
            "",
            "not_understood",
            EVERYWHERE,
            said.start.isoformat(),
            1,
            "",
            "",
            said.words,
            said.askers,
            "",
        )
        rows.writerow([harmless(cell) for cell in row])
    # The mark tells spreadsheets that the text is UTF-8.
    return target.getvalue().encode("utf-8-sig")


DOCUMENT_FORMATS: dict[str, Callable[[Document], bytes]] = {
    "text": as_text,
    "html": as_html,
    "xlsx": as_workbook,
}
