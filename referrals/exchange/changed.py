"""When each service was last changed by somebody: for those who keep a copy and ask only for what is newer."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import func, select

from referrals.database import Sessions
from referrals.tables import Change


async def last_changes(sessions: Sessions) -> dict[str, datetime]:
    """The last change of each service in the history."""
    query = select(Change.service_id, func.max(Change.at)).group_by(Change.service_id)
    async with sessions.reading() as session:
        rows = (await session.execute(query)).all()
    return {code: at if at.tzinfo else at.replace(tzinfo=UTC) for code, at in rows}
