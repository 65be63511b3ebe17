"""The time of the stand-in: runs like the real one, and can be put forward to see what a day does."""

from __future__ import annotations

import time


class Clock:
    """Monotonic seconds and the date that Telegram writes into messages."""

    def __init__(self) -> None:
        self._ahead = 0.0

    def now(self) -> float:
        """Seconds that only grow."""
        return time.monotonic() + self._ahead

    def date(self) -> int:
        """Unix time, whole seconds."""
        return int(time.time() + self._ahead)

    def advance(self, seconds: float) -> None:
        """Let time pass at once."""
        self._ahead += seconds
