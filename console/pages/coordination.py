"""For coordinators: released figures with their downloads."""

from __future__ import annotations

import asyncio

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import BaseRoute

from console import audit, demand
from console.pages.working import MadeFile, file_made
from console.policy import OVERSEERS, Page
from console.visit import Visit
from demand.reports.criteria import CRITERIA
from demand.reports.formats import DOCUMENT_FORMATS, as_csv
from demand.reports.formats import shown as shown_cell
from demand.reports.labels import Labels

_KINDS = {
    "xlsx": (".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv": (".csv", "text/csv; charset=utf-8"), "html": (".html", "text/html"), "text": (".txt", "text/plain"),
}  # fmt: skip


def routes() -> list[BaseRoute]:
    """The routes of coordinators."""
    return [
        Page("/reports", reports, OVERSEERS),
        Page("/reports/criteria/{number:int}", criterion, OVERSEERS),
        Page("/reports/download/{form_id}", download, OVERSEERS),
    ]


async def reports(visit: Visit) -> Response:
    """What was needed and not met, as released: released figures are for publication and name no place's people."""
    place = _place(visit)
    found = await demand.releases(visit)
    document = await demand.document(visit, found, place)
    return _report(visit, document, place, "/reports")


def _place(visit: Visit) -> str | None:
    place = visit.asked("place")
    return place if place in visit.desk.library.places else None


def _report(visit: Visit, document: object, place: str | None, at: str) -> Response:
    names = [(p.code, p.name(visit.w.language)) for p in visit.desk.library.places.open]
    return visit.page(
        "report.html", document=document, place=place or "", places=names, cell=lambda one: shown_cell(one, visit.w),
        kinds=list(_KINDS), criteria=CRITERIA, at=at,
    )  # fmt: skip


async def criterion(visit: Visit) -> Response:
    """The page of a draft criterion for a City of Solidarity."""
    number = visit.request.path_params["number"]
    if number not in CRITERIA:
        raise HTTPException(404)
    document = await demand.document(visit, await demand.releases(visit), None, number)
    return _report(visit, document, None, f"/reports/criteria/{number}")


async def download(visit: Visit) -> Response:
    """The report as a file."""
    form = visit.request.path_params["form_id"]
    if form not in _KINDS:
        raise HTTPException(404)
    place = _place(visit)
    name = f"orienta-{place or 'all'}-{visit.desk.moment():%Y-%m-%d}{_KINDS[form][0]}"
    return await file_made(visit, name, _report_file(visit, form, place, name))


async def _report_file(visit: Visit, form: str, place: str | None, name: str) -> MadeFile:
    found = await demand.releases(visit)
    if form == "csv":
        chosen = [one for one in found if place is None or one.place in (place, "all")]
        labels, phrases = Labels(visit.desk.library, visit.w), await demand.phrases(visit)
        content = await asyncio.to_thread(as_csv, chosen, labels, phrases)
    else:
        document = await demand.document(visit, found, place)
        content = await asyncio.to_thread(DOCUMENT_FORMATS[form], document)
    async with visit.desk.sessions.writing() as writing:
        await audit.note(writing, visit.desk.now(), visit.account.email, "report.download", form, place or "")
    return MadeFile(name, content, _KINDS[form][1])
