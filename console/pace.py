"""How fast one session and one account may go: far beyond what a hurried person does, and less than a machine would.

Each has a store of requests that fills again as time passes. What is known stands in memory alone: after a restart
everybody begins with a full store. Nothing here knows what was asked for.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from math import ceil

# More than these at once are an attack: those that were quiet longest are forgotten.
_MOST = 20_000


@dataclass(frozen=True)
class Allowance:
    """How many requests at once, and how many more each second."""

    at_once: int
    per_second: float


PER_SESSION = Allowance(240, 2.0)
PER_ACCOUNT = Allowance(480, 4.0)


@dataclass
class _Store:
    left: float
    at: float


class Pace:
    """Counts requests by any key against one allowance."""

    def __init__(self, allowance: Allowance) -> None:
        self._allowance = allowance
        self._stores: OrderedDict[str, _Store] = OrderedDict()

    def wait(self, key: str, now: float) -> int:
        """Whole seconds until the next request is let in; 0 when it is now."""
        missing = 1 - self._left(key, now)
        return ceil(missing / self._allowance.per_second) if missing > 0 else 0

    def take(self, key: str, now: float, cost: int = 1) -> bool:
        """Take a request out of the store; False when there is none left."""
        if self.wait(key, now):
            return False
        self._stores[key] = _Store(self._left(key, now) - cost, now)
        self._stores.move_to_end(key)
        while len(self._stores) > _MOST:
            self._stores.popitem(last=False)
        return True

    def _left(self, key: str, now: float) -> float:
        store = self._stores.get(key)
        if store is None:
            return self._allowance.at_once
        grown = store.left + max(0.0, now - store.at) * self._allowance.per_second
        return min(float(self._allowance.at_once), grown)
