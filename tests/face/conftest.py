"""What several tests of this face need."""

from __future__ import annotations

import pytest

from tests.postgres import new_database


@pytest.fixture
def database(postgres: str) -> str:
    """The URL of an empty database of PostgreSQL."""
    return new_database(postgres)
