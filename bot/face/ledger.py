"""Remembers which updates were begun and done, so that a crash repeats nothing and a poisoned update ends.

Integers alone reach the disk: an update's number, how often it was begun, whether it is done. No time, no chat. Only
the last few thousand are kept. When the disk fails, memory goes on alone: people are answered first.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from enum import Enum
from typing import Protocol, TypeVar

from bot.logs import get_log

KEPT = 4096
_log = get_log("bot.face.ledger")
T = TypeVar("T")


class NotLeading(Exception):  # noqa: N818 (a fact about this process, not an error)
    """Another process may be answering now: begin nothing."""


class Elsewhere(Exception):  # noqa: N818 (as above)
    """Another process has this update in hand: leave it."""


class Work(Enum):
    """What is noted of an update."""

    BEGIN = "begin"  # count one more attempt; which one it is, 0 when the update is done
    FINISH = "finish"  # the update is done
    GIVE_BACK = "give back"  # an attempt that was broken off on purpose does not count


Note = tuple[Work, int]
ELSEWHERE = -1  # the answer to a BEGIN of what another process has in hand


class Store(Protocol):
    """Where the integers are kept."""

    async def write(self, notes: Sequence[Note]) -> list[int]:
        """Write notes in their order, all or none, and give an answer for each (of a BEGIN it is the attempt).

        NotLeading when it was taken over by another process.
        """

    async def close(self) -> None:
        """Let go of the file or connection."""


class Ledger:
    """A store with memory in front of it; what the store cannot do, memory does until the process ends.

    What is noted while the store writes is written together afterwards, in its order: under load one transaction
    holds dozens of notes. So who waits for a BEGIN knows that every FINISH before it is kept, and needs not wait for that.
    """

    def __init__(self, store: Store | None) -> None:
        self._store = store
        self._done: OrderedDict[int, None] = OrderedDict()
        self._attempts: OrderedDict[int, int] = OrderedDict()
        self._waiting: list[tuple[Note, asyncio.Future[int | None]]] = []
        self._writing: asyncio.Task[None] | None = None
        self._told = False
        self.failures = 0

    async def begin(self, update_id: int) -> int:
        """Count one more attempt; which one it is, 0 when the update was done before.

        NotLeading: begin nothing. Elsewhere: leave this one.
        """
        if update_id in self._done:
            return 0
        here = self._attempts.get(update_id, 0) + 1
        kept = await self._note_down(Work.BEGIN, update_id)
        if kept == ELSEWHERE:
            raise Elsewhere
        if kept == 0:
            self._remember(self._done, update_id, None)
            return 0
        attempt = max(here, kept or 0)
        self._remember(self._attempts, update_id, attempt)
        return attempt

    def finish(self, update_id: int) -> None:
        """The update is done: known at once, on the disk before the next update begins."""
        self._attempts.pop(update_id, None)
        self._remember(self._done, update_id, None)
        self._note_down(Work.FINISH, update_id)

    def give_back(self, update_id: int) -> None:
        """An attempt that was broken off on purpose does not count."""
        self._attempts.pop(update_id, None)
        self._note_down(Work.GIVE_BACK, update_id)

    async def close(self) -> None:
        """Write what waits, then let go of the store."""
        if self._writing is not None:
            await self._writing
        if self._store is not None:
            try:
                await self._store.close()
            except Exception as error:
                self._failed(error)

    def _note_down(self, work: Work, update_id: int) -> asyncio.Future[int | None]:
        answer: asyncio.Future[int | None] = asyncio.get_running_loop().create_future()
        if self._store is None:
            answer.set_result(None)
            return answer
        self._waiting.append(((work, update_id), answer))
        if self._writing is None:
            self._writing = asyncio.create_task(self._write(self._store))
        return answer

    async def _write(self, store: Store) -> None:
        while self._waiting:
            # Who does not wait any more for a BEGIN begins nothing.
            batch = [one for one in self._waiting if not one[1].done()]
            self._waiting = []
            answers: Sequence[int | None] = [None] * len(batch)
            try:
                answers = await store.write([note for note, _ in batch])
                self._told = False
            except NotLeading as error:
                self._refuse(batch, error)
            except Exception as error:
                self._failed(error)
            for (_, waiting), answer in zip(batch, answers, strict=True):
                if not waiting.done():
                    waiting.set_result(answer)
        self._writing = None

    @staticmethod
    def _refuse(batch: Sequence[tuple[Note, asyncio.Future[int | None]]], error: NotLeading) -> None:
        for (work, _), waiting in batch:
            if work is Work.BEGIN and not waiting.done():
                waiting.set_exception(error)

    def _failed(self, error: Exception) -> None:
        self.failures += 1
        if not self._told:
            self._told = True
            _log.warning("updates are remembered in memory only", error=type(error).__name__)

    @staticmethod
    def _remember(where: OrderedDict[int, T], update_id: int, value: T) -> None:
        where[update_id] = value
        while len(where) > KEPT:
            where.popitem(last=False)
