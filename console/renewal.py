"""Encrypting anew what an earlier secret key encrypted, so that the earlier key can be forgotten.

Nobody notices: what is encrypted stays the same. What none of the keys opens is counted and left as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from console import audit
from console.keys import Cipher, Keys
from console.tables import account


@dataclass(frozen=True)
class Renewal:
    """How many values an earlier key encrypted, and how many none of the keys opens."""

    behind: int = 0
    unreadable: int = 0

    def __add__(self, other: Renewal) -> Renewal:
        return Renewal(self.behind + other.behind, self.unreadable + other.unreadable)


async def renewed(
    session: AsyncSession, cipher: Cipher, hidden: Column[Any], *, write: bool = True
) -> Renewal:
    """Every value of a column encrypted with the present key; without `write`, only counted."""
    values = (await session.execute(select(hidden).where(hidden.is_not(None)))).scalars().all()
    total = Renewal()
    for old in values:
        if cipher.is_present(old):
            continue
        new = cipher.renew(old)
        total += Renewal(unreadable=1) if new is None else Renewal(behind=1)
        if write and new is not None:
            # By the old value: what somebody changed meanwhile is under the key of whoever changed it.
            await session.execute(update(hidden.table).where(hidden == old).values({hidden: new}))
    return total


async def renewed_factors(
    session: AsyncSession, secret: bytes, earlier: Sequence[bytes], at: int, *, write: bool = True
) -> Renewal:
    """The second factors of all accounts; writing is noted in the log."""
    total = await renewed(session, Keys(secret, earlier).cipher, account.c.totp_secret, write=write)
    if write and total.behind:
        await audit.note(session, at, audit.BY_HAND, "key.renew", detail={"count": total.behind})
    return total
