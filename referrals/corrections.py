"""Corrections that people propose in two taps: what is wrong out of a closed list, and the new value if they know it.

A proposal never changes the directory by itself; a caseworker accepts or rejects it, and its value is deleted then.
A value is kept only if it looks like what it should be, so that a person's own words do not end here.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Table, delete, select, update

from content.places import Places
from referrals.clocks import day_in
from referrals.counting import count_one
from referrals.database import Sessions
from referrals.outcomes import place_of
from referrals.phones import tel_uri
from referrals.tables import Base, Service

# What can be wrong; of the first two the new value may be given. The order is part of buttons: add at the end.
WRONG = ("phone", "address", "hours", "gone", "papers")
WITH_VALUE = ("phone", "address")
KEPT = timedelta(days=90)
_PHONE = re.compile(r"\+?[\d\s().-]{7,24}(?:\s*ext\.?\s*\d{1,6})?")
_STREET = re.compile(
    r"\b(?:calle|c/|av|avda|avenida|avenue|rua|r\.|pasaje|pje|travessa|praça|plaza|esquina|esq|carrera|km|n[º°]|street|"
    r"alameda|largo|rodovia|ruta|barrio|bairro)\b|\by\b|\be\b",
    re.IGNORECASE,
)
_correction: Table = Base.metadata.tables["correction"]


@dataclass(frozen=True)
class Proposal:
    """What several people may have said is wrong on a day."""

    number: int
    service_id: str
    field: str
    value: str
    day: date
    count: int
    name: str


def clean_value(field: str, text: str) -> str | None:
    """The value if it looks like one of this field; None for anything else, which is nobody's business here."""
    line = " ".join(text.split())
    if field == "phone":
        return line if _PHONE.fullmatch(line) and _dials(line) else None
    looks = 6 <= len(line) <= 120 and bool(_STREET.search(line)) and any(c.isdigit() for c in line)
    private = "@" in line or re.search(r"\d{6,}", line)
    return line if field == "address" and looks and not private else None


def _dials(number: str) -> bool:
    try:
        tel_uri(number)
    except ValueError:
        return False
    return sum(character.isdigit() for character in number) >= 7


class Corrections:
    """Takes proposals and shows them to caseworkers."""

    def __init__(self, sessions: Sessions, places: Places) -> None:
        self._sessions = sessions
        self._places = places

    async def propose(self, service_id: str, field: str, moment: datetime, value: str = "") -> None:
        """One more who says so; ValueError for a field that is not in the list or a value that does not fit it."""
        if field not in WRONG or (value and clean_value(field, value) != value):
            raise ValueError(f"{field!r} with this value is not a correction we take")
        async with self._sessions.writing() as session:
            place = await place_of(session, service_id)
            if place is None:
                return
            day = day_in(place, self._places, moment)
            key = {"service_id": service_id, "day": day, "field": field, "value": value}
            await count_one(session, _correction, key, state="proposed")
            await session.execute(delete(_correction).where(_correction.c.day < day - KEPT))

    async def open_ones(self, places: Collection[str] | None = None) -> tuple[Proposal, ...]:
        """What waits for a caseworker, newest day first."""
        columns = ("id", "service_id", "field", "value", "day", "count")
        query = (
            select(*(_correction.c[name] for name in columns), Service.name)
            .join(Service, Service.id == _correction.c.service_id)
            .where(_correction.c.state == "proposed")
            .order_by(_correction.c.day.desc(), _correction.c.id)
        )
        if places is not None:
            query = query.where(Service.place.in_(places))
        async with self._sessions.reading() as session:
            rows = (await session.execute(query)).all()
        return tuple(Proposal(*(row._mapping[name] for name in (*columns, "name"))) for row in rows)

    async def decide(self, number: int, *, accepted: bool) -> bool:
        """Close a proposal; False when it waits no more. The value is deleted, the count stays."""
        state = "accepted" if accepted else "rejected"
        async with self._sessions.writing() as session:
            row = (
                (await session.execute(select(_correction).where(_correction.c.id == number)))
                .mappings()
                .first()
            )
            if row is None or row["state"] != "proposed":
                return False
            same = _correction.c.service_id == row["service_id"], _correction.c.field == row["field"]
            alike = (*same, _correction.c.day == row["day"], _correction.c.value == "")
            if row["value"] and (await session.execute(select(_correction.c.id).where(*alike))).first():
                await session.execute(delete(_correction).where(_correction.c.id == number))
                return True
            closing = update(_correction).where(_correction.c.id == number)
            await session.execute(closing.values(state=state, value=""))
            return True
