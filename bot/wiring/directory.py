"""Opens the service directory: its database, its seeds, its first state. Waits for nobody who holds the database."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from bot.logs import get_log
from bot.safeguards import make_private
from bot.settings import Settings
from bot.standing_in import SourceWithSeeds, goes_on
from bot.wiring import clock
from bot.wiring.seeds import load_new_seeds, seeds_of
from content.library import Library

if TYPE_CHECKING:
    from referrals.database import Sessions as DirectorySessions
    from referrals.directory import Directory

_log = get_log("wiring")


async def open_directory(settings: Settings, library: Library, stack: AsyncExitStack) -> Directory:
    """The service directory: its schema brought up to date, its seeds loaded, its first state read."""
    return await read_directory(settings, library, await open_directory_sessions(settings, stack))


async def read_directory(
    settings: Settings, library: Library, sessions: DirectorySessions, *, held: bool = False
) -> Directory:
    """The service directory of a database: its seeds loaded, its first state read. Not of one that is `held`."""
    from referrals.directory import DatabaseSource, Directory

    source = SourceWithSeeds(DatabaseSource(sessions), lambda: seeds_of(settings, library)()[0], held=held)
    directory = Directory(source, library.places, clock.now)
    await directory.refresh()

    async def load() -> None:
        if await load_new_seeds(settings, library, sessions, known=bool(directory.snapshot.by_id)):
            await directory.refresh()

    if source.was_read:
        await goes_on("seeds", load)
    return directory


async def open_directory_sessions(
    settings: Settings, stack: AsyncExitStack, *, needed: bool = True, held: bool = False
) -> DirectorySessions:
    """The directory's database with its schema brought up to date; not `needed`: opened as it is, if it must."""
    from bot.schema import bring_up_to_date
    from referrals import migrations
    from referrals.database import Sessions as DirectorySessions
    from referrals.database import connect

    async def bring() -> None:
        make_private(settings.data_dir)
        await asyncio.to_thread(bring_up_to_date, migrations, settings.directory_database)

    if not held:
        await (bring() if needed else goes_on("directory", bring))
    sessions = DirectorySessions(connect(settings.directory_database))
    stack.push_async_callback(sessions.close)
    return sessions


async def catch_up(
    settings: Settings,
    library: Library,
    sessions: DirectorySessions,
    directory: Directory,
    stop: asyncio.Event,
) -> None:
    """What a start leaves undone while somebody holds the database."""
    from bot.schema import bring_up_to_date
    from console import migrations as of_console
    from referrals import migrations

    _log.error("the directory's database is held by another program; the seeds of this version answer")
    for room in (migrations, of_console):
        await asyncio.to_thread(bring_up_to_date, room, settings.directory_database)
    if await directory.refresh():
        await load_new_seeds(settings, library, sessions, known=bool(directory.snapshot.by_id))
    await stop.wait()
