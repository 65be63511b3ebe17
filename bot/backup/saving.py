"""Write a backup while everything runs: one transaction that sees one state and keeps nobody from writing."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from sqlalchemy import Connection

from bot.backup.databases import Database, check_whole, databases
from bot.backup.portable import BackupError, Digest, lines_of, names_of
from bot.settings import Settings

FORMAT = 1
MANIFEST = "manifest.json"


def backup(settings: Settings, folder: Path, out: TextIO) -> int:
    """Copy every database into a new folder; it is there whole or not at all."""
    if folder.exists() and any(folder.iterdir()):
        raise BackupError(f"{folder} is not empty. Name a new folder for each backup.")
    beside = folder.with_name(f".{folder.name}.{os.getpid()}")
    try:
        beside.mkdir(parents=True, mode=0o700)
        manifest = {
            "format": FORMAT,
            "made": datetime.now(UTC).isoformat(timespec="seconds"),
            "databases": {},
        }
        for database in databases(settings):
            manifest["databases"][database.name] = _save(database, beside, out)  # type: ignore[index]
        (beside / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", "utf-8")
        if folder.exists():
            folder.rmdir()
        beside.rename(folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    print(f"Written to {folder}. Keep it like the databases: it holds addresses of shelters.", file=out)
    if settings.secret_key is None:
        print(
            f"Not in it: {settings.data_dir / 'secret.key'}. Keep a copy elsewhere; without it, accounts need new second factors.",
            file=out,
        )
    return 0


def _save(database: Database, folder: Path, out: TextIO) -> dict[str, Any]:
    if database.file is not None and not database.file.is_file():
        raise BackupError(
            f"{database.file} is not there: nothing to keep yet. Run `orienta db upgrade` first."
        )
    engine = database.engine()
    if engine.dialect.name == "postgresql":
        # One state for all tables; on SQLite every reading transaction is so.
        engine = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    try:
        with engine.connect() as connection, connection.begin():
            saved = _write(database, connection, folder)
    finally:
        engine.dispose()
    rows = sum(table["rows"] for table in saved["tables"].values())
    print(f"{database.name}: {rows} rows of {len(saved['tables'])} tables.", file=out)
    return saved


def _write(database: Database, connection: Connection, folder: Path) -> dict[str, Any]:
    check_whole(database, connection)
    path = folder / f"{database.name}.jsonl.gz"
    tables: dict[str, Any] = {}
    with path.open("xb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", filename="", mtime=0) as file:
        path.chmod(0o600)
        for table in database.tables(connection):
            file.write(json.dumps({"table": table.name, "columns": names_of(table)}).encode() + b"\n")
            digest = Digest()
            for line in lines_of(connection, table):
                digest.add(line)
                file.write(line.encode() + b"\n")
            tables[table.name] = digest.as_dict()
    return {
        "file": path.name,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "revisions": database.revisions(connection),
        "tables": tables,
    }
