"""Two installations, one to keep and one to restore into, on either engine."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.settings import Settings
from tests.postgres import new_database

Machine = Callable[[str], Settings]


@pytest.fixture
def machine(request: pytest.FixtureRequest, tmp_path: Path) -> Machine:
    """Settings of an empty machine whose databases are of the engine."""

    def make(engine: str) -> Settings:
        folder = tmp_path / uuid.uuid4().hex
        if engine == "sqlite":
            return Settings(data_dir=folder)
        server = request.getfixturevalue("postgres")
        directory, demand = new_database(server), new_database(server)
        return Settings(data_dir=folder, database_url=directory, demand_database_url=demand)

    return make
