"""Services: what waits for whoever signs in, and the list of their places. Nothing is changed from here."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.responses import Response
from starlette.routing import BaseRoute

from console import records, showing
from console.labels import FIELDS, WHYS
from console.policy import EVERYBODY, READERS, Page
from console.visit import Visit
from content.folding import folded
from referrals.records import ServiceRecord

_PAGE = 50
_DAY_ZERO = "0000"


def routes() -> list[BaseRoute]:
    """The routes of the list."""
    return [Page("/", first_page, EVERYBODY), Page("/services", services, READERS)]


async def first_page(visit: Visit) -> Response:
    """What waits for whoever signs in."""
    async with visit.desk.sessions.reading() as reading:
        found = await records.listed(reading, visit.places)
        latest = await records.latest(reading, visit.places, 6)
    active = [record for record in found if record.status == "active"]
    due = [record for record in active if showing.is_due(record, visit.today(record.place))]
    return visit.page(
        "home.html", every=len(found), services=len(active), due=len(due), latest=latest, names={r.id: r.name for r in found},
        whys=WHYS, fields=FIELDS,
    )  # fmt: skip


async def services(visit: Visit) -> Response:
    """The list of the visitor's places, filtered, sorted and searched by its address."""
    async with visit.desk.sessions.reading() as reading:
        found = await records.listed(reading, visit.places)
    kept = _sorted(_filtered(visit, found), visit.asked("sort"))
    number = int(visit.asked("page")) if visit.asked("page").isdecimal() and visit.asked("page") != "0" else 1
    number = min(number, 10_000)
    start = (number - 1) * _PAGE
    query = {name: visit.asked(name) for name in ("q", "place", "state", "need", "sort")}
    return visit.page(
        "services.html", found=kept[start : start + _PAGE], count=len(kept), every=len(found), query=query,
        number=number, more=len(kept) > start + _PAGE, showing=showing, w_needs=_needs(visit, found),
        places=[(code, visit.desk.place_name(code, visit.w)) for code in sorted(visit.places)],
    )  # fmt: skip


def _needs(visit: Visit, found: Sequence[ServiceRecord]) -> list[tuple[str, str]]:
    codes = sorted({need for record in found for need in record.needs})
    known = visit.desk.library.taxonomy.needs
    return [(code, known[code].title(visit.w.language)) for code in codes if code in known]


def _filtered(visit: Visit, found: Sequence[ServiceRecord]) -> list[ServiceRecord]:
    words = folded(visit.asked("q")).split()
    place, state, need = visit.asked("place"), visit.asked("state"), visit.asked("need")
    return [
        record
        for record in found
        if (not place or record.place == place)
        and (not need or need in record.needs)
        and _in_state(visit, record, state)
        and all(word in _searched(record) for word in words)
    ]


def _searched(record: ServiceRecord) -> str:
    parts = (record.name, record.organization.name, record.district or "", record.address or "", record.id)
    return folded(" ".join((*parts, *record.phones)))


def _in_state(visit: Visit, record: ServiceRecord, state: str) -> bool:
    today = visit.today(record.place)
    if state == "inactive":
        return record.status == "inactive"
    wanted = {
        "due": showing.is_due(record, today), "closed": showing.is_shut(record, today),
        "full": showing.is_full(record, today), "hours": record.opening_hours is None,
    }  # fmt: skip
    return record.status == "active" and wanted.get(state, True)


def _sorted(found: list[ServiceRecord], sort: str) -> list[ServiceRecord]:
    if sort == "checked":
        return sorted(found, key=lambda record: (record.assured_date or _DAY_ZERO, record.name))
    if sort == "newest":
        return sorted(found, key=lambda record: record.assured_date or _DAY_ZERO, reverse=True)
    return sorted(found, key=lambda record: folded(record.name))
