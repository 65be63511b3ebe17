"""What each place has for each need, counted by the database: the rows of `referrals.comparison` without a service read.

Services around a place (of its province, of its country) count as people are shown them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select, union
from sqlalchemy.ext.asyncio import AsyncSession

from console.finding import closed_on, counted, full_on
from referrals.comparison import Offer, PlaceRow
from referrals.entries import REVIEW_AFTER
from referrals.neighbourhoods import Neighbourhood
from referrals.showing import local_day
from referrals.tables import Assurance, Service, ServiceNeed

Counts = Mapping[tuple[str, str], Any]


async def offers(
    session: AsyncSession, places: Sequence[tuple[str, Neighbourhood]], needs: Sequence[str], moment: datetime
) -> tuple[PlaceRow, ...]:
    """A row for each place, the same needs in the same order in each."""
    days = {code: local_day(moment, around) for code, around in places}
    counts = {day: await _counts(session, day) for day in set(days.values())}
    return tuple(
        PlaceRow(code, tuple(_offer(counts[days[code]], around, need) for need in needs))
        for code, around in places
    )


async def _counts(session: AsyncSession, day: date) -> Counts:
    """By place and need: services, those checked within a year, those full or closed, the newest check."""
    busy = union(closed_on(day), full_on(day)).subquery()
    checked = counted(Assurance.checked > day - REVIEW_AFTER)
    columns = func.count(), checked, func.count(busy.c.service_id), func.max(Assurance.checked)
    query = (
        select(Service.place, ServiceNeed.need, *columns)
        .join(ServiceNeed, ServiceNeed.service_id == Service.id)
        .outerjoin(Assurance, Assurance.service_id == Service.id)
        .outerjoin(busy, busy.c.service_id == Service.id)
        .where(Service.status == "active")
        .group_by(Service.place, ServiceNeed.need)
    )
    return {(row[0], row[1]): row[2:] for row in await session.execute(query)}


def _offer(counts: Counts, around: Neighbourhood, need: str) -> Offer:
    nothing = (0, 0, 0, None)
    own, *others = (counts.get((place, need), nothing) for place, _ in around.circles)
    every = (own, *others)
    return Offer(
        need=need,
        services=int(own[0]),
        around=sum(int(one[0]) for one in others),
        checked=sum(int(one[1]) for one in every),
        waiting=sum(int(one[2]) for one in every),
        newest=max((one[3] for one in every if one[3]), default=None),
    )
