"""No lasting password towards PostgreSQL: one out of a file that changes while we run, or none at all."""

from __future__ import annotations

import asyncio
import getpass
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from bot.database_address import complaint_of, has_lasting_password
from bot.database_password import for_the_driver, read_at_each_connection
from bot.face.leadership_postgres import PostgresLeadership
from bot.face.ledger import Work
from bot.face.sharing import SharedStore
from bot.secret_files import SecretFileError
from demand.database import connect as connect_demand
from referrals.database import Sessions, connect
from referrals.migrations import upgrade
from tests.bot.started import started
from tests.face.test_leadership import FREE
from tests.postgres import new_database

ROLE = "orienta_short"


@contextmanager
def _rule(server: str, rule: str, ident: str = "") -> Iterator[str]:
    """A new database whose server signs the role in by this rule of `pg_hba.conf` alone, until the block ends."""
    url = new_database(server).replace("postgres:@", f"{ROLE}@")
    assert ROLE in url
    with psycopg.connect(server, autocommit=True) as connection:
        row = connection.execute("SELECT current_setting('hba_file'), current_setting('ident_file')")
        files = [Path(one) for one in row.fetchone() or ()]
        before = [file.read_text() for file in files]
        for file, line, old in zip(files, (f"local all {ROLE} {rule}", ident), before, strict=True):
            file.write_text(f"{line}\n{old}")
        connection.execute(f"CREATE ROLE {ROLE} LOGIN SUPERUSER PASSWORD 'first'")
        before_it = _loaded(connection)
        connection.execute("SELECT pg_reload_conf()")
        _wait_until_read(connection, before_it)
        try:
            yield url
        finally:
            for file, old in zip(files, before, strict=True):
                file.write_text(old)
            connection.execute("SELECT pg_reload_conf()")
            connection.execute(f"DROP DATABASE {urlsplit(url).path[1:]} WITH (FORCE)")
            connection.execute(f"DROP ROLE {ROLE}")


def _loaded(connection: psycopg.Connection) -> datetime:
    row = connection.execute("SELECT pg_conf_load_time()").fetchone()
    assert row
    return row[0]  # type: ignore[no-any-return]


def _wait_until_read(connection: psycopg.Connection, before: datetime) -> None:
    """The server reads its rules a moment later: until then nobody is asked for anything."""
    for _ in range(100):
        if _loaded(connection) > before:
            return
        time.sleep(0.05)
    raise AssertionError("the server did not read its rules")


def _end_connections(connection: psycopg.Connection) -> None:
    connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s", (ROLE,))


