"""Services as the console reads and writes them: by place in the query, every change with its history and its undo.

A change is written whole, with the fields it changed, in one transaction with its entry in the audit log. Nothing
here decides who may write.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from console import audit
from console.tables import revision
from referrals.records import ServiceRecord
from referrals.storage import assemble, fetch_rows
from referrals.tables import Change, Service
from referrals.writing import Mark, store

_CHUNK = 1000
_LONGEST = 4000


@dataclass(frozen=True)
class Revision:
    """One change of one service, whole before and after."""

    id: int
    service_id: str
    place: str
    at: int
    who: str
    why: str
    before: ServiceRecord | None
    after: ServiceRecord
    undoes: int | None

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that this change changed."""
        return differing(self.before, self.after)


@dataclass(frozen=True)
class Author:
    """Who writes, when, and on whose clock."""

    who: str
    moment: datetime


class ChangedSinceError(Exception):
    """What was to be undone or overwritten has been changed by somebody since."""

    def __init__(self, fields: tuple[str, ...] = ()) -> None:
        super().__init__(", ".join(fields))
        self.fields = fields


async def listed(session: AsyncSession, places: Collection[str]) -> tuple[ServiceRecord, ...]:
    """Every service of the places."""
    query = select(Service.id).where(Service.place.in_(sorted(places))).order_by(Service.id)
    return await _of_ids(session, (await session.execute(query)).scalars().all())


async def one(session: AsyncSession, service_id: str, places: Collection[str]) -> ServiceRecord | None:
    """A service, if it is of one of the places."""
    found = await some(session, [service_id], places)
    return found[0] if found else None


async def some(
    session: AsyncSession, ids: Collection[str], places: Collection[str]
) -> tuple[ServiceRecord, ...]:
    """Those of the services that are of the places, by id."""
    # By their codes and not by their places, of which SQLite would go through every service: it knows no numbers.
    of_places = func.coalesce(Service.place, "").in_(sorted(places))
    found: list[str] = []
    for part in _parts(sorted(ids)):
        query = select(Service.id).where(Service.id.in_(part), of_places)
        found += (await session.execute(query)).scalars()
    return await _of_ids(session, sorted(found))


async def places_of(session: AsyncSession, ids: Collection[str]) -> dict[str, str]:
    """The places of those of the services that are there, whoever asks."""
    found: dict[str, str] = {}
    for part in _parts(sorted(ids)):
        query = select(Service.id, Service.place).where(Service.id.in_(part))
        found |= {row.id: row.place for row in await session.execute(query)}
    return found


def _parts(ids: Sequence[str]) -> list[Sequence[str]]:
    """No database takes any number of codes in one question."""
    return [ids[start : start + _CHUNK] for start in range(0, len(ids), _CHUNK)]


async def _of_ids(session: AsyncSession, ids: Sequence[str]) -> tuple[ServiceRecord, ...]:
    made: list[ServiceRecord] = []
    for part in _parts(ids):
        rows = await fetch_rows(session, part)
        # Beside those who wait for an answer: a whole directory takes seconds.
        made += await asyncio.to_thread(assemble, rows)
    return tuple(made)


def differing(before: ServiceRecord | None, after: ServiceRecord) -> tuple[str, ...]:
    """The fields in which two states of a service differ."""
    names = ServiceRecord.model_fields
    return tuple(name for name in names if before is None or getattr(before, name) != getattr(after, name))


def state_of(record: ServiceRecord) -> str:
    """A short mark of a state, so that a form knows whether somebody else was faster."""
    return hashlib.sha256(record.model_dump_json().encode()).hexdigest()[:20]


async def save(
    session: AsyncSession,
    author: Author,
    before: ServiceRecord | None,
    after: ServiceRecord,
    why: str = "edit",
    undoes: int | None = None,
) -> int | None:
    """Write a service; the number of the change, or None when nothing changed. ChangedSinceError when the
    service is no longer as it was before."""
    # Who writes second waits here, and is told below that somebody was faster.
    await session.execute(select(Service.id).where(Service.id == after.id).with_for_update())
    present = await one(session, after.id, {before.place if before else after.place})
    if (before is None) != (present is None) or (before and present and differing(before, present)):
        raise ChangedSinceError
    await store(session, [(after, await _mark(session, after.id))], keep_organizations=_kept(before, after))
    written = await one(session, after.id, {after.place})
    assert written is not None
    return await remember(session, author, before, written, why, undoes)


