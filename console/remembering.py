"""What was worked out of one state of the directory, remembered until the directory changes.

The number that the directory raises with every change says whether it still holds. Whatever else an answer rests on
(whose places, which day) stands in its key.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from referrals.tables import Version

_KEPT = 64
Value = TypeVar("Value")


class Remembered:
    """Answers by their key, the latest asked for; one for the whole console."""

    def __init__(self) -> None:
        self._known: OrderedDict[Hashable, tuple[int, Any]] = OrderedDict()
        self._one_at_a_time = asyncio.Lock()

    async def get(
        self, session: AsyncSession, key: Hashable, work_out: Callable[[], Awaitable[Value]]
    ) -> Value:
        """The answer that stands under the key, worked out anew if the directory has changed since."""
        # Two who ask at once would work it out twice.
        async with self._one_at_a_time:
            version = (await session.execute(select(Version.number))).scalar_one()
            known = self._known.pop(key, None)
            if known is None or known[0] != version:
                known = version, await work_out()
            self._known[key] = known
            if len(self._known) > _KEPT:
                self._known.popitem(last=False)
        value: Value = known[1]
        return value
