"""The authenticator app of somebody who works here, for tests of what asks for its codes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable

import pyotp

from console import accounts, second_factor
from console.keys import Keys
from referrals.database import Sessions

# Longer than it takes to bring a code to where it is looked at.
_MARGIN = 6.0


async def account_with_app(
    sessions: Sessions, keys: Keys, email: str, places: Iterable[str] = ("quito",), role: str = "caseworker"
) -> pyotp.TOTP:
    """A new account whose second factor is set up; the app that shows its codes."""
    async with sessions.writing() as session:
        number = await accounts.add(session, email, role, places, "es", 0)
        account = await accounts.by_id(session, number)
        assert account
        secret = await second_factor.new_secret(session, keys, account)
        await accounts.change(session, number, totp_confirmed=True)
    return pyotp.TOTP(secret)


async def code_now(app: pyotp.TOTP) -> str:
    """What the app shows now, for long enough to be typed: a code that is about to end is waited for."""
    left = second_factor.STEP - time.time() % second_factor.STEP
    if left < _MARGIN:
        await asyncio.sleep(left)
    return app.now()