async def changed_in_chat(
    session: AsyncSession, who: str, moment: datetime, before: ServiceRecord, after: ServiceRecord
) -> int | None:
    """Keep what a linked caseworker changed from the chat, so that it is seen and undone as any other change."""
    return await remember(session, Author(who, moment), before, after, "chat")


async def remember(
    session: AsyncSession,
    author: Author,
    before: ServiceRecord | None,
    written: ServiceRecord,
    why: str,
    undoes: int | None = None,
) -> int | None:
    """Write a change that was made into history, log and revisions; its number, or None when nothing changed."""
    fields = differing(before, written)
    if not fields:
        return None
    await _add_history(session, author, before, written, fields)
    at = int(author.moment.timestamp())
    await audit.note(
        session, at, author.who, f"service.{why}", written.id, written.place, {"fields": list(fields)}
    )
    row = {
        "service_id": written.id, "place": written.place, "at": at, "who": author.who, "why": why,
        "before": before.model_dump_json() if before else None, "after": written.model_dump_json(),
        "undoes": undoes,
    }  # fmt: skip
    made = await session.execute(insert(revision).values(**row).returning(revision.c.id))
    return int(made.scalar_one())


def _kept(before: ServiceRecord | None, after: ServiceRecord) -> set[str]:
    """An organization has other services: it changes only when its own fields were changed."""
    return {after.organization.id} if before and before.organization == after.organization else set()


async def _mark(session: AsyncSession, service_id: str) -> Mark:
    query = select(Service.origin, Service.seed_digest).where(Service.id == service_id)
    row = (await session.execute(query)).first()
    return Mark(row.origin, row.seed_digest, edited=True) if row else Mark("console", edited=True)


async def _add_history(
    session: AsyncSession,
    author: Author,
    before: ServiceRecord | None,
    after: ServiceRecord,
    fields: Sequence[str],
) -> None:
    for name in fields:
        old = plain(getattr(before, name)) if before else None
        session.add(Change(
            at=author.moment, who=author.who, service_id=after.id, field=name,
            before=old, after=plain(getattr(after, name)),
        ))  # fmt: skip
    await session.flush()


def plain(value: Any) -> str | None:
    """A value as one text for the history."""
    if value is None:
        return None
    dumped = value.model_dump(mode="json") if hasattr(value, "model_dump") else value
    return str(dumped)[:_LONGEST]


async def service_of_change(session: AsyncSession, change_id: int, places: Collection[str]) -> str:
    """The service that a change is of, if it is of one of the places; otherwise nothing."""
    query = select(revision.c.service_id).where(
        revision.c.id == change_id, revision.c.place.in_(sorted(places))
    )
    return (await session.execute(query)).scalar() or ""


async def revisions(session: AsyncSession, service_id: str, limit: int = 200) -> list[Revision]:
    """The changes of a service, the latest first."""
    query = (
        select(revision)
        .where(revision.c.service_id == service_id)
        .order_by(revision.c.id.desc())
        .limit(limit)
    )
    return [_revision(dict(row)) for row in (await session.execute(query)).mappings()]


async def latest(session: AsyncSession, places: Collection[str], limit: int = 10) -> list[Revision]:
    """The latest changes of the places."""
    query = (
        select(revision)
        .where(revision.c.place.in_(sorted(places)))
        .order_by(revision.c.id.desc())
        .limit(limit)
    )
    return [_revision(dict(row)) for row in (await session.execute(query)).mappings()]


def _revision(row: dict[str, Any]) -> Revision:
    before = ServiceRecord.model_validate_json(row["before"]) if row["before"] else None
    return Revision(**{**row, "before": before, "after": ServiceRecord.model_validate_json(row["after"])})


async def undo(session: AsyncSession, author: Author, present: ServiceRecord, change_id: int) -> int | None:
    """Take one change back, and leave every later change of other fields; ChangedSinceError names what stands
    in the way. A service that was made is taken off the list."""
    row = (await session.execute(select(revision).where(revision.c.id == change_id))).mappings().one()
    change = _revision(dict(row))
    if change.before is None:
        values: dict[str, Any] = {"status": "inactive"}
    else:
        since = tuple(name for name in change.fields if getattr(present, name) != getattr(change.after, name))
        if since:
            raise ChangedSinceError(since)
        values = {name: getattr(change.before, name) for name in change.fields}
    return await save(session, author, present, present.model_copy(update=values), "undo", change_id)
