"""Which services a list shows: chosen, sorted, counted and cut by the database, of the reader's places alone.

Only what is shown is read whole, so that a page costs the same in a large directory as in a small one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from console import records
from console.dialects import by_letter
from content.folding import folded
from referrals.entries import REVIEW_AFTER
from referrals.records import ServiceRecord
from referrals.tables import (
    Assurance,
    Capacity,
    Closure,
    Location,
    Organization,
    Phone,
    Schedule,
    Service,
    ServiceAtLocation,
    ServiceNeed,
)  # fmt: skip

# The places that may be read, each with the day on its own clock.
Todays = Mapping[str, date]


@dataclass(frozen=True)
class Wanted:
    """What a list is asked for, in the words of its address; empty: everything."""

    words: str = ""
    place: str = ""
    state: str = ""
    need: str = ""
    sort: str = ""


@dataclass(frozen=True)
class Tally:
    """How many services the places have, how many of them are listed, and how many of those are to be checked."""

    every: int
    active: int
    due: int


async def page(
    session: AsyncSession, wanted: Wanted, today: Todays, limit: int, start: int
) -> tuple[tuple[ServiceRecord, ...], int]:
    """One page of a list, and how many services the whole list has."""
    query = _checked(Service.id, func.count().over()).where(*chosen(wanted, today))
    cut = query.order_by(*_order(wanted.sort)).limit(limit).offset(start)
    rows = (await session.execute(cut)).all()
    # Beyond the last page there is no row to say how many there are.
    if not rows and start:
        rows = (await session.execute(query.limit(1))).all()
        return (), int(rows[0][1]) if rows else 0
    read = {one.id: one for one in await records.some(session, [row[0] for row in rows], today)}
    return tuple(read[row[0]] for row in rows if row[0] in read), int(rows[0][1]) if rows else 0


async def tally(session: AsyncSession, today: Todays) -> Tally:
    """The numbers of the first page."""
    active = Service.status == "active"
    query = _checked(
        func.count(), counted(active), counted(and_(active, is_due(today)))
    ).where(_of_places(today))  # fmt: skip
    return Tally(*map(int, (await session.execute(query)).one()))


async def needs(session: AsyncSession, places: Collection[str]) -> tuple[str, ...]:
    """The needs that a service of the places attends to."""
    query = select(ServiceNeed.need).join(Service, Service.id == ServiceNeed.service_id)
    found = await session.execute(query.where(_of_places(places)).distinct())
    return tuple(sorted(found.scalars()))


async def names(session: AsyncSession, ids: Collection[str], places: Collection[str]) -> dict[str, str]:
    """The names of services of the places."""
    query = select(Service.id, Service.name).where(Service.id.in_(ids), _of_places(places))
    return {row.id: row.name for row in await session.execute(query)}


def chosen(wanted: Wanted, today: Todays) -> list[ColumnElement[bool]]:
    """The conditions that a service of the list meets."""
    made = [_of_places(today), *_of(wanted.place, wanted.need), *_in_state(wanted.state, today)]
    return made + [_says(word) for word in folded(wanted.words).split()]


def of_place_and_need(places: Collection[str], place: str, need: str) -> list[ColumnElement[bool]]:
    """The conditions of a list that asks for a place or a need alone."""
    return [_of_places(places), *_of(place, need)]


def _checked(*columns: Any) -> Select[Any]:
    return select(*columns).select_from(Service).outerjoin(Assurance, Assurance.service_id == Service.id)


def counted(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """Of how many rows a condition holds."""
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _of_places(places: Collection[str]) -> ColumnElement[bool]:
    return Service.place.in_(sorted(places))


def _of(place: str, need: str) -> list[ColumnElement[bool]]:
    made: list[ColumnElement[bool]] = [Service.place == place] if place else []
    if need:
        attended = select(ServiceNeed.service_id).where(ServiceNeed.need == need)
        made.append(Service.id.in_(attended))
    return made


def _says(word: str) -> ColumnElement[bool]:
    """Whether the word stands in the name, in who runs it, in where it is, in its code or in a telephone."""

    def stands_in(column: Any) -> ColumnElement[bool]:
        found: ColumnElement[bool] = column.contains(word, autoescape=True)
        return found

    # Each table is gone through once: asked for every service, they would be looked up thousands of times.
    by = select(Organization.id).where(stands_in(Organization.folded_name))
    at = select(ServiceAtLocation.service_id).join(Location).where(stands_in(Location.folded_address))
    called = select(Phone.service_id).where(stands_in(func.lower(Phone.number)))
    itself = or_(stands_in(Service.folded_name), stands_in(Service.id))
    return or_(itself, Service.organization_id.in_(by), Service.id.in_(at), Service.id.in_(called))


def _in_state(state: str, today: Todays) -> list[ColumnElement[bool]]:
    if state == "inactive":
        return [Service.status == "inactive"]
    known = {"due": is_due, "closed": is_shut, "full": is_full, "hours": _without_hours}
    return [Service.status == "active", *([known[state](today)] if state in known else [])]


def is_due(today: Todays) -> ColumnElement[bool]:
    """Whether somebody should look again."""
    return or_(
        Assurance.checked.is_(None), _on_its_day(today, lambda day: Assurance.checked <= day - REVIEW_AFTER)
    )


def is_shut(today: Todays) -> ColumnElement[bool]:
    """Whether a temporary closure holds today."""
    return _on_its_day(today, lambda day: Service.id.in_(closed_on(day)))


def is_full(today: Todays) -> ColumnElement[bool]:
    """Whether it is full today."""
    return _on_its_day(today, lambda day: Service.id.in_(full_on(day)))


def closed_on(day: date) -> Select[str]:
    """The codes of the services that are closed on a day."""
    without_end = or_(Closure.ends.is_(None), Closure.ends >= day)
    return select(Closure.service_id).where(Closure.starts <= day, without_end)


def full_on(day: date) -> Select[str]:
    """The codes of the services that are full on a day."""
    return select(Capacity.service_id).where(Capacity.full_until >= day)


def _without_hours(_today: Todays) -> ColumnElement[bool]:
    return ~exists().where(Schedule.service_id == Service.id, Schedule.opening_hours.is_not(None))


def _on_its_day(today: Todays, holds: Callable[[date], ColumnElement[bool]]) -> ColumnElement[bool]:
    """What holds on the day of each service's own place: places that have the same day are asked together."""
    days = sorted(set(today.values()))
    return or_(
        *(and_(_of_places([place for place in today if today[place] == day]), holds(day)) for day in days)
    )


def _order(sort: str) -> tuple[Any, ...]:
    """A year alone comes before its months, and a month before its days, as they are written."""
    finer = case((Assurance.precision == "year", 0), (Assurance.precision == "month", 1), else_=2)
    code = by_letter(Service.id)
    if sort == "checked":
        return Assurance.checked.asc().nulls_first(), finer, by_letter(Service.name), code
    if sort == "newest":
        return Assurance.checked.desc().nulls_last(), finer.desc(), code
    return Service.folded_name, code
