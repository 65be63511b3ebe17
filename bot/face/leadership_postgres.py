"""One receiver among several hosts: an advisory lock on a direct connection, which also keeps the ledger.

Apart from `leadership`, so that the driver is loaded for those alone whose database is PostgreSQL.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from collections.abc import Sequence

import psycopg

from bot.database_password import for_the_driver
from bot.face import numbers_postgres as numbers
from bot.face.ledger import Note, NotLeading, Store
from bot.face.tempo import Tempo
from bot.logs import get_log

_log = get_log("bot.face.leadership")
_ALONE_AFTER = 5.0  # a database that nobody reaches must not silence the bot for longer
_STEP_BACK = 60.0


class PostgresLeadership:
    """Several hosts: an advisory lock of a direct connection, watched by a heartbeat."""

    def __init__(self, url: str, bot_id: str, tempo: Tempo) -> None:
        self._url = url
        digest = hashlib.sha256(f"orienta:telegram:{bot_id}".encode()).digest()
        self._key = int.from_bytes(digest[:8], "big", signed=True)
        self._tempo = tempo
        self._watch: asyncio.Task[None] | None = None
        self._not_alone_before = 0.0
        self.connection: psycopg.AsyncConnection | None = None
        self.lost = asyncio.Event()

    async def acquire(self) -> Store:
        """See Leadership. With a database that nobody reaches, lead without it."""
        self.lost.clear()
        down_since: float | None = None
        loop = asyncio.get_running_loop()
        while True:
            try:
                if await self._try_lock():
                    break
                down_since = None
            except (psycopg.Error, OSError, TimeoutError):
                down_since = down_since if down_since is not None else loop.time()
                if loop.time() - down_since > _ALONE_AFTER and loop.time() > self._not_alone_before:
                    _log.error("the database is not reachable; receiving without it")
                    break
            await asyncio.sleep(self._tempo.lead_retry)
        self._watch = asyncio.create_task(self._keep_watch())
        return PostgresStore(self)

    async def release(self) -> None:
        """See Leadership."""
        if self._watch:
            self._watch.cancel()
            await asyncio.gather(self._watch, return_exceptions=True)
            self._watch = None
        await self._close()

    def conflict(self) -> None:
        """Without the database Telegram's word decides: whoever came later leads."""
        if self.connection is None and self._watch:
            self._not_alone_before = asyncio.get_running_loop().time() + _STEP_BACK
            self.lost.set()

    def lose(self) -> None:
        """The connection broke: the lock is gone."""
        if not self.lost.is_set():
            _log.error("the connection that holds the lock broke; receiving stops")
        self.lost.set()

    async def _try_lock(self) -> bool:
        """Connect and ask for the lock; keep the connection if it was given."""
        arguments = for_the_driver(
            self._url, autocommit=True, connect_timeout=3, application_name="orienta telegram",
            keepalives_idle=5, keepalives_interval=2, keepalives_count=2, tcp_user_timeout=8000,
        )  # fmt: skip
        connection = await psycopg.AsyncConnection.connect(**arguments)
        try:
            async with asyncio.timeout(3):
                answer = await connection.execute("SELECT pg_try_advisory_lock(%s)", (self._key,))
                given = bool((await answer.fetchone() or (False,))[0])
                if given:
                    await numbers.upgrade(connection)
        except BaseException:
            await connection.close()
            raise
        if given:
            self.connection = connection
        else:
            await connection.close()
        return given

    async def _keep_watch(self) -> None:
        while not self.lost.is_set():
            await asyncio.sleep(self._tempo.heartbeat)
            if self.connection is None:
                await self._look_for_database()
            else:
                await self._beat(self.connection)

    async def _beat(self, connection: psycopg.AsyncConnection) -> None:
        try:
            async with asyncio.timeout(self._tempo.heartbeat + 1):
                await connection.execute("SELECT 1")
        except (psycopg.Error, OSError, TimeoutError):
            self.lose()

    async def _look_for_database(self) -> None:
        with contextlib.suppress(psycopg.Error, OSError, TimeoutError):
            if await self._try_lock():
                _log.info("the database is back; the lock is held")
            else:
                self.lost.set()

    async def _close(self) -> None:
        if self.connection is not None:
            with contextlib.suppress(psycopg.Error, OSError):
                await self.connection.close()
            self.connection = None


class PostgresStore:
    """The ledger on the connection that holds the lock."""

    def __init__(self, leadership: PostgresLeadership) -> None:
        self._leadership = leadership
        self._since_pruning = 0

    async def write(self, notes: Sequence[Note]) -> list[int]:
        """See Store."""
        if self._leadership.lost.is_set():
            raise NotLeading
        connection = self._leadership.connection
        if connection is None:
            raise ConnectionError("no database")
        try:
            async with asyncio.timeout(2), connection.transaction():
                answers = [await numbers.note(connection, *note) for note in notes]
                await self._prune(connection, len(notes))
        except (psycopg.Error, TimeoutError):
            if connection.closed or connection.broken:
                self._leadership.lose()
                raise NotLeading from None
            raise
        return answers

    async def close(self) -> None:
        """The connection belongs to the leadership."""

    async def _prune(self, connection: psycopg.AsyncConnection, notes: int) -> None:
        self._since_pruning += notes
        if self._since_pruning >= 512:
            self._since_pruning = 0
            await numbers.prune(connection)
