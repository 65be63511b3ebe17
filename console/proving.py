"""Proving who one is: password and one-time code, with guesses that grow slow, each wrong one in the audit log.

Who asks for something that touches signing in proves it again, unless it was proved minutes ago.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from sqlalchemy import func, select

from console import accounts, audit, guessing, second_factor
from console.accounts import Account
from console.networks import network_behind
from console.tables import recovery_code
from console.visit import Visit

# A session this young was begun with both factors just now.
FRESH = 10 * 60
Check = Callable[[], Awaitable[bool]]


def is_fresh(visit: Visit) -> bool:
    """Whether both factors were given within the last ten minutes."""
    session = visit.session
    return session is not None and visit.signed_in and visit.desk.now() - session.created < FRESH


def too_many(visit: Visit, seconds: int) -> str:
    """How long to wait before the next guess."""
    return visit.w.plural(
        "Too many attempts. Wait {count} second, then try again.",
        "Too many attempts. Wait {count} seconds, then try again.", seconds,
    )  # fmt: skip


async def guessed(visit: Visit, of: str, what: str, account: Account | None, fits: Check) -> tuple[bool, int]:
    """Whether a guess fits, and the seconds to wait when it was not even looked at.

    `of` is counted with the network; a wrong one of `what` is noted without what was typed.
    """
    desk = visit.desk
    counted = guessing.keys_of(desk.keys, of, network_behind(visit.request))
    # One guess at a time: a hundred sent at once would all be looked at before the first is counted.
    async with desk.guesses.setdefault(of, asyncio.Lock()):
        return await _guessed(visit, counted, what, account, fits)


async def _guessed(
    visit: Visit, counted: dict[str, str], what: str, account: Account | None, fits: Check
) -> tuple[bool, int]:
    desk, now = visit.desk, visit.desk.now()
    async with desk.sessions.reading() as reading:
        seconds = await guessing.wait(reading, counted, now)
    if seconds:
        await desk.refusals.note(visit, "guesses", subject=account.email if account else "")
        return False, seconds
    right = await fits()
    async with desk.sessions.writing() as writing:
        if right:
            await guessing.succeeded(writing, counted)
        else:
            await guessing.failed(writing, counted, now)
            who = account.email if account else ""
            await audit.note(writing, now, who or "unknown", f"{what}.refused", who)
    return right, 0


async def right_code(visit: Visit, code: str) -> bool:
    """Whether this is the code of the moment, or a recovery code; either is used up by it."""
    account, desk = visit.account, visit.desk
    secret = second_factor.secret_of(desk.keys, account)
    async with desk.sessions.writing() as writing:
        fresh = await accounts.by_id(writing, account.id)
        last = fresh.totp_last_step if fresh else 0
        step = second_factor.step_of(secret, code, desk.now(), last) if secret else None
        if step is not None:
            await accounts.change(writing, account.id, totp_last_step=step)
            return True
        if account.has_second_factor and await second_factor.use_code(writing, desk.keys, account.id, code):
            left = select(func.count()).where(recovery_code.c.account_id == account.id)
            detail = {"left": (await writing.execute(left)).scalar_one()}
            await audit.note(writing, desk.now(), account.email, "account.recovery_code", detail=detail)
            return True
    return False


async def password_complaint(visit: Visit, name: str = "old") -> str:
    """What is wrong with the present password that was typed; empty when it fits."""
    account, typed = visit.account, str(visit.form.get(name, ""))

    async def fits() -> bool:
        return await visit.desk.passwords.fits(account.password_hash, typed)

    right, seconds = await guessed(visit, f"again {account.id}", "password", account, fits)
    return (
        ""
        if right
        else too_many(visit, seconds)
        if seconds
        else visit.w("This is not your present password.")
    )


async def code_complaint(visit: Visit) -> tuple[str, int]:
    """What is wrong with the code that was typed, and the status to say it with; empty when it fits."""
    account, typed = visit.account, visit.said("code")
    right, seconds = await guessed(
        visit, f"second {account.id}", "second_factor", account, lambda: right_code(visit, typed)
    )
    if right:
        return "", 200
    if seconds:
        return too_many(visit, seconds), 429
    return _why_not(visit, typed), 422


def _why_not(visit: Visit, typed: str) -> str:
    """Words for a code that was refused. Whether it would be right at another moment is not told: it may be a guess."""
    w, account, desk = visit.w, visit.account, visit.desk
    secret = second_factor.secret_of(desk.keys, account)
    if secret is None and account.has_second_factor:
        return w(
            "Your authenticator app cannot be used, because the secret key of this installation was changed."
            " Use a recovery code, or ask who administers this installation for a new invitation."
        )
    if secret is not None and second_factor.was_used(secret, typed, desk.now(), account.totp_last_step):
        return w("This code was used already. Wait until the app shows the next one.")
    return w(
        "The code is not right, or its half minute is over. Type the one that the app shows now. If this comes again,"
        " the clock of your telephone may be wrong: turn on automatic date and time in its settings."
        " Our clock says {time}.", time=visit.clock(),
    )  # fmt: skip


async def both_complaints(visit: Visit) -> dict[str, str]:
    """What is wrong with the password and the code, by field; nothing is when both were given minutes ago."""
    if is_fresh(visit):
        return {}
    if complaint := await password_complaint(visit):
        return {"old": complaint}
    complaint, _ = await code_complaint(visit)
    return {"code": complaint} if complaint else {}
