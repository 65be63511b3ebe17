"""Asks one engine first and another in the same turn when the first cannot be reached.

A person never waits for, or hears of, a server that is down.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from nlu.reading import Context, Interpreter, Reading, Unreachable


def _say_nothing(reason: str) -> None:
    return None


@dataclass(frozen=True)
class FallbackInterpreter:
    """`first`, or `second` when the first is unreachable. `told` hears the reason, which holds no text."""

    first: Interpreter
    second: Interpreter
    told: Callable[[str], None] = _say_nothing

    async def read(self, text: str, context: Context) -> Reading:
        """The reading of whichever engine answered."""
        reading = await self.first.read(text, context)
        if not isinstance(reading, Unreachable):
            return reading
        self.told(reading.reason)
        return await self.second.read(text, context)
