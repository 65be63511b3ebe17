"""Sessions of browsers: opaque, kept here, listable and endable. Only a digest of the token is stored.

A session ends after 30 minutes without use and after 12 hours in any case. An account has ten at most: an eleventh
ends the one that was not used for longest. A linked chat that gave its one-time code has one of its own, for the 12
hours: no token leads to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, insert, not_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from console.keys import new_token, token_digest
from console.tables import account
from console.tables import session as table

IDLE, LONGEST, MOST = 30 * 60, 12 * 3600, 10
CHAT = "chat"  # the stage of a session that no browser has
# Writing at every click would hold the database's lock for nothing.
_NOTICE_AFTER = 60


@dataclass(frozen=True)
class BrowserSession:
    """One session; `stage` is `half` until the second factor is given, and `chat` for a linked chat."""

    digest: str
    account_id: int
    stage: str
    created: int
    seen: int
    browser: str
    email: str = ""


async def start(session: AsyncSession, account_id: int, stage: str, browser: str, at: int) -> str:
    """A new session; its token, which is stored nowhere."""
    token = new_token()
    await _insert(session, token, account_id, stage, browser_name(browser), at)
    await session.execute(delete(table).where(not_(_lives(at))))
    await _end_beyond_most(session, account_id, token_digest(token))
    return token


async def start_in_chat(session: AsyncSession, account_id: int, channel: str, at: int) -> None:
    """A new session of the account's linked chat, in the place of an older one. Its token is thrown away."""
    await session.execute(delete(table).where(table.c.account_id == account_id, table.c.stage == CHAT))
    await _insert(session, new_token(), account_id, CHAT, channel, at)


async def _insert(
    session: AsyncSession, token: str, account_id: int, stage: str, browser: str, at: int
) -> None:
    row: dict[str, Any] = {
        "digest": token_digest(token), "account_id": account_id, "stage": stage, "created": at, "seen": at,
        "browser": browser,
    }  # fmt: skip
    await session.execute(insert(table).values(**row))


def _lives(at: int) -> ColumnElement[bool]:
    used = or_(table.c.seen >= at - IDLE, table.c.stage == CHAT)
    return and_(used, table.c.created >= at - LONGEST)


async def _end_beyond_most(session: AsyncSession, account_id: int, newest: str) -> None:
    others = (table.c.account_id == account_id, table.c.digest != newest, table.c.stage != CHAT)
    query = select(table.c.digest).where(*others)
    query = query.order_by(table.c.seen.desc(), table.c.created.desc()).offset(MOST - 1)
    for digest in (await session.execute(query)).scalars().all():
        await end(session, digest)


async def find(session: AsyncSession, token: str, at: int) -> BrowserSession | None:
    """The living session of a token."""
    query = select(table).where(table.c.digest == token_digest(token), table.c.stage != CHAT, _lives(at))
    row = (await session.execute(query)).mappings().first()
    return BrowserSession(**row) if row else None


async def find_in_chat(session: AsyncSession, email: str, at: int) -> BrowserSession | None:
    """The living session of the linked chat of an account that may come in."""
    query = select(table).join(account, table.c.account_id == account.c.id)
    mine = (account.c.email == email, account.c.disabled.is_(False), table.c.stage == CHAT)
    row = (await session.execute(query.where(*mine, _lives(at)))).mappings().first()
    return BrowserSession(**row) if row else None


async def end_in_chat(session: AsyncSession, email: str) -> None:
    """End the session of the linked chat of an account."""
    mine = select(account.c.id).where(account.c.email == email)
    await session.execute(delete(table).where(table.c.account_id.in_(mine), table.c.stage == CHAT))


def is_due(found: BrowserSession, at: int) -> bool:
    """Whether the use of a session should be noted."""
    return at - found.seen >= _NOTICE_AFTER


async def notice(session: AsyncSession, digest: str, at: int) -> None:
    """Note that a session is in use."""
    await session.execute(update(table).where(table.c.digest == digest).values(seen=at))


async def end(session: AsyncSession, digest: str) -> None:
    """End one session."""
    await session.execute(delete(table).where(table.c.digest == digest))


async def end_known(session: AsyncSession, digest: str) -> str:
    """End one session; the e-mail address of its account, or nothing when there is no such session."""
    query = select(account.c.email).join(table, table.c.account_id == account.c.id)
    email = (await session.execute(query.where(table.c.digest == digest))).scalar()
    await end(session, digest)
    return email or ""


async def end_all(session: AsyncSession, account_id: int, but: str = "") -> None:
    """End every session of an account but one."""
    await session.execute(delete(table).where(table.c.account_id == account_id, table.c.digest != but))


async def living(session: AsyncSession, at: int, account_id: int | None = None) -> list[BrowserSession]:
    """Sessions that have not ended, of one account or of all, the latest first."""
    query = select(table, account.c.email).join(account, account.c.id == table.c.account_id)
    query = query.where(_lives(at))
    query = query.where(table.c.account_id == account_id) if account_id is not None else query
    rows = (await session.execute(query.order_by(table.c.seen.desc()))).mappings()
    return [BrowserSession(**row) for row in rows]


def browser_name(user_agent: str) -> str:
    """Enough to know one's own telephone by, and no more."""
    kinds = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}
    systems = {"Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows",
               "Mac OS": "macOS", "Linux": "Linux"}  # fmt: skip
    kind = next((name for mark, name in kinds.items() if mark in user_agent), "?")
    return f"{kind} · {next((name for mark, name in systems.items() if mark in user_agent), '?')}"
