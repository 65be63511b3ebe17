"""Rows as lines that every engine reads, and digests that say whether two databases hold the same rows.

A line is one row as JSON. Moments are written in UTC, whatever the engine gives; JSON columns travel as their text.
Nothing here opens a database or a file.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, Connection, DateTime, Table, Text, cast, select
from sqlalchemy.types import UserDefinedType

_SUM = 1 << 256


class BackupError(Exception):
    """What the operator can mend; the message says how."""


def line_of(values: Iterable[Any]) -> str:
    """One row as a line."""
    return json.dumps([_plain(value) for value in values], ensure_ascii=False)


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, datetime):
        moment = value if value.tzinfo else value.replace(tzinfo=UTC)
        return {"moment": moment.astimezone(UTC).isoformat()}
    if isinstance(value, (date, time)):
        return {type(value).__name__: value.isoformat()}
    if isinstance(value, (bytes, memoryview)):
        return {"bytes": base64.b64encode(value).decode()}
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    raise TypeError(f"no portable form for {type(value).__name__}")


def values_of(line: str, table: Table, columns: Iterable[str]) -> dict[str, Any]:
    """The row of a line, as the columns of this table take it."""
    row = zip(columns, json.loads(line), strict=True)
    return {name: _value(value, table.c[name].type) for name, value in row}


def _value(value: Any, kind: Any) -> Any:
    if not isinstance(value, dict):
        return value
    ((form, given),) = value.items()
    if form == "moment":
        moment = datetime.fromisoformat(given)
        return moment if isinstance(kind, DateTime) and kind.timezone else moment.replace(tzinfo=None)
    readers: Mapping[str, Any] = {
        "date": date.fromisoformat, "time": time.fromisoformat, "bytes": base64.b64decode, "decimal": Decimal,
    }  # fmt: skip
    return readers[form](given)


def lines_of(connection: Connection, table: Table) -> Iterator[str]:
    """Every row of a table as a line, without holding the table in memory."""
    columns = [table.c[name] for name in names_of(table)]
    result = connection.execute(select(*columns).execution_options(yield_per=1000))
    for row in result:
        yield line_of(row)


def names_of(table: Table) -> list[str]:
    """The columns in an order that does not depend on the engine."""
    return sorted(column.name for column in table.columns)


def keep_json_as_text(table: Table, dialect: str) -> None:
    """Carry JSON as it is written: read into objects, a JSON null and an absent value would look the same."""
    for column in table.columns:
        if isinstance(column.type, JSON):
            column.type = _JsonText() if dialect == "postgresql" else Text()


class _JsonText(UserDefinedType[str]):
    """A JSON column of PostgreSQL whose text goes in and out untouched."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        return "JSON"

    def column_expression(self, column: Any) -> Any:
        return cast(column, Text)

    def bind_expression(self, bindvalue: Any) -> Any:
        return cast(bindvalue, self)


class Digest:
    """A count and a digest of rows, the same in any order."""

    def __init__(self) -> None:
        self.rows = 0
        self._sum = 0

    def add(self, line: str) -> None:
        """Take one row in."""
        self.rows += 1
        self._sum = (self._sum + int.from_bytes(hashlib.sha256(line.encode()).digest())) % _SUM

    def as_dict(self) -> dict[str, Any]:
        """As the manifest holds it."""
        return {"rows": self.rows, "digest": f"{self._sum:064x}"}
