"""Which services to check first, worked out by the database: demand × age × trouble, as `demand.upkeep` says it.

Released demand is handed in as numbers; nothing of a person is in it. Only what is shown is read whole.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    String,
    Subquery,
    case,
    cast,
    column,
    func,
    literal,
    select,
    values,
)  # fmt: skip
from sqlalchemy.ext.asyncio import AsyncSession

from console import finding, records
from console.dialects import by_letter, days_from
from demand.released import Release
from demand.upkeep import NEVER_CHECKED_DAYS, Task, demand_by_need
from referrals.outcomes import TROUBLE
from referrals.records import ServiceRecord
from referrals.tables import Assurance, Report, Service, ServiceNeed

# Reports that nobody has looked at.
_OPEN = func.sum(Report.count - Report.reviewed)


@dataclass(frozen=True)
class Asked:
    """Whose queue: of these places, of one of them, of a need; ordered by harm or by the age of the check alone."""

    places: Collection[str]
    place: str = ""
    need: str = ""
    by_age: bool = False


async def services_first(
    session: AsyncSession, asked: Asked, releases: Sequence[Release], today: date, since: date, limit: int
) -> tuple[list[Task[ServiceRecord]], int]:
    """The listed services that matter most, and how many there are; trouble is what was told since a day."""
    conditions = finding.of_place_and_need(asked.places, asked.place, asked.need)
    demand = {place: demand_by_need(releases, place) for place in asked.places}
    askers, told = _askers(demand), _told(since)
    weighed = _weighed(askers, told, today).where(Service.status == "active", *conditions).subquery()
    one = weighed.c
    weight = (1 + one.askers) * (1 + one.days) * (1 + one.trouble)
    order = [*([one.days.desc()] if asked.by_age else []), weight.desc(), by_letter(one.id)]
    query = select(one.id, one.askers, one.days, one.trouble, func.count().over())
    rows = (await session.execute(query.order_by(*order).limit(limit))).all()
    read = {one.id: one for one in await records.some(session, [row[0] for row in rows], asked.places)}
    tasks = [Task(read[row[0]], int(row[1]), int(row[2]), int(row[3])) for row in rows if row[0] in read]
    return tasks, int(rows[0][4]) if rows else 0


def _weighed(askers: Subquery | None, told: Subquery, today: date) -> Any:
    none: ColumnElement[int] = literal(0)
    asked = func.coalesce(askers.c.askers, 0) if askers is not None else none
    # Without a check an entry is as old as the rule says; one dated in the future is of today.
    age = days_from(Assurance.checked, literal(today))
    days = case((Assurance.checked.is_(None), NEVER_CHECKED_DAYS), (age < 0, 0), else_=age)
    query = (
        select(
            Service.id,
            cast(asked, BigInteger).label("askers"),
            cast(days, BigInteger).label("days"),
            cast(func.coalesce(told.c.trouble, 0), BigInteger).label("trouble"),
        )
        .select_from(Service)
        .outerjoin(Assurance, Assurance.service_id == Service.id)
        .outerjoin(told, told.c.service_id == Service.id)
    )
    return query if askers is None else query.outerjoin(askers, askers.c.service_id == Service.id)


def _askers(demand: Mapping[str, Mapping[str, int]]) -> Subquery | None:
    """How many asked for what each service does; None when nobody asked for anything."""
    rows = [(place, need, count) for place, some in demand.items() for need, count in some.items()]
    if not rows:
        return None
    columns = column("place", String), column("need", String), column("askers", Integer)
    asked = values(*columns, name="asked", literal_binds=True).data(rows).cte("asked")
    summed = func.sum(asked.c.askers).label("askers")
    return (
        select(ServiceNeed.service_id, summed)
        .join(Service, Service.id == ServiceNeed.service_id)
        .join(asked, (asked.c.place == Service.place) & (asked.c.need == ServiceNeed.need))
        .group_by(ServiceNeed.service_id)
        .subquery()
    )


def _told(since: date) -> Subquery:
    return (
        select(Report.service_id, _OPEN.label("trouble"))
        .where(Report.day >= since, Report.kind.in_(TROUBLE))
        .group_by(Report.service_id)
        .subquery()
    )


async def told_of(
    session: AsyncSession, services: Collection[str], since: date
) -> dict[str, list[tuple[str, int]]]:
    """What people said of these services since a day and nobody has looked at: what, and how often."""
    query = (
        select(Report.service_id, Report.kind, _OPEN)
        .where(Report.day >= since, Report.service_id.in_(services))
        .group_by(Report.service_id, Report.kind)
        .having(_OPEN > 0)
        .order_by(Report.service_id, Report.kind)
    )
    told: dict[str, list[tuple[str, int]]] = {}
    for code, kind, count in await session.execute(query):
        told.setdefault(code, []).append((kind, int(count)))
    return told
