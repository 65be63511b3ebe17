"""Referral slips: a code for one service, need, place and day. No person is in it, and none can be found by it.

The person shows the code, the desk marks what came of it, and whoever holds the code can ask. A slip that nobody
marked ends after thirty days; every slip is deleted some months later.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Table, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from content.places import Places
from referrals import slip_codes
from referrals.clocks import day_in
from referrals.database import Sessions
from referrals.outcomes import place_of
from referrals.tables import Base, Service

LASTS = timedelta(days=30)
KEPT = timedelta(days=120)
MARKS = ("attended", "waiting_list", "sent_on", "refused")
# Why a desk refuses; a closed list, so that nothing about a person is written into it.
WHY = ("full", "not_for_this_person", "papers_missing", "not_done_here", "come_another_day")
ELSEWHERE = "elsewhere"  # sent on to a place that is not in our directory
_slip: Table = Base.metadata.tables["referral_slip"]


@dataclass(frozen=True)
class Slip:
    """A slip as desk and person see it. `status` is one of the marks, open or expired."""

    service_id: str
    service: str
    need: str
    place: str
    issued: date
    expires: date
    status: str
    sent_to: str | None = None
    why: str | None = None


class Slips:
    """Issues, finds and marks slips."""

    def __init__(
        self, sessions: Sessions, places: Places, secret: bytes, earlier: Sequence[bytes] = ()
    ) -> None:
        self._sessions = sessions
        self._places = places
        self._digests = slip_codes.Digests(secret, earlier)

    async def issue(self, service_id: str, need: str, place: str, moment: datetime) -> str | None:
        """A new code for a service; None when the service is gone. Old slips are deleted on the way."""
        day = day_in(place, self._places, moment)
        code = slip_codes.new_code()
        async with self._sessions.writing() as session:
            await session.execute(delete(_slip).where(_slip.c.issued < day - KEPT))
            if await place_of(session, service_id) is None:
                return None
            row = {
                "code": self._known(code)[0], "need": need, "service_id": service_id, "place": place,
                "issued": day, "expires": day + LASTS, "status": "open",
            }  # fmt: skip
            await session.execute(insert(_slip).values(**row))
        return code

    async def find(self, code: str, moment: datetime) -> Slip | None:
        """The slip of a code, mistyped letters forgiven; None when there is none."""
        if slip_codes.plain(code) is None:
            return None
        async with self._sessions.reading() as session:
            return await self._find(session, code, moment)

    async def mark(
        self, code: str, mark: str, moment: datetime, *, why: str | None = None, sent_to: str | None = None
    ) -> Slip | None:
        """What came of a slip; marking again corrects it. None when the code is not known or has expired.

        ValueError for a mark that is not in the list, or one that lacks its reason or where the person was sent.
        """
        _check(mark, why, sent_to)
        if slip_codes.plain(code) is None:
            return None
        async with self._sessions.writing() as session:
            found = await self._find(session, code, moment)
            if found is None or found.status == "expired":
                return None
            if sent_to not in (None, ELSEWHERE) and await place_of(session, str(sent_to)) is None:
                raise ValueError(f"{sent_to!r} is not a service of the directory")
            marking = update(_slip).where(_slip.c.code.in_(self._known(code)))
            await session.execute(marking.values(status=mark, why=why, sent_to=sent_to))
            return await self._find(session, code, moment)

    def _known(self, code: str) -> tuple[str, ...]:
        return self._digests.known(slip_codes.plain(code) or "")

    async def _find(self, session: AsyncSession, code: str, moment: datetime) -> Slip | None:
        query = (
            select(_slip, Service.name)
            .join(Service, Service.id == _slip.c.service_id)
            .where(_slip.c.code.in_(self._known(code)))
        )
        row = (await session.execute(query)).mappings().first()
        if row is None:
            return None
        over = row["status"] == "open" and day_in(row["place"], self._places, moment) > row["expires"]
        return Slip(
            service_id=row["service_id"], service=row["name"], need=row["need"], place=row["place"],
            issued=row["issued"], expires=row["expires"], status="expired" if over else row["status"],
            sent_to=row["sent_to"], why=row["why"],
        )  # fmt: skip


def _check(mark: str, why: str | None, sent_to: str | None) -> None:
    if mark not in MARKS:
        raise ValueError(f"{mark!r} is not what can come of a slip; there are {', '.join(MARKS)}")
    if (mark == "refused") != (why is not None) or (why is not None and why not in WHY):
        raise ValueError("a refusal, and nothing else, needs one of the reasons")
    if (mark == "sent_on") != (sent_to is not None):
        raise ValueError("sending on, and nothing else, needs a place to send to")
