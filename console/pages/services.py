"""Services: what waits for whoever signs in, and the list of their places. Nothing is changed from here."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.responses import Response
from starlette.routing import BaseRoute

from console import finding, records, showing
from console.labels import FIELDS, WHYS
from console.policy import EVERYBODY, READERS, Page
from console.visit import Visit

_PAGE = 50


def routes() -> list[BaseRoute]:
    """The routes of the list."""
    return [Page("/", first_page, EVERYBODY), Page("/services", services, READERS)]


async def first_page(visit: Visit) -> Response:
    """What waits for whoever signs in."""
    async with visit.desk.sessions.reading() as reading:
        found = await finding.tally(reading, visit.todays)
        latest = await records.latest(reading, visit.places, 6)
        names = await finding.names(reading, {one.service_id for one in latest}, visit.places)
    return visit.page(
        "home.html", every=found.every, services=found.active, due=found.due, latest=latest, names=names,
        whys=WHYS, fields=FIELDS,
    )  # fmt: skip


async def services(visit: Visit) -> Response:
    """The list of the visitor's places, filtered, sorted and searched by its address."""
    query = {name: visit.asked(name) for name in ("q", "place", "state", "need", "sort")}
    wanted = finding.Wanted(query["q"], query["place"], query["state"], query["need"], query["sort"])
    number = int(visit.asked("page")) if visit.asked("page").isdecimal() and visit.asked("page") != "0" else 1
    number = min(number, 10_000)
    start = (number - 1) * _PAGE
    async with visit.desk.sessions.reading() as reading:
        found, count = await finding.page(reading, wanted, visit.todays, _PAGE, start)
        every = count or (await finding.tally(reading, visit.todays)).every
        needs = await visit.desk.remembered.get(
            reading, ("needs", *sorted(visit.places)), lambda: finding.needs(reading, visit.places)
        )
    return visit.page(
        "services.html", found=found, count=count, every=every, query=query,
        number=number, more=count > start + _PAGE, showing=showing, w_needs=_titles(visit, needs),
        places=[(code, visit.desk.place_name(code, visit.w)) for code in sorted(visit.places)],
    )  # fmt: skip


def _titles(visit: Visit, codes: Iterable[str]) -> list[tuple[str, str]]:
    known = visit.desk.library.taxonomy.needs
    return [(code, known[code].title(visit.w.language)) for code in codes if code in known]
