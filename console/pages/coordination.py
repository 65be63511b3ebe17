"""For coordinators: released figures with their downloads, what content and directory cover, places side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import BaseRoute

from console import audit, demand, records, showing
from console.labels import READINESS
from console.policy import COORDINATORS, OVERSEERS, PLACE_COORDINATORS, Page
from console.visit import Visit
from content.readiness import is_ready, readiness
from demand.reports.criteria import CRITERIA
from demand.reports.formats import DOCUMENT_FORMATS, as_csv
from demand.reports.formats import shown as shown_cell
from demand.reports.labels import Labels
from referrals.records import ServiceRecord

_KINDS = {
    "xlsx": (".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv": (".csv", "text/csv; charset=utf-8"), "html": (".html", "text/html"), "text": (".txt", "text/plain"),
}  # fmt: skip


@dataclass(frozen=True)
class PlaceState:
    """What the directory of a place says of itself."""

    place: str
    services: int
    fresh: int
    hours: int
    phones: int
    needs: int


def routes() -> list[BaseRoute]:
    """The routes of coordinators."""
    return [
        Page("/reports", reports, OVERSEERS),
        Page("/reports/criteria/{number:int}", criterion, OVERSEERS),
        Page("/reports/download/{form_id}", download, OVERSEERS),
        Page("/coverage", coverage, COORDINATORS),
        Page("/coverage/{place}", coverage_of, PLACE_COORDINATORS),
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
    place, found = _place(visit), await demand.releases(visit)
    if form == "csv":
        content = as_csv([one for one in found if place is None or one.place in (place, "all")],
                         Labels(visit.desk.library, visit.w), await demand.phrases(visit))  # fmt: skip
    else:
        content = DOCUMENT_FORMATS[form](await demand.document(visit, found, place))
    async with visit.desk.sessions.writing() as writing:
        await audit.note(writing, visit.desk.now(), visit.account.email, "report.download", form, place or "")
    suffix, kind = _KINDS[form]
    name = f"orienta-{place or 'all'}-{visit.desk.moment():%Y-%m-%d}{suffix}"
    return Response(
        content, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


async def coverage(visit: Visit) -> Response:
    """Places side by side: services, how fresh, which needs have none; and readiness."""
    async with visit.desk.sessions.reading() as reading:
        found = [one for one in await records.listed(reading, visit.places) if one.status == "active"]
    taxonomy, language = visit.desk.library.taxonomy, visit.w.language
    places = [code for code in visit.desk.every_place if code in visit.places]
    needs = [
        (
            need.title(language),
            [sum(need.code in o.needs and o.place == code for o in found) for code in places],
        )
        for need in taxonomy.needs.values()
    ]
    today = visit.desk.moment().date()
    listed = [one for one in visit.desk.library.places.all if one.code in visit.places]
    ready = [(one, rules, is_ready(rules)) for one in listed
             if (rules := readiness(visit.desk.library.collection, one, today)) is not None]  # fmt: skip
    return visit.page(
        "coverage.html", states=[_state(visit, code, found) for code in places], needs=needs, ready=ready,
        names=[visit.desk.place_name(code, visit.w) for code in places], rule_names=READINESS,
    )  # fmt: skip


def _state(visit: Visit, place: str, found: Sequence[ServiceRecord]) -> PlaceState:
    mine = [one for one in found if one.place == place]
    today = visit.today(place)
    return PlaceState(
        place, len(mine), sum(not showing.is_due(one, today) for one in mine),
        sum(one.opening_hours is not None for one in mine), sum(bool(one.phones) for one in mine),
        len({need for one in mine for need in one.needs}),
    )  # fmt: skip


async def coverage_of(visit: Visit) -> Response:
    """What each need's answer of a place rests on: written, dated, in the reader's languages."""
    place = visit.request.path_params["place"]
    if place not in visit.desk.library.places:
        raise HTTPException(404)
    library, moment = visit.desk.library, visit.desk.moment()
    rows = [
        (
            need.title(visit.w.language),
            [library.answer(need.code, place, code, moment) for code in ("es", "pt", "en", "fr", "ht")],
        )
        for need in library.taxonomy.needs.values()
    ]
    return visit.page("coverage_place.html", name=visit.desk.place_name(place, visit.w), rows=rows)
