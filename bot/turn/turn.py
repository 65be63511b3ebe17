"""The turn that every face runs: event in, replies out, one outcome counted.

It never raises for a failing part: a person in danger gets the safety text though everything else is down.
"""

from __future__ import annotations

from bot.conversation.events import Event
from bot.replies import Reply


class Turn:
    """Takes events, one after the other for each person, and answers them."""

    async def take(self, event: Event, person: bytes) -> list[Reply]:
        """Answer one event. `person` is the face's opaque key of who asks; it stays in memory only."""
        raise NotImplementedError
