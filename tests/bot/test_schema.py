"""A start asks for one row and takes no step that was taken before."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

import console.migrations
import demand.migrations
import referrals.migrations
from bot.schema import bring_up_to_date, head_of, revision_of

START = """
import asyncio, pathlib, sys
from bot import running, wiring
from bot.settings import Settings

async def go():
    async with wiring.open_house(Settings(data_dir=pathlib.Path(sys.argv[1]))):
        pass

asyncio.run(go())
slow = {"alembic", "scipy.optimize", "sklearn", "telegram", "psycopg", "openpyxl", "pandas"}
print(sorted(slow & set(sys.modules)))
"""
ROOMS = [referrals.migrations, demand.migrations, console.migrations]


@pytest.mark.parametrize("room", ROOMS)
def test_the_last_step(room, tmp_path: Path) -> None:
    """The last file is Alembic's head, and a database brought up to date stands there."""
    url = f"sqlite+aiosqlite:///{tmp_path}/some.sqlite3"
    assert revision_of(room, url) is None
    bring_up_to_date(room, url)
    assert revision_of(room, url) == head_of(room)
    assert ScriptDirectory(str(Path(room.__file__).parent)).get_heads() == [head_of(room)]


def test_a_start_loads_no_more_than_it_needs() -> None:
    """Nothing slow that a second start has no use for is loaded before the assistant can answer."""
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(2):
            run = [sys.executable, "-c", START, folder]
            said = subprocess.run(
                run, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2]
            )
    assert said.stdout.strip() == "[]", said.stdout
