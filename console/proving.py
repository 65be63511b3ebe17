"""Proving who one is: password and one-time code, with guesses that grow slow, each wrong one in the audit log.

Who asks for something that touches signing in proves it again, unless it was proved minutes ago.
"""

from __future__ import annotations

from console.accounts import Account
from console.checking import Check
from console.networks import network_behind
from console.proof import Answer
from console.visit import Visit

# A session this young was begun with both factors just now.
FRESH = 10 * 60


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
    """Whether a guess fits, and the seconds to wait when it was not even looked at; see Checker."""
    email = account.email if account else ""
    network = network_behind(visit.request)
    right, seconds = await visit.desk.checker.guessed(of, network, what, email, fits)
    if seconds:
        await visit.desk.refusals.note(visit, "guesses", subject=email)
    return right, seconds


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
    right, seconds = await visit.desk.checker.code(account, network_behind(visit.request), typed)
    if right:
        return "", 200
    if seconds:
        await visit.desk.refusals.note(visit, "guesses", subject=account.email)
        return too_many(visit, seconds), 429
    return _why_not(visit, typed), 422


def _why_not(visit: Visit, typed: str) -> str:
    """Words for a code that was refused."""
    w, why = visit.w, visit.desk.checker.why_not(visit.account, typed)
    if why is Answer.LOCKED:
        return w(
            "Your authenticator app cannot be used, because the secret key of this installation was changed."
            " Use a recovery code, or ask who administers this installation for a new invitation."
        )
    if why is Answer.USED:
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
