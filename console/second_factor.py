"""The second factor: six digits that change every half minute, and recovery codes for who lost the telephone.

A code works once and for its half minute alone. The secret is stored encrypted.
"""

from __future__ import annotations

import io
import secrets

import pyotp
import segno
from sqlalchemy import delete, insert, update
from sqlalchemy.ext.asyncio import AsyncSession

from console import accounts
from console.accounts import Account
from console.keys import Keys, new_code, plain_code, token_digest
from console.tables import account as table
from console.tables import recovery_code

CODES = 10
STEP = 30


async def new_secret(session: AsyncSession, keys: Keys, account: Account) -> str:
    """A fresh secret for an account, not confirmed yet."""
    secret = pyotp.random_base32()
    await accounts.change(
        session, account.id, totp_secret=keys.cipher.hide(secret), totp_confirmed=False, totp_last_step=0
    )
    return secret


def secret_of(keys: Keys, account: Account) -> str | None:
    """The secret of an account; None when it has none, or none of our keys opens it."""
    return keys.cipher.show(account.totp_secret) if account.totp_secret else None


def picture(secret: str, email: str) -> bytes:
    """The secret as a QR picture (PNG) that authenticator apps read."""
    target = io.BytesIO()
    segno.make(pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name="Orienta")).save(
        target, kind="png", scale=6, border=3
    )
    return target.getvalue()


async def use(session: AsyncSession, keys: Keys, account: Account, typed: str, at: int) -> bool:
    """Use up the code of this moment, in one statement: of two who send it at once, from wherever, one is let in."""
    secret = secret_of(keys, account)
    step = step_of(secret, typed, at, account.totp_last_step) if secret else None
    if step is None:
        return False
    mine = (table.c.id == account.id, table.c.totp_last_step < step)
    used = update(table).where(*mine).values(totp_last_step=step)
    return bool((await session.execute(used)).rowcount)  # type: ignore[attr-defined]


def step_of(secret: str, code: str, at: int, last: int) -> int | None:
    """The step of this moment when the code is of it and was not used; None otherwise.

    A code lives for its half minute and no longer: neither an early nor a late one is forgiven.
    """
    step = at // STEP
    return step if step > last and _is_code_of(secret, code, step) else None


def was_used(secret: str, code: str, at: int, last: int) -> bool:
    """Whether a code is the one of this moment, or of the one before, and was used."""
    return any(step <= last and _is_code_of(secret, code, step) for step in (at // STEP, at // STEP - 1))


def _is_code_of(secret: str, code: str, step: int) -> bool:
    digits = "".join(code.split())
    return secrets.compare_digest(pyotp.TOTP(secret).generate_otp(step).encode(), digits.encode())


async def new_codes(session: AsyncSession, account_id: int) -> tuple[str, ...]:
    """Fresh recovery codes, shown once; older ones end."""
    codes = tuple(new_code() for _ in range(CODES))
    await session.execute(delete(recovery_code).where(recovery_code.c.account_id == account_id))
    rows = [{"digest": _digest(account_id, code), "account_id": account_id} for code in codes]
    await session.execute(insert(recovery_code), rows)
    return codes


async def use_code(session: AsyncSession, keys: Keys, account_id: int, code: str) -> bool:
    """Use up a recovery code; False when it is none."""
    plain = plain_code(code)
    # Codes of before hang on the secret key; those of today do not, and outlive it.
    keyed = keys.digests("recovery", f"{account_id} {plain}")
    query = delete(recovery_code).where(recovery_code.c.digest.in_([_digest(account_id, plain), *keyed]))
    return bool((await session.execute(query)).rowcount)  # type: ignore[attr-defined]


def _digest(account_id: int, code: str) -> str:
    return token_digest(f"recovery {account_id} {code}")
