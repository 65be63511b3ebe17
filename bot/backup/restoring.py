"""Put a backup into empty databases, or with force in the place of what is there: all of it or nothing.

Every file is checked before anything is touched, and every table is read back and compared before the commit.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TextIO

from alembic.util import CommandError
from sqlalchemy import Connection, Integer, Table, func, select

from bot.backup.databases import Database, databases
from bot.backup.portable import BackupError, Digest, lines_of, values_of
from bot.backup.saving import FORMAT, MANIFEST
from bot.safeguards import make_private
from bot.settings import Settings
from demand.database import reading, transaction

# The counter that a new schema begins with is no data.
_NOT_DATA = frozenset({"version"})
_AT_ONCE = 1000


def restore(settings: Settings, folder: Path, out: TextIO, *, force: bool = False) -> int:
    """Restore every database of a backup; refuses where there is data already, unless forced."""
    saved = _read_manifest(folder)
    make_private(settings.data_dir)
    for database in databases(settings):
        _check_file(folder, saved[database.name])
        if not force:
            _refuse_data(database)
    for database in databases(settings):
        _restore(database, folder, saved[database.name], out)
    return 0


def _read_manifest(folder: Path) -> Mapping[str, Any]:
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError):
        raise BackupError(f"{folder} holds no backup: {MANIFEST} is missing or not readable.") from None
    if manifest["format"] != FORMAT:
        raise BackupError(f"{folder} was written by another version of Orienta: restore it with that one.")
    databases_saved: Mapping[str, Any] = manifest["databases"]
    return databases_saved


def _check_file(folder: Path, saved: Mapping[str, Any]) -> None:
    path = folder / saved["file"]
    if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != saved["sha256"]:
        raise BackupError(f"{path} is missing or was changed since it was written. Take another backup.")


def _refuse_data(database: Database) -> None:
    if database.file is not None and not database.file.is_file():
        return
    engine = database.engine()
    with reading(engine) as connection:
        held = [
            f"{table.name} ({rows})"
            for table in database.tables(connection)
            if table.name not in _NOT_DATA
            and (rows := connection.execute(select(func.count()).select_from(table)).scalar_one())
        ]
    engine.dispose()
    if held:
        raise BackupError(
            f"The {database.name} database holds data: {', '.join(held[:4])}. Nothing was changed."
            " Say --force to put the backup in its place."
        )


def _restore(database: Database, folder: Path, saved: Mapping[str, Any], out: TextIO) -> None:
    _bring_schema(database, saved["revisions"])
    engine = database.engine()
    try:
        with transaction(engine) as connection:
            tables = {table.name: table for table in database.tables(connection)}
            for table in reversed(tables.values()):
                connection.execute(table.delete())
            rows = _insert(connection, tables, folder / saved["file"])
            _compare(connection, tables, saved["tables"])
            _set_sequences(connection, tables)
    finally:
        engine.dispose()
    for schema in database.schemas:
        schema.upgrade(database.url)
    print(f"{database.name}: {rows} rows restored, and read back the same.", file=out)


def _bring_schema(database: Database, wanted: Mapping[str, str]) -> None:
    """The tables as they were when the backup was written; newer steps are taken afterwards."""
    engine = database.engine()
    with reading(engine) as connection:
        present = database.revisions(connection)
    engine.dispose()
    try:
        for schema in database.schemas:
            revision = wanted.get(schema.VERSION_TABLE)
            if schema.VERSION_TABLE in present and present[schema.VERSION_TABLE] != revision:
                schema.downgrade(database.url)
            if revision is not None:
                schema.upgrade(database.url, revision)
    except CommandError:
        raise BackupError(
            "The backup was written by a newer version of Orienta: restore it with that one."
        ) from None


def _insert(connection: Connection, tables: Mapping[str, Table], path: Path) -> int:
    rows = 0
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for table, batch in _batches(file, tables):
            connection.execute(table.insert(), batch)
            rows += len(batch)
    return rows


def _batches(
    lines: Iterator[str], tables: Mapping[str, Table]
) -> Iterator[tuple[Table, list[dict[str, Any]]]]:
    table: Table | None = None
    columns: list[str] = []
    batch: list[dict[str, Any]] = []
    for line in lines:
        begins = line.startswith("{")
        if batch and table is not None and (begins or len(batch) >= _AT_ONCE):
            yield table, batch
            batch = []
        if begins:
            head = json.loads(line)
            table, columns = tables[head["table"]], head["columns"]
        elif table is not None:
            batch.append(values_of(line, table, columns))
    if batch and table is not None:
        yield table, batch


def _compare(connection: Connection, tables: Mapping[str, Table], saved: Mapping[str, Any]) -> None:
    for name, expected in saved.items():
        digest = Digest()
        for line in lines_of(connection, tables[name]):
            digest.add(line)
        if digest.as_dict() != expected:
            raise BackupError(f"The table {name} is not the same after restoring. Nothing was changed.")


def _set_sequences(connection: Connection, tables: Mapping[str, Table]) -> None:
    """PostgreSQL numbers new rows by a counter of its own, which must stand behind the restored ones."""
    if connection.dialect.name != "postgresql":
        return
    for table in tables.values():
        for column in table.primary_key:
            if isinstance(column.type, Integer) and column.server_default is not None:
                last = select(func.coalesce(func.max(column), 0) + 1).scalar_subquery()
                counter = func.pg_get_serial_sequence(f'"{table.name}"', column.name)
                connection.execute(select(func.setval(counter, last, False)))
