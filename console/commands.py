"""What the commands `accounts add`, `list`, `disable` and `audit verify` do, as plain functions.

Each takes a database URL and a stream and returns an exit code. Nothing here parses arguments; no password ever
passes through a command line.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection
from pathlib import Path
from typing import TextIO, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from console import accounts, audit, sessions
from console.migrations import upgrade
from console.tables import ROLES
from content.collection import DATA
from content.loading import load_library
from referrals.database import Sessions, connect
from referrals.migrations import upgrade as upgrade_directory

T = TypeVar("T")


def add_account(
    url: str, email: str, role: str, places: Collection[str], out: TextIO, public_url: str = "",
    content: Path = DATA,
) -> int:  # fmt: skip
    """Make an account, or invite one again, and print where and with which code its password is chosen."""
    known = _known_places(content)
    if not accounts.is_email(email):
        return _complain(out, f"{email} is not an e-mail address.")
    if role not in ROLES:
        return _complain(out, f"There is no role {role}. Roles are {', '.join(ROLES)}.")
    if unknown := sorted(set(places) - known):
        return _complain(out, f"--place: {unknown[0]} is not known. Known are: {', '.join(sorted(known))}.")
    if not places and role != "admin":
        return _complain(out, f"A {role} works for places: give at least one --place.")

    async def work(session: AsyncSession) -> str:
        now = int(time.time())
        account = await accounts.by_email(session, email)
        if account is None:
            account_id = await accounts.add(session, email, role, places, "es", now)
        else:
            account_id = account.id
            await accounts.change(session, account_id, role=role, disabled=False)
            await accounts.set_places(session, account_id, places)
            await accounts.forget_factors(session, account_id)
            await sessions.end_all(session, account_id)
        detail = {"role": role, "places": sorted(places)}
        await audit.note(session, now, audit.BY_HAND, "account.invite", email.lower(), detail=detail)
        return await accounts.invite(session, account_id, now)

    code = _run(url, work)
    out.write(f"Send this address and this code to {email}. The code is good once, for four days:\n")
    out.write(f"{public_url or 'http://127.0.0.1:8000'}/console/invitation\n{code}\n")
    if not public_url:
        out.write("Where another port is served, its number takes the place of 8000.\n")
    return 0


def list_accounts(url: str, out: TextIO) -> int:
    """Every account with its role, its places and whether it may sign in."""
    for one in _run(url, accounts.listed):
        state = "disabled" if one.disabled else "active" if one.has_second_factor else "invited"
        out.write(f"{one.email}  {one.role}  {', '.join(sorted(one.places)) or 'all places'}  {state}\n")
    return 0


def disable_account(url: str, email: str, out: TextIO) -> int:
    """Keep an account from signing in and end its sessions."""

    async def work(session: AsyncSession) -> bool:
        account = await accounts.by_email(session, email)
        if account is None:
            return False
        await accounts.change(session, account.id, disabled=True)
        await accounts.use_invitation(session, account.id)
        await sessions.end_all(session, account.id)
        await audit.note(session, int(time.time()), audit.BY_HAND, "account.disable", account.email)
        return True

    if not _run(url, work):
        return _complain(out, f"There is no account {email}.")
    out.write(f"{email} can no longer sign in.\n")
    return 0


def reach_of(url: str, email: str, content: Path = DATA) -> tuple[str, frozenset[str]] | str | None:
    """The role and the places of an account; a sentence for a disabled one; None when there is none."""

    async def work(session: AsyncSession) -> accounts.Account | None:
        return await accounts.by_email(session, email)

    account = _run(url, work)
    if account is None:
        return None
    if account.disabled:
        return f"The account {account.email} is disabled."
    known = _known_places(content)
    return account.role, frozenset(known) if account.role == "admin" else account.places


def verify_audit(url: str, out: TextIO) -> int:
    """Say whether the audit log is whole; 1 and the first row that does not fit when it is not."""
    broken = _run(url, audit.first_broken)
    if broken is not None:
        return _complain(
            out, f"The audit log was changed: row {broken} does not follow from the one before it."
        )
    out.write("The audit log is whole.\n")
    return 0


def _known_places(content: Path) -> set[str]:
    places = load_library(content).places.all
    return {code for place in places for code in (place.code, place.country)}


def _run(url: str, work: Callable[[AsyncSession], Awaitable[T]]) -> T:
    upgrade_directory(url)
    upgrade(url)

    async def run() -> T:
        made = Sessions(connect(url))
        try:
            async with made.writing() as session:
                return await work(session)
        finally:
            await made.close()

    return asyncio.run(run())


def _complain(out: TextIO, sentence: str) -> int:
    out.write(sentence + "\n")
    return 1
