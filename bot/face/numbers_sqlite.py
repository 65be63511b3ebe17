"""The numbers of updates in a small file of their own. Integers alone: no time, no chat, the last few thousand.

A disk that hangs must hang a thread, not the people: nobody waits for it longer than a second.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from bot.face.ledger import KEPT, Note, Work
from bot.safeguards import make_private

_DISK_SECONDS = 1.0
_PRUNE_AFTER = 512  # notes
T = TypeVar("T")

_SCHEMA = """
CREATE TABLE IF NOT EXISTS updates (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    update_id INTEGER NOT NULL UNIQUE,
    attempts INTEGER NOT NULL,
    done INTEGER NOT NULL
)"""
_STATEMENTS = {
    Work.BEGIN: """
        INSERT INTO updates (update_id, attempts, done) VALUES (?, 1, 0)
        ON CONFLICT (update_id) DO UPDATE SET attempts = attempts + 1 WHERE done = 0
        RETURNING attempts""",
    Work.FINISH: """
        INSERT INTO updates (update_id, attempts, done) VALUES (?, 1, 1)
        ON CONFLICT (update_id) DO UPDATE SET done = 1""",
    Work.GIVE_BACK: "UPDATE updates SET attempts = max(0, attempts - 1) WHERE update_id = ? AND done = 0",
}
_PRUNE = f"DELETE FROM updates WHERE sequence <= (SELECT max(sequence) FROM updates) - {KEPT}"  # noqa: S608


class SqliteStore:
    """The integers in a small file of their own, for one process at a time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ledger")
        self._connection: sqlite3.Connection | None = None
        self._since_pruning = 0

    async def write(self, notes: Sequence[Note]) -> list[int]:
        """See Store."""
        return await self._run(lambda: self._write(notes))

    async def close(self) -> None:
        """See Store."""
        if self._connection is not None:
            await self._run(self._connection.close)
        self._thread.shutdown(wait=False)

    async def _run(self, work: Callable[[], T]) -> T:
        # Shielded: a disk that hangs must hang the thread, not the people.
        done = asyncio.get_running_loop().run_in_executor(self._thread, work)
        return await asyncio.wait_for(done, _DISK_SECONDS)

    def _write(self, notes: Sequence[Note]) -> list[int]:
        connection = self._open()
        connection.execute("BEGIN IMMEDIATE")
        try:
            answers = [self._one(connection, *note) for note in notes]
            self._prune(connection, len(notes))
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        return answers

    def _one(self, connection: sqlite3.Connection, work: Work, update_id: int) -> int:
        row = connection.execute(_STATEMENTS[work], (update_id,)).fetchone()
        return int(row[0]) if row else 0

    def _prune(self, connection: sqlite3.Connection, notes: int) -> None:
        self._since_pruning += notes
        if self._since_pruning >= _PRUNE_AFTER:
            self._since_pruning = 0
            connection.execute(_PRUNE)

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            make_private(self._path.parent)
            os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
            # isolation_level None: transactions begin and end where it is written, nowhere else.
            connection = sqlite3.connect(
                self._path, timeout=0.5, isolation_level=None, check_same_thread=False
            )
            # NORMAL survives a killed process; a power cut may repeat an answer, never lose a question.
            for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "secure_delete=ON"):
                connection.execute(f"PRAGMA {pragma}")
            connection.execute(_SCHEMA)
            self._connection = connection
        return self._connection
