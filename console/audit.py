"""The audit log: who did what, in a chain of digests, so that a row changed or taken away is noticed.

Rows are added in the same transaction as the deed. A person who asked never stands here.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from console.tables import audit

START = "0" * 64
_SAID = ("at", "who", "action", "subject", "place", "detail", "previous")


@dataclass(frozen=True)
class Entry:
    """One row of the log."""

    id: int
    at: int
    who: str
    action: str
    subject: str
    place: str
    detail: str
    previous: str
    digest: str


async def note(
    session: AsyncSession,
    at: int,
    who: str,
    action: str,
    subject: str = "",
    place: str = "",
    detail: Mapping[str, object] | None = None,
) -> None:
    """Add a row. The session must be a writing one, so that no other row comes between."""
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(text("SELECT pg_advisory_xact_lock(7364)"))
    last = select(audit.c.digest).order_by(audit.c.id.desc()).limit(1)
    previous = (await session.execute(last)).scalar() or START
    row = {
        "at": at, "who": who, "action": action, "subject": subject[:254], "place": place,
        "detail": json.dumps(detail or {}, ensure_ascii=False, sort_keys=True), "previous": previous,
    }  # fmt: skip
    await session.execute(insert(audit).values(**row, digest=digest_of(row)))


def digest_of(row: Mapping[str, object]) -> str:
    """The digest of a row and of all before it."""
    said = json.dumps([row[name] for name in _SAID], ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()


async def first_broken(session: AsyncSession) -> int | None:
    """The first row that does not follow from the one before it; None when the chain is whole."""
    previous = START
    for row in (await session.execute(select(audit).order_by(audit.c.id))).mappings():
        if row["previous"] != previous or row["digest"] != digest_of(dict(row)):
            return int(row["id"])
        previous = row["digest"]
    return None


async def entries(session: AsyncSession, action: str = "", before: int = 0, limit: int = 100) -> list[Entry]:
    """The newest rows, of one action if it is named, older than `before`."""
    query = select(audit).order_by(audit.c.id.desc()).limit(limit)
    query = query.where(audit.c.action == action) if action else query
    query = query.where(audit.c.id < before) if before else query
    return [Entry(**row) for row in (await session.execute(query)).mappings()]
