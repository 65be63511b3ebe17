"""Both engines for every test of the directory: SQLite files, and PostgreSQL from the wheel."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from referrals.database import Sessions, connect
from referrals.migrations import upgrade
from tests.postgres import url

__all__ = ["url"]


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
