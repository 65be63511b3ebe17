"""One more of something that is counted by day, the same on both engines and under concurrency.

Counts only; it knows no person and decides nothing.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession


async def count_one(session: AsyncSession, table: Table, key: dict[str, Any], **first: Any) -> None:
    """Raise `count` of the row with this key by one; the first time, write the row with `first` beside it."""
    values = {**key, **first, "count": 1}
    if session.get_bind().dialect.name == "sqlite":
        lite = sqlite.insert(table).values(**values)
        await session.execute(
            lite.on_conflict_do_update(index_elements=list(key), set_={"count": table.c.count + 1})
        )
        return
    post = postgresql.insert(table).values(**values)
    await session.execute(
        post.on_conflict_do_update(index_elements=list(key), set_={"count": table.c.count + 1})
    )
