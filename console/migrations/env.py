"""How Alembic reaches the console: the URL is handed in by the program, no ini file is read."""

from __future__ import annotations

from console.migrations import VERSION_TABLE
from console.tables import metadata
from referrals.stepping import run_steps


def _ours(name: str | None, kind: str, _parents: object) -> bool:
    """Other rooms' tables in the same database are none of ours."""
    return kind != "table" or (name or "").startswith("console_")


run_steps(metadata, VERSION_TABLE, _ours)
