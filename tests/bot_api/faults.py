"""What can go wrong on the way to Telegram, drawn from a seed so that a failure can be played again."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Literal

Fault = Literal["reset_before", "reset_after", "half_answer", "server_error", "not_json"]


@dataclass
class Faults:
    """Chances per call, a latency range, and faults to play next, whatever the chances say."""

    seed: int = 0
    reset_before: float = 0  # the connection breaks, the call was not read
    reset_after: float = 0  # the call was done, the answer is lost
    half_answer: float = 0  # the answer breaks off in the middle
    server_error: float = 0  # 502, the call was not done
    not_json: float = 0  # 200 with a page of some proxy, the call was done
    latency: tuple[float, float] = (0, 0)
    spare: frozenset[str] = frozenset()  # methods that always work
    next: list[Fault] = field(default_factory=list)
    played: int = 0
    down: bool = False  # every connection breaks

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)

    def delay(self) -> float:
        """How long the next call takes on the way."""
        return self._random.uniform(*self.latency) if self.latency[1] else 0

    def draw(self, method: str) -> Fault | None:
        """The fault of this call, most often none."""
        if self.down:
            return "reset_before"
        if method in self.spare:
            return None
        fault: Fault | None = self.next.pop(0) if self.next else self._by_chance()
        self.played += fault is not None
        return fault

    def _by_chance(self) -> Fault | None:
        kinds: tuple[Fault, ...] = ("reset_before", "reset_after", "half_answer", "server_error", "not_json")
        number = self._random.random()
        for kind in kinds:
            number -= getattr(self, kind)
            if number < 0:
                return kind
        return None
