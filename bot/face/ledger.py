"""Remembers which updates were begun and done, so that a crash repeats nothing and a poisoned update ends.

Integers alone reach the disk: an update's number, how often it was begun, whether it is done. No time, no chat. Only
the last few thousand are kept. When the disk fails, memory goes on alone: people are answered first.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Protocol, TypeVar

from bot.logs import get_log

KEPT = 4096
_DISK_SECONDS = 1.0
_log = get_log("bot.face.ledger")
T = TypeVar("T")

SCHEMA = """
CREATE TABLE IF NOT EXISTS updates (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    update_id INTEGER NOT NULL UNIQUE,
    attempts INTEGER NOT NULL,
    done INTEGER NOT NULL
)"""
BEGIN = """
INSERT INTO updates (update_id, attempts, done) VALUES (?, 1, 0)
ON CONFLICT (update_id) DO UPDATE SET attempts = attempts + 1 WHERE done = 0
RETURNING attempts"""


class NotLeading(Exception):  # noqa: N818 (a fact about this process, not an error)
    """Another process may be answering now: begin nothing."""


class Store(Protocol):
    """Where the integers are kept. NotLeading when it was taken over by another process."""

    async def begin(self, update_id: int) -> int:
        """Count one more attempt; which one it is, 0 when the update is done."""

    async def finish(self, update_id: int) -> None:
        """The update is done."""

    async def give_back(self, update_id: int) -> None:
        """An attempt that was broken off on purpose does not count."""

    async def close(self) -> None:
        """Let go of the file or connection."""


class SqliteStore:
    """The integers in a small file of their own, for one process at a time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ledger")
        self._connection: sqlite3.Connection | None = None
        self._since_pruning = 0

    async def begin(self, update_id: int) -> int:
        """See Store."""
        return await self._run(lambda: self._begin(update_id))

    async def finish(self, update_id: int) -> None:
        """See Store."""
        statement = "UPDATE updates SET done = 1 WHERE update_id = ?"
        await self._run(lambda: self._open().execute(statement, (update_id,)))

    async def give_back(self, update_id: int) -> None:
        """See Store."""
        statement = "UPDATE updates SET attempts = max(0, attempts - 1) WHERE update_id = ? AND done = 0"
        await self._run(lambda: self._open().execute(statement, (update_id,)))

    async def close(self) -> None:
        """See Store."""
        if self._connection is not None:
            await self._run(self._connection.close)
        self._thread.shutdown(wait=False)

    async def _run(self, work: Callable[[], T]) -> T:
        # Shielded: a disk that hangs must hang the thread, not the people.
        done = asyncio.get_running_loop().run_in_executor(self._thread, work)
        return await asyncio.wait_for(done, _DISK_SECONDS)

    def _begin(self, update_id: int) -> int:
        row = self._open().execute(BEGIN, (update_id,)).fetchone()
        self._since_pruning += 1
        if self._since_pruning >= 256:
            self._since_pruning = 0
            self._open().execute(
                "DELETE FROM updates WHERE sequence <= (SELECT max(sequence) FROM updates) - ?", (KEPT,)
            )
        return int(row[0]) if row else 0

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
            # One statement is one transaction here (isolation_level None), so nothing can be lost between two.
            connection = sqlite3.connect(
                self._path, timeout=0.5, isolation_level=None, check_same_thread=False
            )
            # NORMAL survives a killed process; a power cut may repeat an answer, never lose a question.
            for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "secure_delete=ON"):
                connection.execute(f"PRAGMA {pragma}")
            connection.execute(SCHEMA)
            self._connection = connection
        return self._connection


class Ledger:
    """A store with memory in front of it; what the store cannot do, memory does until the process ends."""

    def __init__(self, store: Store | None) -> None:
        self._store = store
        self._done: OrderedDict[int, None] = OrderedDict()
        self._attempts: OrderedDict[int, int] = OrderedDict()
        self._told = False
        self.failures = 0

    async def begin(self, update_id: int) -> int:
        """Count one more attempt; which one it is, 0 when the update was done before."""
        if update_id in self._done:
            return 0
        here = self._attempts.get(update_id, 0) + 1
        kept = await self._try("begin", update_id)
        if kept == 0:
            self._note(self._done, update_id, None)
            return 0
        attempt = max(here, kept or 0)
        self._note(self._attempts, update_id, attempt)
        return attempt

    async def finish(self, update_id: int) -> None:
        """The update is done."""
        self._attempts.pop(update_id, None)
        self._note(self._done, update_id, None)
        await self._try("finish", update_id)

    async def give_back(self, update_id: int) -> None:
        """An attempt that was broken off on purpose does not count."""
        self._attempts.pop(update_id, None)
        await self._try("give_back", update_id)

    async def close(self) -> None:
        """Let go of the store."""
        if self._store is not None:
            try:
                await self._store.close()
            except Exception as error:
                self._failed(error)

    async def _try(self, work: str, update_id: int) -> int | None:
        if self._store is None:
            return None
        try:
            answer = await getattr(self._store, work)(update_id)
        except NotLeading:
            raise
        except Exception as error:
            self._failed(error)
            return None
        self._told = False
        return answer if isinstance(answer, int) else None

    def _failed(self, error: Exception) -> None:
        self.failures += 1
        if not self._told:
            self._told = True
            _log.warning("updates are remembered in memory only", error=type(error).__name__)

    @staticmethod
    def _note(where: OrderedDict[int, T], update_id: int, value: T) -> None:
        where[update_id] = value
        while len(where) > KEPT:
            where.popitem(last=False)
