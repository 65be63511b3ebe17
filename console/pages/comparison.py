"""Places beside each other, for everybody who works here: what one place does well is what the next can take over.

It shows what is public (services, answers, released figures), so that a place is no limit here.
"""

from __future__ import annotations

import asyncio

from starlette.responses import Response
from starlette.routing import BaseRoute

from console import audit, demand, holdings
from console.beside import Comparison
from console.comparing import as_csv, comparison
from console.policy import EVERYBODY, Page
from console.visit import Visit
from demand.reports.labels import SIMULATED


def routes() -> list[BaseRoute]:
    """The page and its file."""
    return [
        Page("/comparison", comparison_page, EVERYBODY),
        Page("/comparison/download", comparison_file, EVERYBODY),
    ]


async def _compared(visit: Visit) -> Comparison:
    async with visit.desk.sessions.reading() as reading:
        found = await holdings.counted(reading, visit.desk.library, visit.desk.moment())
    released = await demand.releases(visit)
    given = (visit.desk.library, found, released, visit.desk.moment(), visit.w)
    return await asyncio.to_thread(comparison, *given)


async def comparison_page(visit: Visit) -> Response:
    """Good practices and open gaps of each place."""
    return visit.page("comparison.html", shown=await _compared(visit), simulated=SIMULATED)


async def comparison_file(visit: Visit) -> Response:
    """The same tables as a file."""
    content = as_csv(await _compared(visit), visit.w)
    async with visit.desk.sessions.writing() as writing:
        await audit.note(writing, visit.desk.now(), visit.account.email, "comparison.download", "csv")
    name = f"orienta-places-{visit.desk.moment():%Y-%m-%d}.csv"
    return Response(
        content,
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
