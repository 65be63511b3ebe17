"""What the directory of each place holds, counted by the database: a page over all places reads no service whole.

Active services alone are counted, each once. Which places may be seen is decided by whoever asks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from console import finding
from console.offers import offers
from content.library import Library
from referrals.comparison import Coverage, PlaceRow
from referrals.entries import REVIEW_AFTER
from referrals.neighbourhoods import Neighbourhood, neighbourhood
from referrals.showing import local_day
from referrals.tables import Assurance, Language, Phone, Schedule, Service, ServiceNeed

_ACTIVE = Service.status == "active"
_Counts = dict[tuple[str, str], tuple[int, int]]  # by place and sector or language: services, those checked


@dataclass(frozen=True)
class Held:
    """The services of a place, how many were checked in time, have hours, have a telephone."""

    services: int = 0
    fresh: int = 0
    hours: int = 0
    phones: int = 0


async def held(session: AsyncSession, today: finding.Todays) -> dict[str, Held]:
    """What each place holds, in their order; each is asked on its own day."""
    due = finding.counted(finding.is_due(today))
    with_hours = finding.counted(Schedule.opening_hours.is_not(None))
    with_phone = finding.counted(Service.id.in_(select(Phone.service_id)))
    query = (
        select(Service.place, func.count(), func.count() - due, with_hours, with_phone)
        .outerjoin(Assurance, Assurance.service_id == Service.id)
        .outerjoin(Schedule, Schedule.service_id == Service.id)
        .where(_ACTIVE, Service.place.in_(sorted(today)))
        .group_by(Service.place)
    )
    found = {row[0]: Held(*map(int, row[1:])) for row in await session.execute(query)}
    return {place: found.get(place, Held()) for place in today}


async def attended(session: AsyncSession, places: Collection[str]) -> dict[tuple[str, str], int]:
    """By place and need: services."""
    query = (
        select(Service.place, ServiceNeed.need, func.count())
        .join(ServiceNeed, ServiceNeed.service_id == Service.id)
        .where(_ACTIVE, Service.place.in_(sorted(places)))
        .group_by(Service.place, ServiceNeed.need)
    )
    return {(row[0], row[1]): int(row[2]) for row in await session.execute(query)}


@dataclass(frozen=True)
class Counted:
    """What people in each open place are shown: the services of the place, of its province and of its country."""

    offers: tuple[PlaceRow, ...]
    coverage: Mapping[str, tuple[Coverage, ...]]
    services: Mapping[str, tuple[int, int]]
    spoken: Mapping[tuple[str, str], int]


async def counted(session: AsyncSession, library: Library, moment: datetime) -> Counted:
    """The open places, each on its own day."""
    around = {one.code: neighbourhood(one, library.places) for one in library.places.open}
    sectors = {
        code: [need.code for need in library.taxonomy.needs_of(code)] for code in library.taxonomy.sectors
    }
    rows = await offers(session, list(around.items()), tuple(library.taxonomy.needs), moment)
    days = {code: local_day(moment, one) for code, one in around.items()}
    by_day = {
        day: (await _in_all(session, day), await _by_sector(session, day, sectors))
        for day in set(days.values())
    }
    spoken = await _spoken(session)
    return Counted(
        rows,
        {row.place: _coverage(row, around[row.place], sectors, by_day[days[row.place]][1]) for row in rows},
        {code: _together(by_day[days[code]][0], one, "") for code, one in around.items()},
        {
            (code, language.code): _together(spoken, one, language.code)[0]
            for code, one in around.items()
            for language in library.languages
        },
    )


def _coverage(
    row: PlaceRow, around: Neighbourhood, sectors: Mapping[str, Sequence[str]], counts: _Counts
) -> tuple[Coverage, ...]:
    without = {need for need, gap in row.gaps if gap == "none"}
    return tuple(
        Coverage(sector, *_together(counts, around, sector), tuple(need for need in needs if need in without))
        for sector, needs in sectors.items()
    )


def _together(counts: _Counts, around: Neighbourhood, of: str) -> tuple[int, int]:
    """The place and those around it, added: a service stands in one place alone."""
    found = [counts.get((place, of), (0, 0)) for place in dict(around.circles)]
    return sum(one[0] for one in found), sum(one[1] for one in found)


async def _in_all(session: AsyncSession, day: date) -> _Counts:
    query = (
        select(Service.place, func.count(), _checked_by(day))
        .outerjoin(Assurance, Assurance.service_id == Service.id)
        .where(_ACTIVE)
        .group_by(Service.place)
    )
    return {(row[0], ""): (int(row[1]), int(row[2])) for row in await session.execute(query)}


async def _by_sector(session: AsyncSession, day: date, sectors: Mapping[str, Iterable[str]]) -> _Counts:
    """A service that attends to several needs of a sector counts once."""
    names = {need: sector for sector, needs in sectors.items() for need in needs}
    sector: ColumnElement[Any] = case(names, value=ServiceNeed.need)
    each = (
        select(Service.place, Service.id, sector.label("sector"))
        .join(ServiceNeed, ServiceNeed.service_id == Service.id)
        .where(_ACTIVE, ServiceNeed.need.in_(names))
        .distinct()
        .subquery()
    )
    query = (
        select(each.c.place, each.c.sector, func.count(), _checked_by(day))
        .outerjoin(Assurance, Assurance.service_id == each.c.id)
        .group_by(each.c.place, each.c.sector)
    )
    return {(row[0], row[1]): (int(row[2]), int(row[3])) for row in await session.execute(query)}


async def _spoken(session: AsyncSession) -> _Counts:
    query = (
        select(Service.place, Language.code, func.count())
        .join(Language, Language.service_id == Service.id)
        .where(_ACTIVE)
        .group_by(Service.place, Language.code)
    )
    return {(row[0], row[1]): (int(row[2]), 0) for row in await session.execute(query)}


def _checked_by(day: date) -> ColumnElement[int]:
    """How many were looked at within a year."""
    return finding.counted(Assurance.checked > day - REVIEW_AFTER)
