"""Both engines for the demand database, and small worlds to count in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from content.library import Library
from content.loading import load_library
from demand.database import connect
from demand.migrations import upgrade
from tests.postgres import url

__all__ = ["url"]


@pytest.fixture(scope="session")
def library() -> Library:
    return load_library()


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
