"""A record as one row of a spreadsheet, and back: CSV and XLSX.

A cell that a spreadsheet would run as a formula is written with an apostrophe before it and read without. Nothing
is guessed from a cell: an empty one means that nothing is known.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]  # ships no types

from referrals.exchange import archives
from referrals.records import LANGUAGES, ServiceRecord

PLAIN = (
    "id", "name", "place", "status", "address", "district", "latitude", "longitude", "hidden_address", "email",
    "url", "whatsapp", "opening_hours", "schedule", "first_n", "full_until", "source_date", "assured_date",
    "confidence",
)  # fmt: skip
LISTS = ("needs", "phones", "languages")
RULES = ("min_age", "max_age", "statuses", "profiles", "excluded_profiles")
ORGANIZATION = ("name", "kind", "id", "url", "email")
TEXTS = ("hours", "cost", "eligibility", "note")
STRUCTURED = ("documents", "closures")
COLUMNS = (
    *PLAIN, *LISTS, *(f"organization_{name}" for name in ORGANIZATION), *RULES, "free",
    "source_title", "source_url", *(f"{name}_{code}" for name in TEXTS for code in LANGUAGES), *STRUCTURED,
)  # fmt: skip
_SEPARATOR = "; "
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
_NUMBERS = ("latitude", "longitude", "first_n", "min_age", "max_age")
_SHEET_ROWS = 50_000
Row = dict[str, Any]


def neutral(text: str) -> str:
    """The text so that no spreadsheet runs it."""
    escaped = text[:1] == "'" and text[1:2] in ("'", *_DANGEROUS)
    return f"'{text}" if text.startswith(_DANGEROUS) or (escaped and len(text) > 1) else text


def as_written(cell: str) -> str:
    """The text that `neutral` was given."""
    return cell[1:] if len(cell) > 1 and cell[0] == "'" and cell[1] in ("'", *_DANGEROUS) else cell


def row_of(record: ServiceRecord) -> Row:
    """The cells of a record, by column; empty ones are empty strings."""
    value = record.model_dump(mode="json")
    rules, cost = value["eligibility"] or {}, value["cost"] or {}
    cells: Row = {name: value[name] for name in PLAIN}
    cells |= {name: _SEPARATOR.join(value[name]) for name in LISTS}
    cells |= {f"organization_{name}": value["organization"][name] for name in ORGANIZATION}
    cells |= {name: _joined(rules.get(name)) for name in RULES}
    cells |= {
        "free": cost.get("free"),
        "source_title": value["source"]["title"],
        "source_url": value["source"]["url"],
    }
    texts = {
        "hours": value["hours"],
        "note": value["note"],
        "cost": cost.get("text"),
        "eligibility": rules.get("text"),
    }
    cells |= {f"{name}_{code}": (texts[name] or {}).get(code) for name in TEXTS for code in LANGUAGES}
    cells |= {
        name: json.dumps(value[name], ensure_ascii=False) if value[name] else None for name in STRUCTURED
    }
    return {column: _cell(column, cells[column]) for column in COLUMNS}


def _joined(value: Any) -> Any:
    return _SEPARATOR.join(value) if isinstance(value, list) else value


def _cell(column: str, value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if column in _NUMBERS else neutral(str(value))


def values_of(row: Mapping[str, Any]) -> Row:
    """The values of a record from cells; what is wrong with them is for the record to say."""
    cells = {key: as_written(str(cell)).strip() for key, cell in row.items() if cell not in (None, "")}
    values: Row = {name: cells[name] for name in PLAIN if name in cells}
    if "hidden_address" in values:
        values["hidden_address"] = _yes(values["hidden_address"])
    values |= {name: _split(cells[name]) for name in LISTS if name in cells}
    values["organization"] = _group(cells, "organization_", ORGANIZATION)
    values["source"] = _group(cells, "source_", ("title", "url"))
    rules = {
        name: _split(cells[name]) if name.endswith("s") else cells[name] for name in RULES if name in cells
    }
    cost: Row = {"free": _yes(cells["free"])} if "free" in cells else {}
    for name in TEXTS:
        texts = {code: cells[f"{name}_{code}"] for code in LANGUAGES if f"{name}_{code}" in cells}
        if texts:
            target, field = {"eligibility": (rules, "text"), "cost": (cost, "text")}.get(name, (values, name))
            target[field] = texts
    values |= {key: part for key, part in (("eligibility", rules), ("cost", cost)) if part}
    return values | {name: _parsed(cells[name]) for name in STRUCTURED if name in cells}


def _split(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]


def _yes(cell: str) -> Any:
    return {"yes": True, "no": False}.get(cell.lower(), cell)


def _group(cells: Mapping[str, str], prefix: str, names: Iterable[str]) -> Row:
    return {name: cells[prefix + name] for name in names if prefix + name in cells}


def _parsed(cell: str) -> Any:
    try:
        return json.loads(cell)
    except json.JSONDecodeError:
        return cell


def write_csv(records: Iterable[ServiceRecord]) -> bytes:
    """All records as CSV in UTF-8 with a byte order mark, which spreadsheets need to read accents."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(row_of(record) for record in records)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def read_csv(content: bytes) -> Iterator[tuple[int, Row]]:
    """Rows with their number as a spreadsheet shows it, the header being row 1."""
    text = content.decode("utf-8-sig")
    # A spreadsheet in Spanish or Portuguese writes semicolons between cells; no column has one in its name.
    apart = ";" if ";" in text.partition("\n")[0] else ","
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=apart, strict=True)
    for number, row in enumerate(reader, 2):
        yield number, {str(key): value for key, value in row.items()}


def write_xlsx(records: Iterable[ServiceRecord]) -> bytes:
    """All records as one sheet; every text is written as text, never as a formula or a link."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet("services")
    sheet.freeze_panes(1, 2)
    for at, column in enumerate(COLUMNS):
        sheet.write_string(0, at, column)
    for number, record in enumerate(records, 1):
        for at, value in enumerate(row_of(record).values()):
            if isinstance(value, str):
                sheet.write_string(number, at, value) if value else None
            else:
                sheet.write_number(number, at, value)
    book.close()
    return out.getvalue()


def read_xlsx(content: bytes) -> Iterator[tuple[int, Row]]:
    """Rows of the first sheet with their number; formulas are read as their text, never as a result."""
    import openpyxl  # slow to load, and needed only when a workbook comes in

    archives.opened(content).close()
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False)
    try:
        rows = book.worksheets[0].iter_rows(max_row=_SHEET_ROWS, values_only=True)
        header = [str(cell) if cell is not None else "" for cell in next(rows, ())]
        for number, cells in enumerate(rows, 2):
            if any(cell not in (None, "") for cell in cells):
                yield number, dict(zip(header, (_read(cell) for cell in cells), strict=False))
    finally:
        book.close()


def _read(cell: Any) -> Any:
    return repr(cell) if isinstance(cell, float) and not cell.is_integer() else cell
