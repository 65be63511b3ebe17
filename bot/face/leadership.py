"""Who of several processes receives: one at a time, the others ready to take over.

On SQLite a lock on a file of the data folder: the system opens it when its holder dies. On PostgreSQL a lock of a
session of its own: it ends with the connection, and the same connection keeps the ledger, so that who lost the lock
cannot begin an update. Telegram's 409 is the second fence.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
from pathlib import Path
from typing import Protocol

from bot.face.ledger import Store
from bot.face.numbers_sqlite import SqliteStore
from bot.face.tempo import Tempo
from bot.logs import get_log
from bot.safeguards import make_private

_log = get_log("bot.face.leadership")


class Leadership(Protocol):
    """The right to receive."""

    lost: asyncio.Event

    async def acquire(self) -> Store:
        """Wait until this process leads; where its ledger is kept."""

    async def release(self) -> None:
        """Lead no more."""

    def conflict(self) -> None:
        """Telegram says that another process receives."""


class FileLeadership:
    """One host: an exclusive lock on `telegram.lock` in the data folder."""

    def __init__(self, data_dir: Path, tempo: Tempo) -> None:
        self._data_dir = data_dir
        self._tempo = tempo
        self._file: int | None = None
        self.lost = asyncio.Event()

    async def acquire(self) -> Store:
        """See Leadership."""
        waited = False
        while not self._try_lock():
            if not waited:
                _log.info("another process receives; standing by")
            waited = True
            await asyncio.sleep(self._tempo.lead_retry)
        return SqliteStore(self._data_dir / "telegram.sqlite3")

    async def release(self) -> None:
        """See Leadership."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def conflict(self) -> None:
        """The file says who leads on this host; a receiver elsewhere is the operator's to end."""

    def _try_lock(self) -> bool:
        try:
            make_private(self._data_dir)
            file = os.open(self._data_dir / "telegram.lock", os.O_CREAT | os.O_RDWR, 0o600)
        except OSError as error:
            # A folder that cannot be written has no other process either that could hold its lock.
            _log.warning("no lock can be kept in the data folder", error=type(error).__name__)
            return True
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(file)
            return False
        self._file = file
        return True


def leadership_for(database_url: str, data_dir: Path, bot_id: str, tempo: Tempo) -> Leadership:
    """As the database allows: across hosts on PostgreSQL, on this host otherwise."""
    if database_url.startswith("postgresql"):
        from bot.face.leadership_postgres import PostgresLeadership  # its driver is slow to load

        return PostgresLeadership(database_url, bot_id, tempo)
    return FileLeadership(data_dir, tempo)
