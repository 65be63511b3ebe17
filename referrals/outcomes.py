"""What came of it: counted against the service by day, never against the person who says so.

Two equal reports of trouble within a month flag the service for review; that somebody asked for money or refused
people is listed for coordinators. Nothing here changes what people are shown: a person decides that.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Table, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from content.places import Places
from referrals.clocks import day_in
from referrals.counting import count_one
from referrals.database import Sessions
from referrals.tables import REPORT_KINDS, Base, Service

TROUBLE = tuple(kind for kind in REPORT_KINDS if kind != "helped")
FOR_COORDINATORS = ("asked_for_money", "refused")
FLAGGED_AT = 2
MONTH = timedelta(days=30)
# Older figures teach nobody where to send people; they are taken away.
KEPT = timedelta(days=365)
_report: Table = Base.metadata.tables["report"]


@dataclass(frozen=True)
class Trouble:
    """Equal reports about one service within a month that nobody has looked at yet."""

    service_id: str
    name: str
    place: str
    kind: str
    count: int
    last: date


class Outcomes:
    """Records what came of a door, and says which services somebody should look at."""

    def __init__(self, sessions: Sessions, places: Places) -> None:
        self._sessions = sessions
        self._places = places

    async def record(self, service_id: str, outcome: str, moment: datetime) -> None:
        """One more report of this kind on this day; ValueError for another kind. A service that is gone is let go."""
        if outcome not in REPORT_KINDS:
            raise ValueError(f"{outcome!r} is not an outcome; there are {', '.join(REPORT_KINDS)}")
        async with self._sessions.writing() as session:
            place = await place_of(session, service_id)
            if place is None:
                return
            day = day_in(place, self._places, moment)
            key = {"service_id": service_id, "day": day, "kind": outcome}
            await count_one(session, _report, key, reviewed=0)
            await session.execute(delete(_report).where(_report.c.day < day - KEPT))

    async def flagged(self, moment: datetime, places: Collection[str] | None = None) -> tuple[Trouble, ...]:
        """Services with two equal reports of trouble within the last month, most reports first."""
        return await self._troubles(moment, TROUBLE, FLAGGED_AT, places)

    async def for_coordinators(
        self, moment: datetime, places: Collection[str] | None = None
    ) -> tuple[Trouble, ...]:
        """Every report of the last month that somebody asked for money or refused people: one is enough."""
        return await self._troubles(moment, FOR_COORDINATORS, 1, places)

    async def told_between(self, after: date, until: date, places: Collection[str]) -> tuple[Trouble, ...]:
        """The same of the days after one day until another, for who was told of the days before."""
        return await self._open_reports(after, until, FOR_COORDINATORS, 1, places)

    async def reviewed(self, service_id: str) -> None:
        """Somebody looked at a service: what was reported until now flags it no more, and stays counted."""
        async with self._sessions.writing() as session:
            seen = update(_report).where(_report.c.service_id == service_id)
            await session.execute(seen.values(reviewed=_report.c.count))

    async def counts(self, service_id: str, since: date) -> dict[str, int]:
        """How often each thing was said of a service since a day."""
        query = (
            select(_report.c.kind, func.sum(_report.c.count))
            .where(_report.c.service_id == service_id, _report.c.day >= since)
            .group_by(_report.c.kind)
        )
        async with self._sessions.reading() as session:
            return {kind: int(count) for kind, count in (await session.execute(query))}

    async def _troubles(
        self, moment: datetime, kinds: Sequence[str], at_least: int, places: Collection[str] | None
    ) -> tuple[Trouble, ...]:
        return await self._open_reports(moment.date() - MONTH, date.max, kinds, at_least, places)

    async def _open_reports(
        self, after: date, until: date, kinds: Sequence[str], at_least: int, places: Collection[str] | None
    ) -> tuple[Trouble, ...]:
        open_ones = func.sum(_report.c.count - _report.c.reviewed)
        columns = (_report.c.service_id, Service.name, Service.place, _report.c.kind)
        query = (
            select(*columns, open_ones, func.max(_report.c.day))
            .join(Service, Service.id == _report.c.service_id)
            .where(_report.c.kind.in_(kinds), _report.c.day > after, _report.c.day <= until)
            .group_by(*columns)
            .having(open_ones >= at_least)
        )
        if places is not None:
            query = query.where(Service.place.in_(places))
        async with self._sessions.reading() as session:
            rows = (await session.execute(query)).all()
        found = [Trouble(row[0], row[1], row[2], row[3], int(row[4]), row[5]) for row in rows]
        return tuple(sorted(found, key=lambda one: (-one.count, one.service_id, one.kind)))


async def told_in(session: AsyncSession, first: date, last: date) -> dict[str, tuple[int, int]]:
    """By place: how many reports of these days there are, and how many of them say that somebody was helped."""
    query = (
        select(Service.place, _report.c.kind, func.sum(_report.c.count))
        .join(Service, Service.id == _report.c.service_id)
        .where(_report.c.day >= first, _report.c.day <= last)
        .group_by(Service.place, _report.c.kind)
    )
    told: dict[str, tuple[int, int]] = {}
    for place, kind, count in (await session.execute(query)).all():
        reports, helped = told.get(place, (0, 0))
        told[place] = reports + int(count), helped + (int(count) if kind == "helped" else 0)
    return told


async def place_of(session: AsyncSession, service_id: str) -> str | None:
    """The place of a service that is there."""
    return (await session.execute(select(Service.place).where(Service.id == service_id))).scalar()
