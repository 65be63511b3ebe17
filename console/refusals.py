"""What was refused, in the audit log: a role, a place, a form from elsewhere, too many requests.

An entry names the route by its pattern and the place by its code: what somebody wrote into an address or a form
stands nowhere. One account fills at most sixty rows at once and one more a minute, so that nobody floods the log.
"""

from __future__ import annotations

from sqlalchemy import select
from starlette.exceptions import HTTPException

from console import audit
from console.pace import Allowance, Pace
from console.tables import revision
from console.visit import Visit
from referrals.tables import Service

NOBODY = "not signed in"
ROWS = Allowance(60, 1 / 60)
# Whoever is not signed in shares a smaller store by network.
_ROWS_OF_NETWORK = Allowance(10, 1 / 300)


class Refusals:
    """Notes refusals, a bounded number of each account and of each network."""

    def __init__(self) -> None:
        self._accounts, self._networks = Pace(ROWS), Pace(_ROWS_OF_NETWORK)

    async def note(self, visit: Visit, why: str, place: str = "", subject: str = "") -> None:
        """Add a row `refused.<why>`, unless there were too many of them."""
        from console.networks import network_behind

        somebody, now = visit.somebody, visit.desk.moment().timestamp()
        if somebody is not None:
            let = self._accounts.take(str(somebody.id), now)
        else:
            let = self._networks.take(network_behind(visit.request), now)
        if not let:
            return
        who = somebody.email if somebody else NOBODY
        detail = {"route": visit.route, "method": visit.request.method}
        async with visit.desk.sessions.writing() as writing:
            await audit.note(writing, visit.desk.now(), who, f"refused.{why}", subject, place, detail)


async def foreign(visit: Visit) -> HTTPException:
    """404 for what is not the visitor's; noted when it is another place's, not when it is nowhere."""
    params = visit.request.path_params
    place, subject = str(params.get("place", "")), ""
    if "place" not in params:
        place, subject = await _place_of(visit, params)
    if place in visit.desk.every_place:
        await visit.desk.refusals.note(visit, "place", place, subject)
    return HTTPException(404)


async def _place_of(visit: Visit, params: dict[str, object]) -> tuple[str, str]:
    query = select(Service.place, Service.id).where(Service.id == params.get("service_id", ""))
    if "change_id" in params:
        query = select(revision.c.place, revision.c.service_id).where(revision.c.id == params["change_id"])
    async with visit.desk.sessions.reading() as reading:
        row = (await reading.execute(query)).first()
    return (row[0], row[1]) if row else ("", "")
