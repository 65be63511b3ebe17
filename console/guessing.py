"""Guesses grow slow: by account from a network first, then by network, and by account gently.

Who guesses at another's account cannot keep its owner out: an account alone waits half a minute at most. Keys are
keyed digests, so that no address of a network is stored.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from console.keys import Keys
from console.tables import attempt as table

_FORGET = 86_400


@dataclass(frozen=True)
class _Limit:
    free: int
    longest: int


_LIMITS = {"pair": _Limit(3, 900), "network": _Limit(20, 900), "account": _Limit(30, 30)}


def delay(failures: int, limit: _Limit) -> int:
    """Seconds to wait after a number of wrong guesses: none at first, then doubling."""
    beyond = failures - limit.free
    return 0 if beyond < 0 else min(limit.longest, 2 ** min(beyond, 20))


def keys_of(keys: Keys, account: str, network: str) -> dict[str, str]:
    """The digests under which a guess is counted."""
    return {
        "pair": keys.digest("guess pair", f"{account}\n{network}"),
        "network": keys.digest("guess network", network),
        "account": keys.digest("guess account", account),
    }


async def wait(session: AsyncSession, counted: dict[str, str], at: int) -> int:
    """Seconds until the next guess is looked at; 0 when it is now."""
    longest = 0
    for kind, digest in counted.items():
        row = (await session.execute(select(table).where(table.c.digest == digest))).mappings().first()
        if row is not None and at - row["last"] < _FORGET:
            longest = max(longest, row["last"] + delay(row["failures"], _LIMITS[kind]) - at)
    return longest


async def failed(session: AsyncSession, counted: dict[str, str], at: int) -> None:
    """Count a wrong guess, also when another process counts one of the same account at this moment."""
    await session.execute(delete(table).where(table.c.last < at - _FORGET))
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    for digest in counted.values():
        first = insert(table).values(digest=digest, failures=1, last=at)
        grown = {"failures": table.c.failures + 1, "last": at}
        await session.execute(first.on_conflict_do_update(index_elements=["digest"], set_=grown))


async def succeeded(session: AsyncSession, counted: dict[str, str]) -> None:
    """Forget the guesses at an account from a network that knew it in the end."""
    await session.execute(delete(table).where(table.c.digest == counted["pair"]))
