"""The clock of the product. Read here alone; everything else is handed it, or the moment."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """This moment."""
    return datetime.now(UTC)
