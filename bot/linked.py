"""Who works here and linked their own chat: by a code that is good once, for the places they look after.

These chats are the only ones ever kept, encrypted with the key of the installation; only who has the code and uses it
is here, and each can be listed and removed. Nobody who asks for help is ever written down.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import RowMapping, Table, delete, insert, or_, select, update
from sqlalchemy.exc import SQLAlchemyError

from bot.conversation.events import Caseworker
from bot.logs import describe, get_log
from console.keys import Cipher, key_for
from console.renewal import Renewal, renewed
from console.sessions import end_in_chat
from referrals.database import Sessions
from referrals.slip_codes import new_code, plain
from referrals.tables import Base

CODE_LASTS = timedelta(days=1)
# What a role may do from the chat: change services; be told of money asked for and of refusals.
WRITE = frozenset(("caseworker", "admin"))
OVERSEE = frozenset(("coordinator", "admin"))
_LOOK_AGAIN_AFTER = 2.0
_PATIENCE = 0.5
_link: Table = Base.metadata.tables["caseworker_link"]
_log = get_log("linked")


@dataclass(frozen=True)
class Link:
    """One line of the list: who, for which places, since when; or until when their code waits."""

    email: str
    places: tuple[str, ...]
    linked: datetime | None
    code_expires: datetime | None
    role: str = "caseworker"


@dataclass(frozen=True)
class Overseer:
    """A linked coordinator or administrator: for which places, and until which day they have been told."""

    email: str
    places: tuple[str, ...]
    told: date | None
    chat: int = field(repr=False)


class Links:
    """The linked chats of one installation."""

    def __init__(
        self, sessions: Sessions, secret: bytes, clock: Callable[[], datetime],
        seconds: Callable[[], float] = time.monotonic, earlier: Sequence[bytes] = (),
    ) -> None:  # fmt: skip
        self._cipher = Cipher([key_for(one, "orienta caseworker chat") for one in (secret, *earlier)])
        self._digest_keys = [key_for(one, "orienta caseworker code") for one in (secret, *earlier)]
        self._sessions = sessions
        self._clock = clock
        self._seconds = seconds
        self._known: dict[int, Caseworker] = {}
        self._looked_at: float | None = None
        self._reading: asyncio.Task[None] | None = None

    async def new_code(self, email: str, places: Collection[str], role: str = "caseworker") -> str:
        """A code for somebody, good once and for a day; an older code, and an older link, end."""
        code, mail = new_code(), email.strip().lower()
        row = {
            "email": mail, "places": sorted(set(places)), "code_digest": self._digests(code)[0],
            "code_expires": self._clock() + CODE_LASTS, "chat": None, "linked": None, "role": role,
        }  # fmt: skip
        async with self._sessions.writing() as session:
            await end_in_chat(session, mail)
            await session.execute(delete(_link).where(_link.c.email == mail))
            await session.execute(insert(_link).values(**row))
        self._looked_at = None
        return code

    async def link(self, code: str, chat: int) -> Caseworker | None:
        """Link a chat by its code; None when the code is used, too old or not ours."""
        if plain(code) is None:
            return None
        async with self._sessions.writing() as session:
            query = select(_link).where(_link.c.code_digest.in_(self._digests(code)))
            row = (await session.execute(query)).mappings().first()
            if row is None or _aware(row["code_expires"]) < self._clock():
                return None
            hidden = self._cipher.hide(str(chat))
            values = {"chat": hidden, "linked": self._clock(), "code_digest": None, "code_expires": None}
            # By the code again: of two who use it at the same moment, one is linked.
            using = update(_link).where(_link.c.code_digest.in_(self._digests(code))).values(**values)
            if (await session.execute(using.returning(_link.c.email))).first() is None:
                return None
        self._looked_at = None
        return _worker(row)

    async def who(self, chat: int) -> Caseworker | None:
        """The caseworker of a chat; a database that is away or slow leaves what was known."""
        if self._looked_at is None or self._seconds() - self._looked_at > _LOOK_AGAIN_AFTER:
            self._looked_at = self._seconds()
            if self._reading is None:
                self._reading = asyncio.create_task(self._look())
            # Nobody waits for long: most who write are no caseworkers.
            await asyncio.wait({self._reading}, timeout=_PATIENCE)
        return self._known.get(chat)

    async def _look(self) -> None:
        try:
            self._known = await self._read()
        except (SQLAlchemyError, OSError) as error:
            _log.warning("links not readable", error=describe(error))
        finally:
            self._reading = None

    async def listed(self) -> tuple[Link, ...]:
        """Everybody who is linked or has a code that waits, by e-mail; never a chat."""
        async with self._sessions.reading() as session:
            rows = (await session.execute(select(_link).order_by(_link.c.email))).mappings().all()
        return tuple(
            Link(row["email"], tuple(row["places"]), row["linked"], row["code_expires"], row["role"])
            for row in rows
        )

    async def of(self, email: str) -> Link | None:
        """Somebody's link, or their code that waits."""
        mail = email.strip().lower()
        return next((one for one in await self.listed() if one.email == mail), None)

    async def change(self, email: str, places: Collection[str], role: str) -> None:
        """Let a link follow its account, which has other places or another role now."""
        values = {"places": sorted(set(places)), "role": role}
        async with self._sessions.writing() as session:
            mine = update(_link).where(_link.c.email == email.strip().lower())
            await session.execute(mine.values(**values))
        self._looked_at = None

    async def overseers(self) -> tuple[Overseer, ...]:
        """The linked coordinators and administrators, to be told what was reported."""
        return tuple(
            Overseer(row["email"], tuple(row["places"]), row["told"], chat)
            for chat, row in await self._linked_rows()
            if row["role"] in OVERSEE
        )

    async def take_told(self, email: str, day: date) -> bool:
        """Mark that somebody is told everything until a day; False when another process did."""
        untold = (_link.c.email == email, or_(_link.c.told.is_(None), _link.c.told < day))
        async with self._sessions.writing() as session:
            taken = update(_link).where(*untold).values(told=day).returning(_link.c.email)
            return (await session.execute(taken)).first() is not None

    async def give_told_back(self, email: str, day: date | None) -> None:
        """Somebody was not told after all, and knows what happened until this day."""
        async with self._sessions.writing() as session:
            await session.execute(update(_link).where(_link.c.email == email).values(told=day))

    async def unlink(self, email: str) -> bool:
        """Remove a caseworker's link, and what its chat has proven; False when there is none."""
        mail = email.strip().lower()
        async with self._sessions.writing() as session:
            await end_in_chat(session, mail)
            gone = delete(_link).where(_link.c.email == mail).returning(_link.c.email)
            removed = (await session.execute(gone)).first() is not None
        self._looked_at = None
        return removed

    async def renew(self, *, write: bool = True) -> Renewal:
        """Every chat encrypted with the present key; without `write`, only counted."""
        async with self._sessions.writing() as session:
            return await renewed(session, self._cipher, _link.c.chat, write=write)

    async def _read(self) -> dict[int, Caseworker]:
        return {chat: _worker(row) for chat, row in await self._linked_rows()}

    async def _linked_rows(self) -> list[tuple[int, RowMapping]]:
        async with self._sessions.reading() as session:
            rows = (await session.execute(select(_link).where(_link.c.chat.is_not(None)))).mappings().all()
        known = []
        for row in rows:
            chat = self._cipher.show(row["chat"])
            if chat is not None:  # otherwise none of our keys opens it: nobody is taken for another
                known.append((int(chat), row))
        return known

    def _digests(self, code: str) -> list[str]:
        typed = (plain(code) or "").encode()
        return [hmac.new(key, typed, hashlib.sha256).hexdigest() for key in self._digest_keys]


def _worker(row: RowMapping) -> Caseworker:
    return Caseworker(row["email"], tuple(row["places"]), may_write=row["role"] in WRITE)


def _aware(moment: datetime) -> datetime:
    """SQLite gives moments back without their zone; they were written in UTC."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
