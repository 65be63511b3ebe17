"""What an import would change, before it changes anything: a dry run with a difference, then all or nothing.

Every mistake is named with row, column and remedy. What may already be listed under another id is named too, so
that a person decides; nothing is joined by itself, and nothing that is missing from a file is removed.
"""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, NamedTuple

from pydantic import ValidationError

from referrals.database import Sessions
from referrals.exchange import doors, hsds_reading, package, sheets
from referrals.exchange.doors import Split
from referrals.exchange.hsds_reading import Stranger
from referrals.exchange.twins import Twin, twins_of
from referrals.records import ServiceRecord
from referrals.storage import assemble, fetch_rows
from referrals.writing import Mark, store

# Ten thousand services are about 30 MB of HSDS JSON.
_MAXIMUM_BYTES = 100_000_000
EMPTY = "nothing stands in the file"
NOT_UTF8 = "the letters of the file are not in UTF-8"
ANOTHER_KIND = "the file is not of the kind that its name says"


@dataclass(frozen=True, order=True)
class ImportProblem:
    """One mistake: the row as a spreadsheet numbers it (0: the whole file), the column, what is wrong, what to do."""

    row: int
    column: str
    what: str
    remedy: str

    def __str__(self) -> str:
        where = f"row {self.row}, column {self.column}" if self.row else "whole file"
        return f"{where}: {self.what}. {self.remedy}"


@dataclass(frozen=True)
class Plan:
    """What an import would do; it may be applied only when there is no problem.

    `split`: services of the file with several locations, each of which becomes a service.
    """

    problems: tuple[ImportProblem, ...] = ()
    new: tuple[ServiceRecord, ...] = ()
    changed: tuple[tuple[ServiceRecord, tuple[str, ...]], ...] = ()
    same: int = 0
    twins: tuple[Twin, ...] = ()
    split: tuple[Split, ...] = ()


class ReadFile(NamedTuple):
    """What a file holds: records, each with the row that it stands in; what is wrong; what becomes several services."""

    records: tuple[ServiceRecord, ...]
    problems: tuple[ImportProblem, ...]
    rows: tuple[int, ...] = ()
    split: tuple[Split, ...] = ()


def read_file(name: str, content: bytes, stranger: Stranger | None = None) -> ReadFile:
    """Records and problems of a .csv, .xlsx, .json or .zip file."""
    reader = _READERS.get(PurePath(name).suffix.lower())
    if reader is None:
        return _unread("the kind of file is not known", f"Use one of {', '.join(sorted(_READERS))}.")
    if len(content) > _MAXIMUM_BYTES:
        return _unread(f"the file is larger than {_MAXIMUM_BYTES} bytes", "Split it.")
    if not content.strip():
        return _unread(EMPTY, "Write one service in each row, below the names of the columns.")
    split: list[Split] = []
    try:
        rows = list(reader(content, stranger or Stranger(), split))
    except UnicodeDecodeError:
        return _unread(NOT_UTF8, "Save it as XLSX, or as CSV in UTF-8.")
    except (json.JSONDecodeError, zipfile.BadZipFile, RecursionError):
        return _unread(ANOTHER_KIND, "Export it again as the kind its name says.")
    except (ValueError, KeyError, csv.Error) as error:
        return _unread(f"the file cannot be read: {error}", "Export it again as the kind its name says.")
    return _checked(rows, split)


def _unread(what: str, remedy: str) -> ReadFile:
    return ReadFile((), (ImportProblem(0, "", what, remedy),))


Values = Mapping[str, Any]


def _sheet(rows: Iterable[tuple[int, sheets.Row]]) -> Iterator[tuple[int, Values]]:
    for number, row in rows:
        unknown = {
            key: cell for key, cell in row.items() if key not in sheets.COLUMNS and cell not in (None, "")
        }
        yield number, {**sheets.values_of(row), **unknown}


def _services(
    services: Iterable[tuple[int, Any]], stranger: Stranger, split: list[Split]
) -> Iterator[tuple[int, Values]]:
    """The values of services of HSDS, one for each door."""
    for number, service in services:
        if not isinstance(service, dict):
            raise ValueError(f"entry {number} is not a service")
        made = doors.doors(service)
        if told := doors.split_of(service, made):
            split.append(told)
        yield from ((number, hsds_reading.values_of(door, stranger)) for door in made)


def _nested(content: bytes) -> Iterable[Any]:
    read = json.loads(content)
    services: Iterable[Any] = read.get("contents", [read]) if isinstance(read, dict) else read
    return services


_READERS: Mapping[str, Callable[[bytes, Stranger, list[Split]], Iterable[tuple[int, Values]]]] = {
    ".csv": lambda content, *_: _sheet(sheets.read_csv(content)),
    ".xlsx": lambda content, *_: _sheet(sheets.read_xlsx(content)),
    ".json": lambda content, *given: _services(enumerate(_nested(content), 1), *given),
    ".zip": lambda content, *given: _services(enumerate(package.read_package(content), 2), *given),
}


