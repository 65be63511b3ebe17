"""A circuit breaker: after some failures in a row a server is left alone, then tried by one request.

Pure but for the clock it is given, so that its states can be tested without waiting.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Circuit:
    """Closed (asks), open (does not ask), half-open (one asks, the others do not)."""

    clock: Callable[[], float]
    failures_allowed: int = 3
    rest_seconds: float = 15.0
    _failures: int = field(default=0, init=False)
    _opened: float | None = field(default=None, init=False)
    _probing: bool = field(default=False, init=False)

    def may_ask(self) -> bool:
        """Whether a request may go out now; of many after the rest only one gets True, the probe."""
        if self._opened is None:
            return True
        if self._probing or self.clock() - self._opened < self.rest_seconds:
            return False
        self._probing = True
        return True

    def succeeded(self) -> None:
        """An answer came: closed again."""
        self._failures, self._opened, self._probing = 0, None, False

    def failed(self) -> None:
        """No usable answer came: open after enough failures, and at once after a failed probe."""
        self._failures += 1
        if self._probing or self._failures >= self.failures_allowed:
            self._opened = self.clock()
        self._probing = False
