"""Upkeep by caseworkers: a change is shown as a difference, confirmed, written with who and when, and ends by itself.

Nothing is written before it was confirmed, and only for services of the caseworker's places.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from content.places import Places
from referrals.change_words import Change
from referrals.clocks import day_in
from referrals.database import Sessions
from referrals.outcomes import Outcomes, Trouble
from referrals.phones import tel_uri
from referrals.records import ServiceRecord
from referrals.storage import assemble, fetch_rows
from referrals.tables import Capacity, Closure, Phone, Service
from referrals.tables import Change as History

__all__ = ["Change", "Difference", "NotYoursError", "Upkeep"]
# Writes a change into the history, whole before and after, in the transaction of the change.
Remember = Callable[[AsyncSession, str, datetime, ServiceRecord, ServiceRecord], Awaitable[object]]
_FIELDS = {
    "closed": "closures",
    "open": "closures",
    "full": "full_until",
    "room": "full_until",
    "phone": "phones",
}


class NotYoursError(Exception):
    """The service is gone, or belongs to a place that this caseworker does not look after."""


@dataclass(frozen=True)
class Difference:
    """What stands there and what would stand there, as values; words are made by who shows it."""

    service_id: str
    name: str
    kind: str
    before: tuple[str, ...]
    after: tuple[str, ...]

    @property
    def is_one(self) -> bool:
        """Whether anything would change."""
        return self.before != self.after


class Upkeep:
    """What linked caseworkers may do. With `remember`, a change is kept so that it can be undone."""

    def __init__(
        self, sessions: Sessions, places: Places, outcomes: Outcomes | None = None,
        remember: Remember | None = None,
    ) -> None:  # fmt: skip
        self._sessions = sessions
        self._remember = remember
        self._places = places
        self._outcomes = outcomes or Outcomes(sessions, places)

    async def preview(
        self, service_id: str, change: Change, moment: datetime, places: Collection[str]
    ) -> Difference:
        """What the change would do; NotYoursError when the service is not of these places."""
        async with self._sessions.reading() as session:
            service = await _mine(session, service_id, places)
            return self._difference(service, change, moment)

    async def apply(
        self, service_id: str, change: Change, moment: datetime, places: Collection[str], who: str
    ) -> Difference:
        """Do it, write it into the history, and count what was reported until now as looked at."""
        async with self._sessions.writing() as session:
            service = await _mine(session, service_id, places, lock=True)
            difference = self._difference(service, change, moment)
            if difference.is_one:
                before = await _record(session, service_id) if self._remember else None
                _write(service, change, day_in(service.place, self._places, moment))
                if self._remember and before:
                    await session.flush()
                    await self._remember(session, who, moment, before, await _record(session, service_id))
                else:
                    session.add(_history(difference, moment, who))
        await self._outcomes.reviewed(service_id)
        return difference

    async def flagged(self, moment: datetime, places: Collection[str]) -> Sequence[Trouble]:
        """Services of these places that somebody should look at."""
        return await self._outcomes.flagged(moment, places)

    async def reviewed(self, service_id: str, places: Collection[str]) -> bool:
        """Somebody looked, nothing was to be changed; False when the service is not of these places."""
        try:
            async with self._sessions.reading() as session:
                await _mine(session, service_id, places)
        except NotYoursError:
            return False
        await self._outcomes.reviewed(service_id)
        return True

    def _difference(self, service: Service, change: Change, moment: datetime) -> Difference:
        today = day_in(service.place, self._places, moment)
        before = _present(service, change.kind, today)
        found = Difference(service.id, service.name, change.kind, before, before)
        return replace(found, after=_wanted(change, today, before))


async def _record(session: AsyncSession, service_id: str) -> ServiceRecord:
    [record] = assemble(await fetch_rows(session, [service_id]))
    return record


async def _mine(
    session: AsyncSession, service_id: str, places: Collection[str], *, lock: bool = False
) -> Service:
    """The service, if it is of the places; locked, nobody else changes it until the end of the transaction."""
    service = await session.get(Service, service_id, with_for_update={"of": Service} if lock else None)
    if service is None or service.place not in places:
        raise NotYoursError(service_id)
    return service


def _present(service: Service, kind: str, today: date) -> tuple[str, ...]:
    """What stands there now: the closure or the full days that hold today or later, or the telephones."""
    if kind == "phone":
        return tuple(phone.number for phone in service.phones)
    if kind in ("full", "room"):
        full = service.capacity.full_until if service.capacity else None
        return (full.isoformat(),) if full and full >= today else ()
    return tuple(sorted(_span(closure.starts, closure.ends) for closure in _in_force(service, today)))


def _wanted(change: Change, today: date, before: tuple[str, ...]) -> tuple[str, ...]:
    if change.kind == "phone":
        return (change.phone, *(number for number in before if number != change.phone))
    if change.kind == "full" and change.until:
        return (change.until.isoformat(),)
    return (_span(today, change.until),) if change.kind == "closed" else ()


def _span(starts: date, ends: date | None) -> str:
    return f"{starts.isoformat()}/{ends.isoformat() if ends else ''}"


def _in_force(service: Service, today: date) -> list[Closure]:
    return [
        closure for closure in service.closures
        if closure.starts <= today and (closure.ends is None or closure.ends >= today)
    ]  # fmt: skip


def _write(service: Service, change: Change, today: date) -> None:
    if change.kind == "phone":
        _put_phone_first(service, change.phone)
    elif change.kind in ("closed", "open"):
        for closure in _in_force(service, today):
            service.closures.remove(closure)
        if change.kind == "closed":
            service.closures.append(Closure(starts=today, ends=change.until))
    elif change.kind == "room" or change.until is None:
        service.capacity = None
    elif service.capacity:
        service.capacity.full_until = change.until
    else:
        service.capacity = Capacity(full_until=change.until)


def _put_phone_first(service: Service, number: str) -> None:
    known = next((phone for phone in service.phones if phone.number == number), None)
    others = [phone for phone in service.phones if phone is not known]
    if known is None:
        known = Phone(number=number, tel=tel_uri(number))
        service.phones.append(known)
    for position, phone in enumerate([known, *others]):
        phone.position = position


def _history(difference: Difference, moment: datetime, who: str) -> History:
    return History(
        at=moment, who=who, service_id=difference.service_id, field=_FIELDS[difference.kind],
        before=json.dumps(difference.before), after=json.dumps(difference.after),
    )  # fmt: skip