def _checked(rows: Iterable[tuple[int, Values]], split: Sequence[Split]) -> ReadFile:
    records: list[ServiceRecord] = []
    numbers: list[int] = []
    problems: list[ImportProblem] = []
    first_rows: dict[str, int] = {}
    for number, values in rows:
        try:
            record = ServiceRecord.model_validate(values)
        except ValidationError as error:
            problems += [_problem(number, one) for one in error.errors(include_url=False)]
            continue
        first = first_rows.setdefault(record.id, number)
        if first != number:
            remedy = "Give each service an id of its own."
            problems.append(
                ImportProblem(number, "id", f"the id {record.id} stands in row {first} too", remedy)
            )
        records.append(record)
        numbers.append(number)
    # What is wrong with a service is wrong at each of its doors, and said once.
    return ReadFile(tuple(records), tuple(sorted(set(problems))), tuple(numbers), tuple(split))


def _problem(number: int, error: Any) -> ImportProblem:
    column = _column([str(part) for part in error["loc"]])
    what = error["msg"].removeprefix("Value error, ")
    given = str(error["input"])[:60]
    if error["type"] in ("missing", "too_short"):
        return ImportProblem(number, column, "nothing is written here", "Fill in the cell.")
    if error["type"] == "extra_forbidden":
        return ImportProblem(number, column, "the column is not known", "Correct its name or remove it.")
    return ImportProblem(number, column, f"{what} (given: {given})", "Correct the cell.")


def _column(path: list[str]) -> str:
    """The column of a sheet that a field of the record stands in."""
    if not path:
        return "id"
    head, rest = path[0], path[1:]
    if head in ("organization", "source") and rest:
        return f"{head}_{rest[0]}"
    if head in ("eligibility", "cost") and rest:
        return f"{head}_{rest[1]}" if rest[0] == "text" and len(rest) > 1 else rest[0]
    if head in ("hours", "note") and rest:
        return f"{head}_{rest[0]}"
    return head


def check_codes(read: ReadFile, needs: Collection[str], places: Collection[str]) -> tuple[ImportProblem, ...]:
    """Needs and places that the taxonomy and the list of places do not know."""
    problems = []
    for number, record in zip(read.rows, read.records, strict=True):
        if record.place not in places:
            remedy = f"Use one of {', '.join(sorted(places))}."
            problems.append(ImportProblem(number, "place", f"unknown place {record.place}", remedy))
        for need in sorted(set(record.needs) - set(needs)):
            remedy = "Use a need code of the taxonomy."
            problems.append(ImportProblem(number, "needs", f"unknown need {need}", remedy))
    return tuple(dict.fromkeys(problems))


async def plan(
    sessions: Sessions,
    records: Sequence[ServiceRecord],
    problems: Sequence[ImportProblem] = (),
    split: Sequence[Split] = (),
) -> Plan:
    """The dry run: what would be new, what would change in which fields, what looks listed already."""
    if problems:
        return Plan(problems=tuple(problems))
    async with sessions.reading() as session:
        present = {record.id: record for record in assemble(await fetch_rows(session))}
    ordered = [in_table_order(record, present.get(record.id)) for record in records]
    new = tuple(record for record in ordered if record.id not in present)
    changed = tuple(
        (record, fields)
        for record in ordered
        if record.id in present and (fields := _differing(record, present[record.id]))
    )
    twins = tuple(twins_of(new, tuple(present.values())))
    return Plan((), new, changed, len(records) - len(new) - len(changed), twins, tuple(split))


def in_table_order(record: ServiceRecord, present: ServiceRecord | None) -> ServiceRecord:
    """The record in the order the tables keep; where a hidden door is stays known when the file does not say."""
    update: dict[str, Any] = {
        "needs": tuple(sorted(record.needs)),
        "languages": tuple(sorted(set(record.languages))),
        "closures": tuple(
            sorted(record.closures, key=lambda one: (one.starts, str(one.ends), str(one.reason)))
        ),
    }
    silent = record.address is None and record.latitude is None and record.district is None
    if present is not None and record.hidden_address and present.hidden_address and silent:
        update |= {name: getattr(present, name) for name in ("address", "district", "latitude", "longitude")}
    return record.model_copy(update=update)


def _differing(record: ServiceRecord, present: ServiceRecord) -> tuple[str, ...]:
    names = ServiceRecord.model_fields
    return tuple(name for name in names if getattr(record, name) != getattr(present, name))


class ImportRefusedError(Exception):
    """An import with a mistake in it; nothing of it was written."""


async def apply(sessions: Sessions, planned: Plan) -> int:
    """Write what a plan says, in one transaction; the number of services written."""
    if planned.problems:
        raise ImportRefusedError("\n".join(str(problem) for problem in planned.problems))
    records = (*planned.new, *(record for record, _ in planned.changed))
    if records:
        async with sessions.writing() as session:
            await store(session, [(record, Mark("import", edited=True)) for record in records])
    return len(records)
