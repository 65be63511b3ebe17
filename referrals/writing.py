"""Records to rows, many at a time, whole or not at all.

A service that exists is updated, never deleted and made again: what came of it (reports, slips) hangs on it.
Nothing here decides whether a record may be written; loading, import and the console do.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from content.folding import folded
from referrals.phones import tel_uri
from referrals.records import ServiceRecord, partial_day
from referrals.storage import CHILDREN
from referrals.tables import Base, Version

# SQLite before 3.32 allows 999 parameters in a statement.
_CHUNK = 500
Row = dict[str, Any]


@dataclass(frozen=True)
class Mark:
    """Where a record came from, and the digest of the seed it was."""

    origin: str
    digest: str | None = None
    edited: bool = False


async def store(
    session: AsyncSession,
    marked: Sequence[tuple[ServiceRecord, Mark]],
    keep_organizations: Collection[str] = (),
) -> None:
    """Write records in the place of what stood under their ids, and raise the directory's version.

    Organizations in `keep_organizations` stay as they are.
    """
    for start in range(0, len(marked), _CHUNK):
        await _store_some(session, marked[start : start + _CHUNK], keep_organizations)
    await session.execute(update(Version).values(number=Version.number + 1))


async def _store_some(
    session: AsyncSession, marked: Sequence[tuple[ServiceRecord, Mark]], keep: Collection[str]
) -> None:
    ids = [record.id for record, _ in marked]
    for name in CHILDREN:
        table = Base.metadata.tables[name]
        await session.execute(delete(table).where(table.c.service_id.in_(ids)))
    await _put(session, "organization", [row for row in _organizations(marked) if row["id"] not in keep])
    await _put(session, "service", [_service(record, mark) for record, mark in marked])
    await _put(session, "location", [_location(record) for record, _ in marked])
    rows: dict[str, list[Row]] = {name: [] for name in CHILDREN}
    for record, _ in marked:
        for name, row in children(record):
            rows[name].append({"service_id": record.id, **row})
    for name, some in rows.items():
        if some:
            await session.execute(insert(Base.metadata.tables[name]), some)


async def _put(session: AsyncSession, name: str, rows: Sequence[Row]) -> None:
    """Update the rows that exist, insert the others; a key left out of a row keeps what stands there."""
    table = Base.metadata.tables[name]
    ids = [row["id"] for row in rows]
    existing = set((await session.execute(select(table.c.id).where(table.c.id.in_(ids)))).scalars())
    for row in rows:
        if row["id"] in existing:
            await session.execute(update(table).where(table.c.id == row["id"]).values(row))
    if new := [row for row in rows if row["id"] not in existing]:
        await session.execute(insert(table), new)


def _organizations(marked: Sequence[tuple[ServiceRecord, Mark]]) -> list[Row]:
    made: dict[str, Row] = {}
    for record, _ in marked:
        one = record.organization
        made[one.id] = {**one.model_dump(), "folded_name": folded(one.name)}
    return list(made.values())


def _service(record: ServiceRecord, mark: Mark) -> Row:
    names = ("id", "place", "name", "status", "url", "email", "whatsapp", "note")
    return {
        **{name: getattr(record, name) for name in names},
        "folded_name": folded(record.name),
        "organization_id": record.organization.id,
        "hours_note": record.hours,
        "origin": mark.origin,
        "seed_digest": mark.digest,
        "edited": mark.edited,
    }


def _location(record: ServiceRecord) -> Row:
    names = ("id", "place", "address", "district", "latitude", "longitude")
    searched = folded(f"{record.district or ''} {record.address or ''}")
    shown = {name: getattr(record, name) for name in names}
    return {**shown, "folded_address": searched, "hidden": record.hidden_address}


def children(record: ServiceRecord) -> Iterator[tuple[str, Row]]:
    """The rows that hang on a service, each with the name of its table, without the service's id."""
    yield "service_at_location", {"location_id": record.id}
    yield "schedule", {
        "opening_hours": record.opening_hours, "kind": record.schedule, "first_n": record.first_n,
    }  # fmt: skip
    yield "assurance", _assurance(record)
    for position, number in enumerate(record.phones):
        yield "phone", {"position": position, "number": number, "tel": tel_uri(number)}
    for code in dict.fromkeys(record.languages):
        yield "language", {"code": code}
    for need in record.needs:
        yield "service_need", {"need": need}
    for position, paper in enumerate(record.documents):
        yield "required_document", {"position": position, "name": paper.name, "without": paper.without}
    for closure in record.closures:
        yield "closure", closure.model_dump()
    yield from _optional(record)


def _optional(record: ServiceRecord) -> Iterator[tuple[str, Row]]:
    if record.full_until is not None:
        yield "capacity", {"full_until": record.full_until}
    if record.cost is not None:
        yield "cost_option", record.cost.model_dump()
    if record.eligibility is not None:
        rules = record.eligibility.model_dump()
        yield "eligibility", {key: list(v) if isinstance(v, tuple) else v for key, v in rules.items()}


def _assurance(record: ServiceRecord) -> Row:
    checked, precision = partial_day(record.assured_date) if record.assured_date else (None, "day")
    return {
        "checked": checked, "precision": precision, "source_title": record.source.title,
        "source_url": record.source.url, "source_date": record.source_date, "confidence": record.confidence,
    }  # fmt: skip
