"""Writing a service from a page, and going on to a page that offers to undo it."""

from __future__ import annotations

from starlette.responses import Response

from console import records
from console.visit import Visit
from referrals.outcomes import Outcomes
from referrals.records import ServiceRecord


async def write(visit: Visit, before: ServiceRecord | None, after: ServiceRecord, why: str) -> int | None:
    """Write a service in the visitor's name; ChangedSinceError when somebody was faster."""
    author = records.Author(visit.account.email, visit.desk.moment())
    async with visit.desk.sessions.writing() as writing:
        made = await records.save(writing, author, before, after, why)
    # Whoever changes a service has looked at what people reported of it.
    await Outcomes(visit.desk.sessions, visit.desk.library.places).reviewed(after.id)
    return made


async def saved_to(visit: Visit, before: ServiceRecord, after: ServiceRecord, why: str) -> Response:
    """Write a service and show it."""
    try:
        return record_saved(visit, after.id, await write(visit, before, after, why))
    except records.ChangedSinceError:
        return visit.to(f"/services/{after.id}", done="faster")


def record_saved(visit: Visit, service_id: str, change: int | None) -> Response:
    """The service with a word that it was saved."""
    return visit.to(f"/services/{service_id}", done="saved" if change else "same", change=change)
