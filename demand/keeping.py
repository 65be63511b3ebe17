"""Once a day from memory to disk, and at the week's end the release: one transaction for all of it.

The hour is fixed and is that of the place whose day begins last, so that one commit a day serves every
place. A stop writes only when enough happened to hide in, else the day's counts are let go.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Protocol

from sqlalchemy import Connection, Engine

from content.places import Places
from content.taxonomy import Taxonomy
from demand.codes import Codes
from demand.counts import Counts, added, no_counts
from demand.database import reading, writing
from demand.ledger import Ledger
from demand.open_data import Noise
from demand.release import close_weeks
from demand.sentences import delete_old, holds_old
from demand.store import counted_weeks, read_week, rewrite_week
from demand.weeks import write_day

EVENTS_TO_HIDE_IN = 20
_LOOK_EVERY_SECONDS = 60
_log = logging.getLogger("orienta.demand")


class Beside(Protocol):
    """What is written in the same commit as the counts."""

    def write(self, connection: Connection, moment: datetime) -> None:
        """Add to the day's write."""
        ...

    def kept(self) -> None:
        """The commit stands."""
        ...


class Keeper:
    """Writes a ledger to its database once a day; blocks, so call it outside the event loop.

    `beside` is written in the same commit. With `noise` each week that closes leaves figures for open data.
    """

    def __init__(
        self,
        ledger: Ledger,
        engine: Engine,
        places: Places,
        taxonomy: Taxonomy,
        started: datetime,
        beside: Sequence[Beside] = (),
        noise: Noise | None = None,
    ) -> None:
        self._ledger = ledger
        self._engine = engine
        self._places = places
        self._taxonomy = taxonomy
        self._written = write_day(started, places.all)
        self._events = 0
        self._beside = tuple(beside)
        self._noise = noise
        # What an earlier process counted in weeks still open; its marks died with it.
        self._before = self._read_before()

    def _read_before(self) -> dict[date, Counts]:
        with reading(self._engine) as connection:
            return {week: read_week(connection, week) for week in counted_weeks(connection)}

    def clean(self, moment: datetime) -> None:
        """At a start: delete sentences whose seven days ended while nothing ran."""
        today = write_day(moment, self._places.all)
        with reading(self._engine) as connection:
            old = holds_old(connection, today)
        if old:
            with writing(self._engine) as connection:
                delete_old(connection, today)

    def tick(self, moment: datetime) -> bool:
        """Write when the hour has come and today's write is not done; says whether it wrote."""
        day = write_day(moment, self._places.all)
        if day <= self._written:
            return False
        self.write(moment)
        self._written = day
        return True

    def write(self, moment: datetime) -> None:
        """Rewrite every open week and release those that are over, in one commit."""
        weeks = self._ledger.counts(moment)
        nobody = Codes(self._taxonomy).asked_by_nobody(self._places.open)
        with writing(self._engine) as connection:
            for week, counts in weeks.items():
                over = self._ledger.is_over(week, moment)
                whole = added(nobody, added(self._before.get(week, no_counts()), counts))
                rewrite_week(connection, week, whole, over=over)
            close_weeks(connection, moment, self._places, self._taxonomy, self._noise)
            for one in self._beside:
                one.write(connection, moment)
        for one in self._beside:
            one.kept()
        for week in weeks:
            if self._ledger.is_over(week, moment):
                self._ledger.forget(week)
                self._before.pop(week, None)
        self._events = self._ledger.events

    def stop(self, moment: datetime) -> bool:
        """Before the process ends: write if at least twenty events came since the last write; says whether it did."""
        if self._ledger.events - self._events < EVENTS_TO_HIDE_IN:
            return False
        self.write(moment)
        return True

    async def run(self, stop: asyncio.Event, clock: Callable[[], datetime]) -> None:
        """Look at the clock every minute until told to stop."""
        while not stop.is_set():
            await asyncio.to_thread(self._try, self.tick, clock())
            try:
                await asyncio.wait_for(stop.wait(), _LOOK_EVERY_SECONDS)
            except TimeoutError:
                continue
        await asyncio.to_thread(self._try, self.stop, clock())

    def _try(self, step: Callable[[datetime], bool], moment: datetime) -> None:
        """A database that is away costs counts and never an answer: it is tried again in a minute."""
        try:
            step(moment)
        except Exception as error:
            # The message of an error may quote values; its kind is enough to act on.
            _log.error("demand was not written: %s", type(error).__name__)
