"""Opens the counting of demand. Nothing is written before the day is over, and nothing at all at a terminal."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from bot.safeguards import make_private
from bot.settings import Settings
from bot.standing_in import kept_alive
from bot.turn.house import Unread
from bot.wiring import clock
from bot.wiring.wired import Part
from content.library import Library
from demand.outcomes import Counter, Happening

if TYPE_CHECKING:
    from demand.keeping import Keeper


class NothingCounted:
    """Counts nothing: for the terminal, where the one who writes tries the assistant out."""

    def count(self, happening: Happening, asker: bytes, moment: datetime) -> None:
        """Let it go."""


@dataclass(frozen=True)
class Demand:
    """Who counts, where what was not understood may go, and the part that keeps what was counted."""

    counter: Counter
    unread: Unread
    part: Part


async def open_demand(settings: Settings, library: Library, stack: AsyncExitStack) -> Demand:
    """The open week in memory, and the part that keeps it once a day and releases it when it is over."""
    from bot.schema import bring_up_to_date
    from demand import migrations
    from demand.database import connect
    from demand.keeping import Keeper
    from demand.ledger import Ledger
    from demand.open_data import noise_if_installed
    from demand.sentences import Sentences
    from demand.wordings import Wordings

    ledger = Ledger(library.places, library.taxonomy, clock.now())
    known = words_of_our_texts(library)
    wordings, sentences = Wordings(known, library.places), Sentences(library.places.all)
    engine = connect(settings.demand_database)
    stack.callback(engine.dispose)

    def make() -> Keeper:
        make_private(settings.data_dir)
        bring_up_to_date(migrations, settings.demand_database)
        beside, noise = (wordings, sentences), noise_if_installed()
        keeper = Keeper(ledger, engine, library.places, library.taxonomy, clock.now(), beside, noise)
        keeper.clean(clock.now())
        return keeper

    return Demand(ledger, Unread(wordings, sentences, known), kept_alive("demand", _kept(make)))


def _kept(make: Callable[[], Keeper]) -> Part:
    """Keeps with one keeper: a second would take this process's own counts for those of an earlier one."""
    keepers: list[Keeper] = []

    async def keep(stop: asyncio.Event) -> None:
        if not keepers:
            keepers.append(await asyncio.to_thread(make))
        await keepers[0].run(stop, clock.now)

    return keep


def words_of_our_texts(library: Library) -> Mapping[str, str]:
    """The words of the answers in every language: what may be kept of a message that was not understood."""
    from demand.wordings import vocabulary

    parts = (part for answer in library.collection.answers.values() for part in answer.parts)
    return vocabulary(text for part in parts for text in part.texts.values())
