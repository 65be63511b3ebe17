"""Wrong guesses grow slow, by network, in memory alone: nothing of who guessed is written anywhere.

Three wrong ones are free, then the wait doubles from a second to an hour. In a day one network gets 38 guesses in at
most, 24 on each day after it; while it waits, right codes wait too, so that waiting tells nothing.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

FREE = 3
LONGEST = 3600.0
_FORGET = 2 * 86_400.0
# More networks than this at once are an attack: those that were quiet longest are forgotten.
_MOST = 50_000


@dataclass
class _Guesses:
    failures: int
    last: float


class Slowing:
    """How long a network has to wait before its next guess is looked at."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._known: OrderedDict[str, _Guesses] = OrderedDict()

    def wait(self, network: str) -> int:
        """Whole seconds to wait; 0 when the next guess is looked at now."""
        known = self._known.get(network)
        if known is None:
            return 0
        left = known.last + delay(known.failures) - self._now()
        return max(0, int(left) + (left > int(left)))

    def failed(self, network: str) -> None:
        """A wrong guess."""
        known = self._known.pop(network, None)
        now = self._now()
        failures = known.failures if known and now - known.last < _FORGET else 0
        self._known[network] = _Guesses(failures + 1, now)
        while len(self._known) > _MOST:
            self._known.popitem(last=False)

    def _now(self) -> float:
        return self._clock().timestamp()


def delay(failures: int) -> float:
    """Seconds after a number of wrong guesses."""
    return 0.0 if failures < FREE else min(LONGEST, 2.0 ** min(failures - FREE, 20))
