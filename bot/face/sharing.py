"""The ledger of several processes behind one webhook: no update is in the hands of two of them.

Who begins an update holds a lock of PostgreSQL for it, which ends with the connection: a process that dies lets go,
one that works keeps the others away though Telegram sends the update again to one of them. Writes integers alone.
While the database is away each process remembers for itself: people are answered first.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from collections.abc import Iterable, Sequence

import psycopg

from bot.database_password import for_the_driver
from bot.face import numbers_postgres as numbers
from bot.face.ledger import ELSEWHERE, Note, Work

_WRITE_SECONDS = 2.0
_AWAY_SECONDS = 5.0  # so long nobody waits again for a database that did not answer
_PRUNE_AFTER = 512


class SharedStore:
    """Notes of one bot in `face.updates`, on a connection of its own."""

    def __init__(self, url: str, bot_id: str) -> None:
        self._url = url
        # The upper half of a lock's number: locks of two bots in one database do not meet.
        self._bot = int.from_bytes(hashlib.sha256(f"orienta:updates:{bot_id}".encode()).digest()[:4], "big", signed=True)  # fmt: skip
        self._connection: psycopg.AsyncConnection | None = None
        self._away_until = 0.0
        self._since_pruning = 0

    async def write(self, notes: Sequence[Note]) -> list[int]:
        """See Store. ELSEWHERE for a BEGIN of an update that another process has in hand."""
        try:
            async with asyncio.timeout(_WRITE_SECONDS):
                return await self._write(await self._connected(), notes)
        except (psycopg.Error, TimeoutError):
            # The locks end with the connection; what they guarded is known in the memory of this process.
            self._away_until = asyncio.get_running_loop().time() + _AWAY_SECONDS
            await self.close()
            raise

    async def close(self) -> None:
        """See Store."""
        if self._connection is not None:
            connection, self._connection = self._connection, None
            with contextlib.suppress(psycopg.Error, OSError):
                await connection.close()

    async def _connected(self) -> psycopg.AsyncConnection:
        if self._connection is None:
            if asyncio.get_running_loop().time() < self._away_until:
                raise ConnectionError("no database")
            arguments = for_the_driver(
                self._url, autocommit=True, connect_timeout=2, application_name="orienta webhook",
                keepalives_idle=5, keepalives_interval=2, keepalives_count=2, tcp_user_timeout=8000,
            )  # fmt: skip
            made = await psycopg.AsyncConnection.connect(**arguments)
            self._connection = made
            await numbers.upgrade(made)
        return self._connection

    async def _write(self, connection: psycopg.AsyncConnection, notes: Sequence[Note]) -> list[int]:
        answers: list[int] = []
        async with connection.transaction():
            for work, update_id in notes:
                held = work is not Work.BEGIN or await self._lock(connection, update_id)
                answers.append(await numbers.note(connection, work, update_id) if held else ELSEWHERE)
            self._since_pruning += len(notes)
            if self._since_pruning >= _PRUNE_AFTER:
                self._since_pruning = 0
                await numbers.prune(connection)
        # Not before it is committed: whoever takes a lock must find what was done under it.
        await self._unlock(connection, _ended(notes, answers))
        return answers

    async def _lock(self, connection: psycopg.AsyncConnection, update_id: int) -> bool:
        cursor = await connection.execute("SELECT pg_try_advisory_lock(%s)", (self._key(update_id),))
        return bool((await cursor.fetchone() or (False,))[0])

    async def _unlock(self, connection: psycopg.AsyncConnection, ended: Iterable[int]) -> None:
        for update_id in ended:
            await connection.execute("SELECT pg_advisory_unlock(%s)", (self._key(update_id),))

    def _key(self, update_id: int) -> int:
        return (self._bot << 32) | (update_id & 0xFFFF_FFFF)


def _ended(notes: Sequence[Note], answers: Sequence[int]) -> list[int]:
    """The updates that are in nobody's hands any more: done, given back, or found to be done."""
    return [
        update_id
        for (work, update_id), answer in zip(notes, answers, strict=True)
        if work is not Work.BEGIN or answer == 0
    ]
