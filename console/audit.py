"""The audit log: who did what, in a chain of digests, so that a row changed or taken away is noticed.

Rows are added in the same transaction as the deed. A person who asked never stands here.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from console.tables import audit

START = "0" * 64
BY_HAND = "command line"  # who, where a command was given on the machine
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


@dataclass(frozen=True)
class Wanted:
    """Which rows: of an action or a group of them (`account`), by somebody, of a place; places and a reader bound
    what may be seen at all.
    """

    action: str = ""
    who: str = ""
    place: str = ""
    oldest: bool = False
    after: int = 0
    places: frozenset[str] | None = None
    reader: str = ""


async def entries(session: AsyncSession, wanted: Wanted | None = None, limit: int = 100) -> list[Entry]:
    """The rows that are wanted, the newest first unless the oldest are; `after` is the last one seen."""
    wanted = wanted or Wanted()
    order = audit.c.id.asc() if wanted.oldest else audit.c.id.desc()
    query = select(audit).order_by(order).limit(limit)
    if wanted.action:
        # Compared piece by piece: an underscore would stand for any letter in LIKE.
        group = func.substr(audit.c.action, 1, len(wanted.action) + 1) == f"{wanted.action}."
        query = query.where((audit.c.action == wanted.action) | group)
    if wanted.who:
        query = query.where(audit.c.who == wanted.who)
    if wanted.place:
        query = query.where(audit.c.place == wanted.place)
    if wanted.after:
        query = query.where(audit.c.id > wanted.after if wanted.oldest else audit.c.id < wanted.after)
    if wanted.places is not None:
        query = query.where(audit.c.place.in_(sorted(wanted.places)) | (audit.c.who == wanted.reader))
    return [Entry(**row) for row in (await session.execute(query)).mappings()]
