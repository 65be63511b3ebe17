"""What stands in when a start finds something broken: people are answered first, the operator reads why.

A directory whose database cannot be read at all answers from the seeds of this version until the database is back;
once it was read, its last good state answers instead. Nothing here writes.
"""

from __future__ import annotations

import asyncio
import secrets
import sqlite3
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import closing
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from bot.logs import describe, get_log
from bot.secret_keys import SecretKeys, secret_keys
from bot.settings import Settings
from referrals.directory import Source
from referrals.records import ServiceRecord

_log = get_log("standing in")
_SEEDS_VERSION = 1 << 40  # no database counts so far: the first state that is read replaces the seeds
_RETRY_SECONDS = 60.0
_LOOK_SECONDS = 0.3


class SourceWithSeeds:
    """Records of the database; of the seeds until the database was read for the first time.

    Of a database that is `held` when the house is opened the first state is that of the seeds, without waiting for it.
    """

    def __init__(
        self, database: Source, seeds: Callable[[], tuple[ServiceRecord, ...]], *, held: bool = False
    ) -> None:
        self._database = database
        self._seeds = seeds
        self._held = held
        self.was_read = False

    async def version(self) -> int:
        """The database's number; that of the seeds while it has never been read."""
        if self._held:
            self._held = False
            return _SEEDS_VERSION
        try:
            number = await self._database.version()
        except (SQLAlchemyError, OSError):
            if self.was_read:
                raise
            return _SEEDS_VERSION
        self.was_read = True
        return number

    async def records(self) -> tuple[ServiceRecord, ...]:
        """Every record of the present state."""
        if self.was_read:
            return await self._database.records()
        _log.error("the directory cannot be read; the seeds of this version answer", part="directory")
        return await asyncio.to_thread(self._seeds)


def is_held(url: str) -> bool:
    """Whether somebody keeps a database file from being read at this moment. Waits a third of a second at most."""
    made = make_url(url)
    if made.get_backend_name() != "sqlite" or not Path(made.database or "").is_file():
        return False
    try:
        with closing(sqlite3.connect(str(made.database), timeout=_LOOK_SECONDS)) as connection:
            connection.execute("SELECT 1 FROM sqlite_master LIMIT 1")
    except sqlite3.Error as error:
        return error.sqlite_errorcode == sqlite3.SQLITE_BUSY
    return False


def keys_of(settings: Settings) -> SecretKeys:
    """The key that signs and those before it; one for this process alone when the disk gives and takes none."""
    try:
        return secret_keys(settings)
    except OSError as error:
        _log.error("no key can be kept; buttons end with this process", error=type(error).__name__)
        return SecretKeys(secrets.token_bytes(32))


async def goes_on(name: str, work: Callable[[], Awaitable[None]]) -> None:
    """Do something whose failure must not keep anybody from being answered."""
    try:
        await work()
    except Exception as error:
        _log.error("a part failed; going on without it", part=name, error=describe(error))


def kept_alive(
    name: str, part: Callable[[asyncio.Event], Awaitable[None]]
) -> Callable[[asyncio.Event], Coroutine[None, None, None]]:
    """A part that is begun again a minute after it failed, so that it never ends the others."""

    async def run(stop: asyncio.Event) -> None:
        while not stop.is_set():
            await goes_on(name, lambda: part(stop))
            if not stop.is_set():
                try:
                    await asyncio.wait_for(stop.wait(), _RETRY_SECONDS)
                except TimeoutError:
                    continue

    return run
