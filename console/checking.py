"""Looks at guesses and codes, wherever they are typed: one at a time, slower with each wrong one, each in the audit log.

What was typed stands in no log. Knows no request and no chat: who asks says which network a guess comes from.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from weakref import WeakValueDictionary

from sqlalchemy import func, select

from console import accounts, audit, guessing, second_factor
from console.accounts import Account
from console.keys import Keys
from console.proof import Answer
from console.tables import recovery_code
from referrals.database import Sessions

Check = Callable[[], Awaitable[bool]]


class Checker:
    """Of one process; what is counted and used up is in the database, for all of them."""

    def __init__(self, sessions: Sessions, keys: Keys, now: Callable[[], int]) -> None:
        self._sessions, self._keys, self._now = sessions, keys, now
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def guessed(self, of: str, network: str, what: str, email: str, fits: Check) -> tuple[bool, int]:
        """Whether a guess fits, and the seconds to wait when it was not even looked at.

        `of` is counted with the network; a wrong one of `what` is noted without what was typed.
        """
        counted = guessing.keys_of(self._keys, of, network)
        # One guess at a time: a hundred sent at once would all be looked at before the first is counted.
        async with self._locks.setdefault(of, asyncio.Lock()):
            async with self._sessions.reading() as reading:
                seconds = await guessing.wait(reading, counted, self._now())
            if seconds:
                return False, seconds
            right = await fits()
            await self._count(counted, f"{what}.refused", email, right=right)
            return right, 0

    async def _count(self, counted: dict[str, str], action: str, email: str, *, right: bool) -> None:
        now = self._now()
        async with self._sessions.writing() as writing:
            if right:
                await guessing.succeeded(writing, counted)
                return
            await guessing.failed(writing, counted, now)
            await audit.note(writing, now, email or "unknown", action, email)

    async def code(self, account: Account, network: str, typed: str) -> tuple[bool, int]:
        """Whether a one-time or recovery code is right, and the seconds to wait when it was not even looked at."""
        return await self.guessed(
            f"second {account.id}", network, "second_factor", account.email,
            lambda: self._right_code(account.id, typed),
        )  # fmt: skip

    async def _right_code(self, account_id: int, typed: str) -> bool:
        """Whether this is the code of the moment, or a recovery code; either is used up by it."""
        async with self._sessions.writing() as writing:
            account = await accounts.by_id(writing, account_id)
            if account is None:
                return False
            if await second_factor.use(writing, self._keys, account, typed, self._now()):
                return True
            if not account.has_second_factor:
                return False
            if not await second_factor.use_code(writing, self._keys, account_id, typed):
                return False
            left = select(func.count()).where(recovery_code.c.account_id == account_id)
            detail = {"left": (await writing.execute(left)).scalar_one()}
            await audit.note(writing, self._now(), account.email, "account.recovery_code", detail=detail)
            return True

    def why_not(self, account: Account, typed: str) -> Answer:
        """Why a code was refused. Whether it would be right at another moment is not told: it may be a guess."""
        secret = second_factor.secret_of(self._keys, account)
        if secret is None:
            return Answer.LOCKED if account.has_second_factor else Answer.WRONG
        used = second_factor.was_used(secret, typed, self._now(), account.totp_last_step)
        return Answer.USED if used else Answer.WRONG
