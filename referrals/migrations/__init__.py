"""The directory's schema in steps, run by the program itself: `upgrade(url)` and `downgrade(url)`.

A step is never edited once released; the models and the last step say the same, and a test holds them to it.
"""

from __future__ import annotations

from pathlib import Path

from referrals.stepping import Steps

# Not alembic_version: demand may live in the same database with steps of its own.
VERSION_TABLE = "directory_revision"
STEPS = Steps(Path(__file__).parent)
upgrade, downgrade = STEPS.upgrade, STEPS.downgrade
