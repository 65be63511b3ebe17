"""How Alembic reaches the directory: the URL is handed in by the program, no ini file is read."""

from __future__ import annotations

from referrals.migrations import VERSION_TABLE
from referrals.stepping import run_steps
from referrals.tables import Base

run_steps(Base.metadata, VERSION_TABLE)
