"""What was kept is what was there, row by row; what must not be kept is not."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import io
import threading
from contextlib import AsyncExitStack
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, text

from bot.backup import backup, restore
from bot.backup.portable import BackupError
from bot.settings import Settings
from bot.wiring import open_directory
from content.loading import load_library
from demand.counts import Kind
from demand.database import connect, plain_url, transaction
from demand.released import Figure, Grid, Release, write_releases
from demand.tables import EXACT
from tests.backup.conftest import Machine

LITE_AND_POSTGRES = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


def fill(settings: Settings) -> None:
    """Seeds, an account with a sign-in, a released week and exact counts of an open one."""
    import console.migrations
    import demand.migrations

    async def seed() -> None:
        async with AsyncExitStack() as stack:
            await open_directory(settings, load_library(), stack)

    asyncio.run(seed())
    console.migrations.upgrade(settings.directory_database)
    demand.migrations.upgrade(settings.demand_database)
    with transaction(connect(settings.directory_database)) as connection:
        connection.execute(
            text(
                "INSERT INTO console_account (email, role, language, totp_confirmed, totp_last_step, disabled, created)"
                " VALUES ('rosa@example.org', 'admin', 'es', true, 7, false, 1760000000)"
            )
        )
        connection.execute(
            text(
                "INSERT INTO console_session (digest, account_id, stage, created, seen, browser)"
                " VALUES ('d', 1, 'full', 1760000000, 1760000000, 'Firefox')"
            )
        )
    with transaction(connect(settings.demand_database)) as connection:
        figures = (Figure(("food",), 35), Figure(("health", "legal"), 20))
        write_releases(connection, [Release(Grid.SECTOR, "quito", date(2026, 6, 1), 1, 168, figures)])
        connection.execute(
            EXACT[Kind.NEED].insert(),
            {"place": "quito", "week": date(2026, 6, 8), "code": "food.aid", "amount": 3},
        )


def hashes(url: str) -> dict[str, tuple[int, str]]:
    """Rows and their hash by table, computed by plain SQL: independent of the code under test."""
    engine = create_engine(plain_url(url))
    found = {}
    with engine.connect() as connection:
        for name in inspect(engine).get_table_names():
            columns = ", ".join(
                f'"{c["name"]}"' for c in sorted(inspect(engine).get_columns(name), key=lambda c: c["name"])
            )
            rows = sorted(
                repr(tuple(row)) for row in connection.execute(text(f'SELECT {columns} FROM "{name}"'))
            )
            found[name] = (len(rows), hashlib.sha256("\n".join(rows).encode()).hexdigest())
    engine.dispose()
    return found


@pytest.mark.parametrize("engine", LITE_AND_POSTGRES)
def test_every_row_comes_back(engine: str, machine: Machine, tmp_path: Path) -> None:
    """Directory, accounts and releases have the same row hashes on an empty machine; sign-ins are gone."""
    old, new = machine(engine), machine(engine)
    fill(old)
    backup(old, tmp_path / "kept", io.StringIO())
    restore(new, tmp_path / "kept", io.StringIO())
    before, after = hashes(old.directory_database), hashes(new.directory_database)
    assert after.pop("console_session")[0] == 0
    assert before.pop("console_session")[0] == 1
    assert before == after
    assert before["service"][0] > 100
    demand_before, demand_after = hashes(old.demand_database), hashes(new.demand_database)
    for name in ("release", "figure", "demand_revision"):
        assert demand_before[name] == demand_after[name]
        assert demand_after[name][0] > 0
    assert demand_before["need_count"][0] == 1
    assert demand_after["need_count"][0] == 0


@pytest.mark.postgres
@pytest.mark.parametrize(("first", "second"), [("sqlite", "postgres"), ("postgres", "sqlite")])
def test_engines_change(first: str, second: str, machine: Machine, tmp_path: Path) -> None:
    """A backup of one engine restored into the other, and kept from there again, holds the same rows."""
    old, new = machine(first), machine(second)
    fill(old)
    backup(old, tmp_path / "one", io.StringIO())
    restore(new, tmp_path / "one", io.StringIO())
    backup(new, tmp_path / "two", io.StringIO())
    for name in ("directory", "demand"):
        one, two = (
            gzip.decompress((tmp_path / kept / f"{name}.jsonl.gz").read_bytes()) for kept in ("one", "two")
        )
        assert sorted(one.splitlines()) == sorted(two.splitlines())


@pytest.mark.postgres
def test_new_rows_after_restore(machine: Machine, tmp_path: Path) -> None:
    """PostgreSQL numbers new rows behind the restored ones."""
    old, new = machine("sqlite"), machine("postgres")
    fill(old)
    backup(old, tmp_path / "kept", io.StringIO())
    restore(new, tmp_path / "kept", io.StringIO())
    with transaction(connect(new.directory_database)) as connection:
        connection.execute(
            text(
                "INSERT INTO console_account (email, role, language, totp_confirmed, totp_last_step, disabled, created)"
                " VALUES ('luz@example.org', 'admin', 'es', true, 7, false, 1760000000)"
            )
        )


@pytest.mark.parametrize("engine", LITE_AND_POSTGRES)
def test_one_state(engine: str, machine: Machine, tmp_path: Path) -> None:
    """While somebody writes all the time, a backup sees one state: two numbers that always agree, agree in it."""
    old, new = machine(engine), machine(engine)
    fill(old)
    stop, written = threading.Event(), 0

    def write() -> None:
        nonlocal written
        engine = connect(old.directory_database)
        while not stop.is_set():
            number = written + 1
            with transaction(engine) as connection:
                connection.execute(text("UPDATE console_account SET totp_last_step = :n"), {"n": number})
                connection.execute(text("UPDATE version SET number = :n"), {"n": number})
            written = number  # after the commit: only then do the two numbers agree for the first time
        engine.dispose()

    writer = threading.Thread(target=write)
    writer.start()
    while written < 2:  # the first is committed
        writer.join(0.01)
    try:
        for number in range(3):
            backup(old, tmp_path / str(number), io.StringIO())
    finally:
        stop.set()
        writer.join()
    assert written > 3
    for number in range(3):
        restore(new, tmp_path / str(number), io.StringIO(), force=True)
        with connect(new.directory_database).connect() as connection:
            step = connection.execute(text("SELECT totp_last_step FROM console_account")).scalar_one()
            assert step == connection.execute(text("SELECT number FROM version")).scalar_one()


@pytest.mark.parametrize("engine", LITE_AND_POSTGRES)
def test_data_is_not_overwritten(engine: str, machine: Machine, tmp_path: Path) -> None:
    """Over data it refuses and changes nothing; told to, it puts the backup in the place of what is there."""
    settings = machine(engine)
    fill(settings)
    backup(settings, tmp_path / "kept", io.StringIO())
    kept = hashes(settings.directory_database)
    with transaction(connect(settings.directory_database)) as connection:
        connection.execute(text("UPDATE service SET name = 'Changed since'"))
    changed = hashes(settings.directory_database)
    with pytest.raises(BackupError, match="--force"):
        restore(settings, tmp_path / "kept", io.StringIO())
    assert hashes(settings.directory_database) == changed
    restore(settings, tmp_path / "kept", io.StringIO(), force=True)
    after = hashes(settings.directory_database)
    assert {name: after[name] for name in after if name != "console_session"} == {
        name: kept[name] for name in kept if name != "console_session"
    }


def test_changed_backup(machine: Machine, tmp_path: Path) -> None:
    """A backup that was touched is refused before anything is changed."""
    old, new = machine("sqlite"), machine("sqlite")
    fill(old)
    backup(old, tmp_path / "kept", io.StringIO())
    path = tmp_path / "kept" / "demand.jsonl.gz"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(BackupError, match="changed"):
        restore(new, tmp_path / "kept", io.StringIO())
    with pytest.raises(BackupError, match="no backup"):
        restore(new, tmp_path, io.StringIO())


def test_a_folder_in_use(machine: Machine, tmp_path: Path) -> None:
    """A backup never writes over another one, and a machine without databases says what to do."""
    settings = machine("sqlite")
    with pytest.raises(BackupError, match="db upgrade"):
        backup(settings, tmp_path / "kept", io.StringIO())
    assert not (tmp_path / "kept").exists()
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").touch()
    with pytest.raises(BackupError, match="not empty"):
        backup(settings, tmp_path / "full", io.StringIO())


def test_damaged_file(machine: Machine, tmp_path: Path) -> None:
    """A damaged database is named, not copied."""
    settings = machine("sqlite")
    fill(settings)
    path = settings.data_dir / "directory.sqlite3"
    connection = create_engine(f"sqlite:///{path}").raw_connection()
    connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    content = bytearray(path.read_bytes())
    for start in range(8192 + 100, len(content) - 4096, 4096):
        content[start : start + 40] = b"\xff" * 40
    path.write_bytes(content)
    with pytest.raises(Exception, match=r"damaged|malformed"):
        backup(settings, tmp_path / "kept", io.StringIO())
    assert not (tmp_path / "kept").exists()
