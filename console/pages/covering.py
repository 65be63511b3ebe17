"""For coordinators: what content and directory cover, how fresh it is, and whether a place is ready to be open.

Tables are sorted by the links in their heads. Places are those of the reader, in the query.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from operator import attrgetter
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import BaseRoute

from console import holdings
from console.labels import READINESS
from console.pages.working import page_made
from console.policy import COORDINATORS, PLACE_COORDINATORS, Page
from console.sorting import Order
from console.visit import Visit
from content.answers import LANGUAGES
from content.folding import folded
from content.freshness import last_checked
from content.library import Shown
from content.places import Place
from content.readiness import is_ready, readiness
from content.taxonomy import Need

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
    places = [code for code in visit.desk.every_place if code in visit.places]
    async with visit.desk.sessions.reading() as reading:
        states = await holdings.held(reading, {code: visit.today(code) for code in places})
        attended = await holdings.attended(reading, places)
    ready = await asyncio.to_thread(_ready, visit)
    return {"states": states, "attended": attended, "ready": ready, "places": places}


def _ready(visit: Visit) -> list[tuple[Place, Any, bool]]:
    library, today = visit.desk.library, visit.desk.moment().date()
    listed = [one for one in library.places.all if one.code in visit.places]
    return [(one, rules, is_ready(rules)) for one in listed
            if (rules := readiness(library.collection, one, today)) is not None]  # fmt: skip


def _coverage_page(visit: Visit, counted: dict[str, Any], sort: str, need: str) -> Response:
    w, titles, places = visit.w, visit.desk.library.taxonomy.needs, counted["places"]
    columns = (
        ("place", w("Place")), ("services", w("Services")), ("fresh", w("checked within a year")),
        ("hours", w("with hours")), ("phones", w("with a telephone")), ("needs", w("needs attended to")),
    )  # fmt: skip
    need_columns = [("need", w("Need")), *((code, visit.desk.place_name(code, w)) for code in places)]
    by, by_need = Order(sort, _names(columns)), Order(need, _names(need_columns))
    attended = counted["attended"]
    states = [_state(visit, code, one, attended) for code, one in counted["states"].items()]
    rows = [
        (one.title(w.language), [attended.get((code, one.code), 0) for code in places])
        for one in titles.values()
    ]
    return visit.page(
        "coverage.html", columns=columns, by=by, need_columns=need_columns, by_need=by_need,
        states=by.apply(states, _STATE_KEYS),
        needs=by_need.apply(rows, _need_keys(places)), ready=counted["ready"], rule_names=READINESS,
    )  # fmt: skip


def _names(columns: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(name for name, _ in columns)


def _need_keys(places: Sequence[str]) -> dict[str, Callable[[tuple[str, list[int]]], Any]]:
    def count_in(at: int) -> Callable[[tuple[str, list[int]]], Any]:
        return lambda row: row[1][at]

    return {"need": lambda row: folded(row[0]), **{code: count_in(at) for at, code in enumerate(places)}}


def _state(
    visit: Visit, place: str, one: holdings.Held, attended: Mapping[tuple[str, str], int]
) -> PlaceState:
    needs = sum(where == place for where, _ in attended)
    name = visit.desk.place_name(place, visit.w)
    return PlaceState(place, name, one.services, one.fresh, one.hours, one.phones, needs)


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
