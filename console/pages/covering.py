"""For coordinators: what content and directory cover, how fresh it is, and whether a place is ready to be open.

Tables are sorted by the links in their heads. Places are those of the reader, in the query.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from operator import attrgetter
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import BaseRoute

from console import records, showing
from console.labels import READINESS
from console.pages.working import page_made
from console.policy import COORDINATORS, PLACE_COORDINATORS, Page
from console.sorting import Order
from console.visit import Visit
from content.answers import LANGUAGES
from content.folding import folded
from content.freshness import last_checked
from content.library import Shown
from content.readiness import is_ready, readiness
from content.taxonomy import Need
from referrals.records import ServiceRecord

# A need, its answer in each language, and the day that the answer is as fresh as.
AnswerRow = tuple[str, list[Shown | None], date | None]


@dataclass(frozen=True)
class PlaceState:
    """What the directory of a place says of itself."""

    place: str
    name: str
    services: int
    fresh: int
    hours: int
    phones: int
    needs: int


_STATE_KEYS: Mapping[str, Callable[[PlaceState], Any]] = {
    "place": lambda one: folded(one.name),
    **{name: attrgetter(name) for name in ("services", "fresh", "hours", "phones", "needs")},
}


def _written(at: int) -> Callable[[AnswerRow], Any]:
    def is_written(row: AnswerRow) -> bool:
        shown = row[1][at]
        return shown is not None and shown.in_asked_language

    return is_written


_ANSWER_KEYS: Mapping[str, Callable[[AnswerRow], Any]] = {
    "need": lambda row: folded(row[0]),
    **{code: _written(at) for at, code in enumerate(LANGUAGES)},
    "fresh": lambda row: row[2] or date.min,
}


def routes() -> list[BaseRoute]:
    """The routes of coverage."""
    return [
        Page("/coverage", coverage, COORDINATORS),
        Page("/coverage/{place}", coverage_of, PLACE_COORDINATORS),
    ]


async def coverage(visit: Visit) -> Response:
    """Places side by side: services, how fresh, which needs have none; and readiness."""
    # The page may come later, from an address that does not say any more how it was to be sorted.
    asked = visit.asked("sort"), visit.asked("need")
    return await page_made(
        visit, visit.w("Coverage"), _covered(visit), partial(_coverage_page, sort=asked[0], need=asked[1])
    )


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
        "states": list(by_place.items()),
        "needs": [
            (need.code, [attended[code][need.code] for code in by_place])
            for need in visit.desk.library.taxonomy.needs.values()
        ],
        "ready": ready,
        "places": list(by_place),
    }


def _coverage_page(visit: Visit, counted: dict[str, Any], sort: str, need: str) -> Response:
    w, titles, places = visit.w, visit.desk.library.taxonomy.needs, counted["places"]
    columns = (
        ("place", w("Place")), ("services", w("Services")), ("fresh", w("checked within a year")),
        ("hours", w("with hours")), ("phones", w("with a telephone")), ("needs", w("needs attended to")),
    )  # fmt: skip
    need_columns = [("need", w("Need")), *((code, visit.desk.place_name(code, w)) for code in places)]
    by, by_need = Order(sort, _names(columns)), Order(need, _names(need_columns))
    rows = [(titles[code].title(w.language), counts) for code, counts in counted["needs"]]
    return visit.page(
        "coverage.html", columns=columns, by=by, need_columns=need_columns, by_need=by_need,
        states=by.apply([_state(visit, *one) for one in counted["states"]], _STATE_KEYS),
        needs=by_need.apply(rows, _need_keys(places)), ready=counted["ready"], rule_names=READINESS,
    )  # fmt: skip


def _names(columns: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(name for name, _ in columns)


def _need_keys(places: Sequence[str]) -> dict[str, Callable[[tuple[str, list[int]]], Any]]:
    def count_in(at: int) -> Callable[[tuple[str, list[int]]], Any]:
        return lambda row: row[1][at]

    return {"need": lambda row: folded(row[0]), **{code: count_in(at) for at, code in enumerate(places)}}


def _state(visit: Visit, place: str, mine: Sequence[ServiceRecord]) -> PlaceState:
    today = visit.today(place)
    return PlaceState(
        place, visit.desk.place_name(place, visit.w), len(mine), sum(not showing.is_due(one, today) for one in mine),
        sum(one.opening_hours is not None for one in mine), sum(bool(one.phones) for one in mine),
        len({need for one in mine for need in one.needs}),
    )  # fmt: skip


async def coverage_of(visit: Visit) -> Response:
    """What each need's answer of a place rests on: written, dated, in the reader's languages."""
    place = visit.request.path_params["place"]
    if place not in visit.desk.library.places:
        raise HTTPException(404)
    library, w = visit.desk.library, visit.w
    columns = (("need", w("Need")), *((code, code) for code in LANGUAGES), ("fresh", w("How fresh")))
    by = Order(visit.asked("sort"), _names(columns))
    rows = [_answers(visit, need, place) for need in library.taxonomy.needs.values()]
    return visit.page(
        "coverage_place.html", name=visit.desk.place_name(place, w), place=place, columns=columns, by=by,
        rows=by.apply(rows, _ANSWER_KEYS),
    )  # fmt: skip


def _answers(visit: Visit, need: Need, place: str) -> AnswerRow:
    library, moment = visit.desk.library, visit.desk.moment()
    shown = [library.answer(need.code, place, code, moment) for code in LANGUAGES]
    known = shown[0] is not None and not shown[0].missing
    checked = last_checked(library, need.code, place, moment.date()) if known else None
    return need.title(visit.w.language), shown, checked
