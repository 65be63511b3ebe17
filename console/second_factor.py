"""The second factor: six digits that change every half minute, and recovery codes for who lost the telephone.

A code works once: a step that was used, or an older one, is refused. The secret is stored encrypted.
"""

from __future__ import annotations

import io
import secrets

import pyotp
import segno
from sqlalchemy import delete, insert
from sqlalchemy.ext.asyncio import AsyncSession

from console import accounts
from console.accounts import Account
from console.keys import Keys
from console.tables import recovery_code

# 28 characters of 31 are 138 random bits: more than anybody can try, even with the database in hand.
CODES, _PARTS, _LETTERS = 10, 4, 7
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_STEP = 30


async def new_secret(session: AsyncSession, keys: Keys, account: Account) -> str:
    """A fresh secret for an account, not confirmed yet."""
    secret = pyotp.random_base32()
    await accounts.change(
        session, account.id, totp_secret=keys.hide(secret), totp_confirmed=False, totp_last_step=0
    )
    return secret


def picture(secret: str, email: str) -> bytes:
    """The secret as a QR picture (PNG) that authenticator apps read."""
    target = io.BytesIO()
    segno.make(pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name="Orienta")).save(
        target, kind="png", scale=6, border=3
    )
    return target.getvalue()


def step_of(secret: str, code: str, at: int, last: int) -> int | None:
    """The step that a code is of, one step early or late forgiven; None when it is wrong or was used."""
    digits = "".join(code.split())
    totp = pyotp.TOTP(secret)
    for step in (at // _STEP + drift for drift in (0, -1, 1)):
        if step > last and secrets.compare_digest(totp.generate_otp(step).encode(), digits.encode()):
            return step
    return None


async def new_codes(session: AsyncSession, keys: Keys, account_id: int) -> tuple[str, ...]:
    """Fresh recovery codes, shown once; older ones end."""
    codes = tuple("-".join(_part() for _ in range(_PARTS)) for _ in range(CODES))
    await session.execute(delete(recovery_code).where(recovery_code.c.account_id == account_id))
    rows = [{"digest": _digest(keys, account_id, code), "account_id": account_id} for code in codes]
    await session.execute(insert(recovery_code), rows)
    return codes


async def use_code(session: AsyncSession, keys: Keys, account_id: int, code: str) -> bool:
    """Use up a recovery code; False when it is none."""
    query = delete(recovery_code).where(
        recovery_code.c.digest == _digest(keys, account_id, code.strip().lower())
    )
    return bool((await session.execute(query)).rowcount)  # type: ignore[attr-defined]


def _part() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(_LETTERS))


def _digest(keys: Keys, account_id: int, code: str) -> str:
    return keys.digest("recovery", f"{account_id} {code}")
