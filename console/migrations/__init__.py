"""The schema of the console's own tables in steps, run by the program itself: `upgrade(url)`, `downgrade(url)`.

A step is never edited once released. The directory's tables, which may live in the same database, are not touched.
"""

from __future__ import annotations

from pathlib import Path

from referrals.stepping import Steps

VERSION_TABLE = "console_revision_of_schema"
STEPS = Steps(Path(__file__).parent)
upgrade, downgrade = STEPS.upgrade, STEPS.downgrade
