"""For coordinators: released figures with their downloads, what content and directory cover, places side by side."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import BaseRoute

from console import audit, demand, records, showing
from console.labels import READINESS
from console.pages.working import MadeFile, file_made, page_made
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


async def coverage(visit: Visit) -> Response:
    """Places side by side: services, how fresh, which needs have none; and readiness."""
    return await page_made(visit, visit.w("Coverage"), _covered(visit), _coverage_page)


async def _covered(visit: Visit) -> dict[str, Any]:
    async with visit.desk.sessions.reading() as reading:
        found = [one for one in await records.listed(reading, visit.places) if one.status == "active"]
    return await asyncio.to_thread(_counted, visit, found)


def _counted(visit: Visit, found: Sequence[ServiceRecord]) -> dict[str, Any]:
    by_place: dict[str, list[ServiceRecord]] = {
        code: [] for code in visit.desk.every_place if code in visit.places
    }
    for one in found:
        by_place[one.place].append(one)
    attended = {code: Counter(need for one in mine for need in one.needs) for code, mine in by_place.items()}
    today = visit.desk.moment().date()
    listed = [one for one in visit.desk.library.places.all if one.code in visit.places]
    ready = [(one, rules, is_ready(rules)) for one in listed
             if (rules := readiness(visit.desk.library.collection, one, today)) is not None]  # fmt: skip
    return {
        "states": [_state(visit, code, mine) for code, mine in by_place.items()],
        "needs": [
            (need.code, [attended[code][need.code] for code in by_place])
            for need in visit.desk.library.taxonomy.needs.values()
        ],
        "ready": ready,
        "places": list(by_place),
    }


def _coverage_page(visit: Visit, counted: dict[str, Any]) -> Response:
    return visit.page(
        "coverage.html", **counted, titles=visit.desk.library.taxonomy.needs, rule_names=READINESS,
        names=[visit.desk.place_name(code, visit.w) for code in counted["places"]],
    )  # fmt: skip


def _state(visit: Visit, place: str, mine: Sequence[ServiceRecord]) -> PlaceState:
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
