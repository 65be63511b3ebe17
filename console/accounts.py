"""Accounts, their places and their invitations, as rows and back. Nothing here decides who may do what."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from console import tables
from console.keys import new_code, plain_code, token_digest

INVITATION_LASTS = 4 * 86_400  # over a long weekend
_MAIL = re.compile(r"[^\s@<>\"]+@[^\s@<>\"]+\.[^\s@<>\"]+")


@dataclass(frozen=True)
class Account:
    """Somebody who works in the console. `places` are those given; what they may reach is the policy's matter."""

    id: int
    email: str
    role: str
    language: str
    disabled: bool
    created: int
    places: frozenset[str]
    has_second_factor: bool
    password_hash: str | None = field(default=None, repr=False)
    totp_secret: str | None = field(default=None, repr=False)
    totp_last_step: int = field(default=0, repr=False)


def is_email(text: str) -> bool:
    """Whether the text can be an e-mail address."""
    return len(text) <= 254 and _MAIL.fullmatch(text) is not None


async def listed(session: AsyncSession) -> list[Account]:
    """Every account by e-mail."""
    rows = (await session.execute(select(tables.account).order_by(tables.account.c.email))).mappings().all()
    return await _with_places(session, rows)


async def by_email(session: AsyncSession, email: str) -> Account | None:
    """The account of an e-mail address, in any case of letters."""
    query = select(tables.account).where(tables.account.c.email == email.strip().lower())
    found = await _with_places(session, (await session.execute(query)).mappings().all())
    return found[0] if found else None


async def by_id(session: AsyncSession, account_id: int) -> Account | None:
    """The account of a number."""
    query = select(tables.account).where(tables.account.c.id == account_id)
    found = await _with_places(session, (await session.execute(query)).mappings().all())
    return found[0] if found else None


async def _with_places(session: AsyncSession, rows: Sequence[object]) -> list[Account]:
    places: dict[int, set[str]] = {}
    for row in await session.execute(select(tables.account_place)):
        places.setdefault(row.account_id, set()).add(row.place)
    return [_account(row, places) for row in rows]


def _account(row: object, places: dict[int, set[str]]) -> Account:
    value = dict(row)  # type: ignore[call-overload]
    return Account(
        id=value["id"], email=value["email"], role=value["role"], language=value["language"],
        disabled=value["disabled"], created=value["created"], places=frozenset(places.get(value["id"], ())),
        has_second_factor=value["totp_confirmed"], password_hash=value["password_hash"],
        totp_secret=value["totp_secret"], totp_last_step=value["totp_last_step"],
    )  # fmt: skip


async def add(
    session: AsyncSession, email: str, role: str, places: Iterable[str], language: str, at: int
) -> int:
    """A new account without a password; its number."""
    row = {
        "email": email.strip().lower(), "role": role, "language": language, "disabled": False, "created": at,
        "totp_confirmed": False, "totp_last_step": 0,
    }  # fmt: skip
    made = await session.execute(insert(tables.account).values(**row).returning(tables.account.c.id))
    account_id = int(made.scalar_one())
    await set_places(session, account_id, places)
    return account_id


async def set_places(session: AsyncSession, account_id: int, places: Iterable[str]) -> None:
    """Give an account these places and no others."""
    table = tables.account_place
    await session.execute(delete(table).where(table.c.account_id == account_id))
    if rows := [{"account_id": account_id, "place": place} for place in sorted(set(places))]:
        await session.execute(insert(table), rows)


async def change(session: AsyncSession, account_id: int, **values: object) -> None:
    """Write columns of an account."""
    table = tables.account
    await session.execute(update(table).where(table.c.id == account_id).values(**values))


async def invite(session: AsyncSession, account_id: int, at: int) -> str:
    """A new code to choose a password with, good once; older ones end."""
    code, table = new_code(), tables.invitation
    await session.execute(delete(table).where(table.c.account_id == account_id))
    row = {"digest": token_digest(code), "account_id": account_id, "expires": at + INVITATION_LASTS}
    await session.execute(insert(table).values(**row))
    return code


async def forget_factors(session: AsyncSession, account_id: int) -> None:
    """Take password, second factor and recovery codes away: only a new invitation leads in again."""
    await change(session, account_id, password_hash=None, totp_secret=None, totp_confirmed=False)
    codes = tables.recovery_code
    await session.execute(delete(codes).where(codes.c.account_id == account_id))


async def invited(session: AsyncSession, typed: str, at: int) -> Account | None:
    """Whom the code of an invitation is for; None when it is used, too old or not ours."""
    table = tables.invitation
    query = select(table.c.account_id).where(
        table.c.digest == token_digest(plain_code(typed)), table.c.expires > at
    )
    found = (await session.execute(query)).scalar()
    account = await by_id(session, found) if found is not None else None
    return account if account and not account.disabled else None


async def use_invitation(session: AsyncSession, account_id: int) -> None:
    """End every invitation of an account."""
    table = tables.invitation
    await session.execute(delete(table).where(table.c.account_id == account_id))
