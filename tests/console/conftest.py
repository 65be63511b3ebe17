"""A migrated database, the content, and a console on both."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from console.migrations import upgrade
from content.library import Library
from content.loading import load_library
from referrals.database import Sessions, connect
from referrals.migrations import upgrade as upgrade_directory
from tests.console.rig import Rig, built


@pytest.fixture(scope="session")
def library() -> Library:
    return load_library()


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path}/directory.sqlite3"


@pytest.fixture
async def sessions(url: str) -> AsyncIterator[Sessions]:
    await asyncio.to_thread(upgrade_directory, url)
    await asyncio.to_thread(upgrade, url)
    made = Sessions(connect(url))
    yield made
    await made.close()


@pytest.fixture
async def rig(sessions: Sessions, library: Library, url: str) -> Rig:
    made = await built(sessions, library)
    made.url = url
    return made
