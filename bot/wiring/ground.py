"""Opens what everything else stands on: the content, the service directory and the key that signs."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from bot.database_password import read_at_each_connection
from bot.secret_keys import SecretKeys
from bot.settings import Settings
from bot.standing_in import is_held, keys_of
from bot.wiring.directory import catch_up, open_directory_sessions, read_directory
from bot.wiring.understanding import open_interpreter
from bot.wiring.wired import Part
from content.library import Library
from content.loading import Shelf, load_library
from nlu.entities import InstalledEntities
from nlu.reading import Interpreter

if TYPE_CHECKING:
    from referrals.database import Sessions as DirectorySessions
    from referrals.directory import Directory


@dataclass(frozen=True)
class Ground:
    """What stands for as long as the house does. Of a directory that is `held` some work waits until it is free."""

    settings: Settings
    keys: SecretKeys
    shelf: Shelf
    interpreter: Interpreter
    entities: InstalledEntities
    sessions: DirectorySessions
    directory: Directory
    held: bool

    def library(self) -> Library:
        """The content in use: another one after a reload."""
        return self.shelf.library

    def catching_up(self) -> Part:
        """Does what waits until the directory is free."""
        return partial(catch_up, self.settings, self.library(), self.sessions, self.directory)


async def open_ground(settings: Settings, stack: AsyncExitStack) -> Ground:
    """All of it, closed again with the stack."""
    read_at_each_connection((settings.directory_database, settings.demand_database))
    keys, entities = keys_of(settings), InstalledEntities()
    library, interpreter = await asyncio.gather(
        asyncio.to_thread(_load, settings, entities), open_interpreter(settings, stack, entities)
    )
    held = await asyncio.to_thread(is_held, settings.directory_database)
    sessions = await open_directory_sessions(settings, stack, needed=False, held=held)
    directory = await read_directory(settings, library, sessions, held=held)
    return Ground(settings, keys, Shelf(library), interpreter, entities, sessions, directory, held)


def _load(settings: Settings, entities: InstalledEntities) -> Library:
    """The content, and its places told to what looks for them in messages."""
    library = load_library(settings.content_root)
    entities.use(library.places, library.collection.place_words)
    return library
