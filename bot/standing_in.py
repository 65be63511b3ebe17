"""What stands in when a start finds something broken: people are answered first, the operator reads why.

A directory whose database cannot be read at all answers from the seeds of this version until the database is back;
once it was read, its last good state answers instead. Nothing here writes.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Coroutine

from sqlalchemy.exc import SQLAlchemyError

from bot.logs import describe, get_log
from bot.settings import Settings, secret_key
from referrals.directory import Source
from referrals.records import ServiceRecord

_log = get_log("standing in")
_SEEDS_VERSION = 1 << 40  # no database counts so far: the first state that is read replaces the seeds
_RETRY_SECONDS = 60.0


class SourceWithSeeds:
    """Records of the database; of the seeds until the database was read for the first time."""

    def __init__(self, database: Source, seeds: Callable[[], tuple[ServiceRecord, ...]]) -> None:
        self._database = database
        self._seeds = seeds
        self.was_read = False

    async def version(self) -> int:
        """The database's number; that of the seeds while it has never been read."""
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


def key_of(settings: Settings) -> bytes:
    """The key that signs; one for this process alone when the disk gives and takes none."""
    try:
        return secret_key(settings)
    except OSError as error:
        _log.error("no key can be kept; buttons end with this process", error=type(error).__name__)
        return secrets.token_bytes(32)


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