def _exchange(server: str, file: Path, password: str) -> None:
    """A new password for the role and in the file; what was connected with the old one is cut off."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"ALTER ROLE {ROLE} PASSWORD '{password}'")
        file.write_text(f"{password}\n", "utf-8")
        _end_connections(connection)


@pytest.mark.postgres
async def test_a_password_that_changes_while_we_run_is_read_anew(postgres: str, tmp_path: Path) -> None:
    """
    By the directory, by demand, by the steps of the schema, and by the direct connections that hold the lock and the
    ledger: each new connection has the password of that moment, and nothing is started again.
    """
    file = tmp_path / "password"
    file.write_text("first\n", "utf-8")
    with _rule(postgres, "scram-sha-256") as address:
        url = f"{address}&password_file={file}"
        assert complaint_of(url, ()) is None
        read_at_each_connection([url])
        read_at_each_connection([url])  # again, it changes nothing
        await asyncio.to_thread(upgrade, url)
        sessions, demand = Sessions(connect(url)), connect_demand(url)
        leadership, shared = PostgresLeadership(url, "77", FREE), SharedStore(url, "77")
        for password in ("first", "second", "third"):
            _exchange(postgres, file, password)
            async with sessions.reading() as session:
                assert (await session.execute(text("SELECT number FROM version"))).scalar_one() == 0
            with demand.connect() as connection:
                assert connection.execute(text("SELECT current_user")).scalar_one() == ROLE
            store = await asyncio.wait_for(leadership.acquire(), 10)
            assert await store.write([(Work.BEGIN, 7)])
            await leadership.release()
            assert await shared.write([(Work.FINISH, 7)])
            await shared.close()
        file.write_text("wrong", "utf-8")
        with pytest.raises(OperationalError, match="password authentication failed"), demand.connect():
            pass
        demand.dispose()
        await sessions.close()


@pytest.mark.postgres
async def test_a_lock_is_taken_again_with_the_next_password(postgres: str, tmp_path: Path) -> None:
    """
    Who held it is cut off, notices, and leads again: the old password would be refused.
    """
    file = tmp_path / "password"
    file.write_text("first\n", "utf-8")
    with _rule(postgres, "scram-sha-256") as address:
        url = f"{address}&password_file={file}"
        leadership = PostgresLeadership(url, "78", FREE)
        await asyncio.wait_for(leadership.acquire(), 10)
        await asyncio.to_thread(_exchange, postgres, file, "second")
        await asyncio.wait_for(leadership.lost.wait(), 10)
        await leadership.release()
        await asyncio.wait_for(leadership.acquire(), 10)
        assert leadership.connection is not None
        await leadership.release()


@pytest.mark.postgres
def test_a_process_serves_with_a_password_out_of_a_file(postgres: str, tmp_path: Path) -> None:
    """
    Started as an operator starts it: its tables are made, the console is there, and it can answer.
    """
    file = tmp_path / "password"
    file.write_text("first\n", "utf-8")
    with _rule(postgres, "scram-sha-256") as address:
        url = f"{address}&password_file={file}"
        given = {f"ORIENTA_{name}": url for name in ("DATABASE_URL", "DEMAND_DATABASE_URL")} | {
            "ORIENTA_DATA_DIR": str(tmp_path)
        }
        with started(given) as process:
            assert [line.split()[0] for line in process.said] == ["chat", "console", "ready"]
            assert httpx.get(f"http://127.0.0.1:{process.port}/readyz").status_code == 200


@pytest.mark.postgres
async def test_the_user_of_the_process_signs_in_without_any_password(postgres: str) -> None:
    """
    By the socket: the system itself says who we are (`peer`). Another account is refused.
    """
    me = getpass.getuser()
    with _rule(postgres, "peer map=orienta", f"orienta {me} {ROLE}") as url:
        sessions = Sessions(connect(url))
        async with sessions.reading() as session:
            assert (await session.execute(text("SELECT current_user"))).scalar_one() == ROLE
        await sessions.close()
        assert not has_lasting_password(url)
    refused = pytest.raises(psycopg.OperationalError, match="Peer authentication failed")
    with _rule(postgres, "peer map=orienta", f"orienta somebody-else {ROLE}") as url, refused:
        psycopg.connect(**for_the_driver(url))


def test_a_file_that_cannot_be_used_is_told_and_never_repeated(tmp_path: Path) -> None:
    """
    Not there, empty, no text, or a password beside it: at the start by the address, later by the connection.
    """
    base = "postgresql+psycopg://orienta@localhost/directory?password_file="
    (tmp_path / "empty").write_text("\n")
    (tmp_path / "bytes").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "good").write_text("hunter2")
    for name, why in (("nowhere", "cannot be read"), ("empty", "is empty"), ("bytes", "no text")):
        assert why in str(complaint_of(f"{base}{tmp_path}/{name}", ()))
        with pytest.raises(SecretFileError, match=why):
            for_the_driver(f"{base}{tmp_path}/{name}")
    twice = f"{base}{tmp_path}/good".replace("orienta@", "orienta:other@")
    assert "keep one of them" in str(complaint_of(twice, ()))
    assert "keep one of them" in str(complaint_of(f"{base}{tmp_path}/good&password_file=b", ()))
    assert complaint_of(f"{base}{tmp_path}/good", ()) is None


@pytest.mark.parametrize(
    ("address", "lasting"),
    [
        ("sqlite+aiosqlite:////var/lib/orienta/directory.sqlite3", False),
        ("postgresql+psycopg://orienta@/directory", False),
        ("postgresql+psycopg://orienta@db/directory?sslcert=/c&sslkey=/k", False),
        ("postgresql+psycopg://orienta@db/directory?password_file=/run/token", False),
        ("postgresql+psycopg://orienta:hunter2@db/directory", True),
        ("postgresql+psycopg://orienta@db/directory?password=hunter2", True),
    ],
)
def test_a_lasting_password_is_known_by_its_address(address: str, lasting: bool) -> None:
    """
    Whatever way it stands there.
    """
    assert has_lasting_password(address) is lasting


def test_the_environment_counts_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    The driver reads PGPASSWORD by itself.
    """
    monkeypatch.setenv("PGPASSWORD", "hunter2")
    assert has_lasting_password("postgresql+psycopg://orienta@/directory")
    assert not has_lasting_password("sqlite+aiosqlite:///directory.sqlite3")
