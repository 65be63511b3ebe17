"""The directory as other rooms ask it: doors for a request, one service, services by name.

It answers from one snapshot in memory. A number in the database says when to read again; while the database
cannot be read, the last good state keeps answering. Nothing of a request is kept.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from rapidfuzz import fuzz, process
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from content.folding import folded
from content.places import Places
from referrals import showing
from referrals.database import Sessions
from referrals.doors import Door, Doors, Reason, Request
from referrals.entries import Entry, Snapshot, snapshot_of
from referrals.neighbourhoods import Neighbourhood, neighbourhood
from referrals.records import ServiceRecord
from referrals.routing import AT_MOST, busy_on, route
from referrals.storage import assemble, fetch_rows
from referrals.tables import Version

_log = logging.getLogger(__name__)
# A change of a caseworker reaches people after at most this many seconds.
_LOOK_AGAIN_AFTER = 2.0
# A person does not wait longer than this for a newer state than the one in memory.
_PATIENCE = 1.0
_ALIKE = 82.0
_FOUND_AT_MOST = 10


class Source(Protocol):
    """Where records come from, with a number that changes when they do."""

    async def version(self) -> int:
        """The number of the present state."""
        ...

    async def records(self) -> tuple[ServiceRecord, ...]:
        """Every record of the present state."""
        ...


class DatabaseSource:
    """Records of a database."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    async def version(self) -> int:
        """The version row of the database."""
        async with self._sessions.reading() as session:
            return (await session.execute(select(Version.number))).scalar_one()

    async def records(self) -> tuple[ServiceRecord, ...]:
        """All rows, put together outside the event loop."""
        async with self._sessions.reading() as session:
            rows = await fetch_rows(session)
        return await asyncio.to_thread(assemble, rows)


class ListedSource:
    """Records of a list: for trying things out, and for tests of what stands above."""

    def __init__(self, records: Sequence[ServiceRecord], version: int = 0) -> None:
        self._records = tuple(records)
        self._version = version

    async def version(self) -> int:
        """The number it was given."""
        return self._version

    async def records(self) -> tuple[ServiceRecord, ...]:
        """The list."""
        return self._records


class Directory:
    """The doors of all places."""

    def __init__(
        self,
        source: Source,
        places: Places,
        now: Callable[[], datetime],
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._source = source
        self._now = now
        self._seconds = seconds
        self._around = {place.code: neighbourhood(place, places) for place in places.all}
        self._snapshot = Snapshot()
        self._looked_at: float | None = None
        self._reading: asyncio.Task[None] | None = None
        self.healthy = False

    @property
    def snapshot(self) -> Snapshot:
        """The state that is answering now."""
        return self._snapshot

    async def doors(self, request: Request, limit: int = AT_MOST) -> Doors:
        """At most three doors for a request; KeyError for a place we do not have."""
        await self.stay_fresh()
        return route(request, self._snapshot, self._around[request.place], limit)

    async def service(
        self, service_id: str, language: str = "es", place: str | None = None, moment: datetime | None = None
    ) -> Door | None:
        """One service as a door, or None when it is not listed."""
        await self.stay_fresh()
        entry = self._snapshot.by_id.get(service_id)
        return None if entry is None else self._door(entry, language, place, moment or self._now())

    async def away(
        self, service_ids: Sequence[str], place: str, moment: datetime
    ) -> tuple[tuple[str, Reason], ...]:
        """Of these services those that attend nobody today, by name, each with why. Unknown ones are passed over."""
        await self.stay_fresh()
        found = []
        for service_id in service_ids:
            entry = self._snapshot.by_id.get(service_id)
            if entry is not None:
                reason = busy_on(entry, showing.local_day(moment, self._around_of(entry, place)))
                found.append((entry.record.name, reason))
            elif service_id in self._snapshot.off:
                found.append((self._snapshot.off[service_id], Reason("not_listed")))
        return tuple((name, reason) for name, reason in found if reason is not None)

    async def search(self, words: str, place: str, language: str) -> list[Door]:
        """Services seen from a place whose name or organization is like the words; typing errors are forgiven."""
        await self.stay_fresh()
        seen = {code for code, _ in self._around[place].circles}
        entries = [entry for entry in self._snapshot.by_id.values() if entry.record.place in seen]
        names = [folded(f"{entry.record.name} {entry.record.organization.name}") for entry in entries]
        wanted = folded(words).strip()
        if not wanted:
            return []
        found = process.extract(wanted, names, scorer=_likeness, limit=_FOUND_AT_MOST, score_cutoff=_ALIKE)
        return [self._door(entries[at], language, place, self._now()) for _, _, at in found]

    async def refresh(self) -> bool:
        """Read the database again if it changed; False when it cannot be read and the last state stays."""
        try:
            version = await self._source.version()
            if version != self._snapshot.version:
                records = await self._source.records()
                self._snapshot = await asyncio.to_thread(snapshot_of, version, records)
            self.healthy = True
        except (SQLAlchemyError, OSError) as error:
            # The name of the error is enough: its text can hold a connection string.
            _log.warning("directory not readable, the last good state answers: %s", type(error).__name__)
            self.healthy = False
        return self.healthy

    async def stay_fresh(self) -> None:
        """Look for a newer state now and then; one reader at a time, and nobody waits long for it."""
        if self._reading is None:
            if self._looked_at is not None and self._seconds() - self._looked_at < _LOOK_AGAIN_AFTER:
                return
            self._looked_at = self._seconds()
            self._reading = asyncio.create_task(self._read())
        patience = _PATIENCE if self._snapshot.version >= 0 else None
        await asyncio.wait({self._reading}, timeout=patience)

    async def _read(self) -> None:
        try:
            await self.refresh()
        finally:
            self._reading = None

    def _door(self, entry: Entry, language: str, place: str | None, moment: datetime) -> Door:
        around = self._around_of(entry, place)
        return showing.door(entry, language, around, showing.opening_of(entry, moment, around))

    def _around_of(self, entry: Entry, place: str | None) -> Neighbourhood:
        """The clock to read hours by: the asked place's, the service's own, or one of its country."""
        for code in (place, entry.record.place):
            if code in self._around:
                return self._around[code]
        of_country = (a for a in self._around.values() if entry.record.place in dict(a.circles))
        return next(of_country)


def _likeness(wanted: str, name: str, *, score_cutoff: float | None = None, **_options: object) -> float:
    """Words in any order, or a part of the name with a typing error in it."""
    return max(fuzz.token_set_ratio(wanted, name), fuzz.partial_ratio(wanted, name))
