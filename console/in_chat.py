"""The second factor of who writes from a linked chat: the same codes, delays, log and lifetime as for a browser.

A chat alone proves nothing: it becomes as strong as a signed-in browser by a code, for as long as one, and is ended
with the account's other sessions. Knows the e-mail of an account and never a chat.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from console import accounts, audit, sessions
from console.accounts import Account
from console.checking import Checker
from console.keys import Keys
from console.pace import Pace
from console.proof import Answer, Given, State
from console.refusals import ROWS
from referrals.database import Sessions


class ChatProof:
    """Proofs of linked chats, in the database of the accounts: they outlive a start and hold for every process."""

    def __init__(
        self, database: Sessions, keys: Keys, clock: Callable[[], datetime], channel: str = "Telegram"
    ) -> None:
        self._database, self._clock, self._channel = database, clock, channel
        self._checker = Checker(database, keys, self._now)
        self._refusals = Pace(ROWS)

    def _now(self) -> int:
        return int(self._clock().timestamp())

    async def state(self, email: str) -> State:
        """Whether the chat of an account has to give a code before it changes something."""
        now = self._now()
        async with self._database.reading() as reading:
            found = await sessions.find_in_chat(reading, email, now)
        if found is None:
            return State.ASKED if await self._account(email) else State.WITHOUT
        if sessions.is_due(found, now):
            async with self._database.writing() as writing:
                await sessions.notice(writing, found.digest, now)
        return State.PROVEN

    async def give(self, email: str, typed: str) -> Given:
        """Look at a code; the right one proves the chat until the time of a session is over."""
        account = await self._account(email)
        if account is None:
            return Given(Answer.WITHOUT)
        # The chat is its own network: who guesses in it slows nobody down who types elsewhere.
        right, seconds = await self._checker.code(account, f"chat of {account.id}", typed)
        if seconds:
            await self._note_refusal(email)
            return Given(Answer.WAIT, seconds)
        if not right:
            return Given(self._checker.why_not(account, typed))
        async with self._database.writing() as writing:
            await sessions.start_in_chat(writing, account.id, self._channel, self._now())
            await audit.note(writing, self._now(), email, "sign_in.chat", email)
        return Given(Answer.RIGHT)

    async def _account(self, email: str) -> Account | None:
        """The account of somebody who may come in and has a second factor."""
        async with self._database.reading() as reading:
            account = await accounts.by_email(reading, email)
        return account if account and account.has_second_factor and not account.disabled else None

    async def _note_refusal(self, email: str) -> None:
        if self._refusals.take(email, self._clock().timestamp()):
            async with self._database.writing() as writing:
                await audit.note(writing, self._now(), email, "refused.guesses", email, detail={"in": "chat"})
