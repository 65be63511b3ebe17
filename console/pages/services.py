"""Services: the list, one service, and what can be done with it in one tap: still correct, closed, full, undo."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from starlette.responses import Response
from starlette.routing import BaseRoute

from console import records, showing
from console.labels import FIELDS, WHYS, options, shown
from console.pages.saving import record_saved, saved_to
from console.policy import (
    CHANGE_WRITERS,
    EVERYBODY,
    READERS,
    SERVICE_READERS,
    SERVICE_WRITERS,
    Page,
)
from console.visit import Visit
from content.folding import folded
from content.wording import Wording
from referrals.reasons import opening_in_words
from referrals.records import ClosureRecord, ServiceRecord

_PAGE = 50
_DAY_ZERO = "0000"


def routes() -> list[BaseRoute]:
    """The routes of services."""
    return [
        Page("/", first_page, EVERYBODY),
        Page("/services", services, READERS),
        Page("/services/{service_id}", service, SERVICE_READERS),
        Page("/services/{service_id}/history", history, SERVICE_READERS),
        Page("/services/{service_id}/still-correct", still_correct, SERVICE_WRITERS, ["POST"]),
        Page("/services/{service_id}/closure", close, SERVICE_WRITERS, ["POST"]),
        Page("/services/{service_id}/open-again", open_again, SERVICE_WRITERS, ["POST"]),
        Page("/services/{service_id}/full", say_full, SERVICE_WRITERS, ["POST"]),
        Page("/services/{service_id}/listed", list_or_not, SERVICE_WRITERS, ["POST"]),
        Page("/changes/{change_id:int}/undo", undo, CHANGE_WRITERS, ["POST"]),
    ]


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


async def service(visit: Visit) -> Response:
    """One service: what is known, what the bot will say, and the buttons."""
    return service_page(visit)


def service_page(
    visit: Visit, errors: dict[str, str] | None = None, typed: dict[str, str] | None = None
) -> Response:
    """The page of a service, with the errors of a small form on it."""
    record, w = visit.service, visit.w
    today = visit.today(record.place)
    door = showing.door_of(visit, record, w.language)
    changed = visit.asked("change")
    return visit.page(
        "service.html", 422 if errors else 200, record=record, errors=errors or {}, typed=typed or {}, today=today,
        may_write=visit.account.role in ("caseworker", "admin"), showing=showing, door=door,
        state=opening_in_words(door.opening, w, showing.now_in(visit, record)), week=showing.week_of(visit, record),
        previews=showing.previews(visit, record), change=int(changed) if changed.isdecimal() else 0,
        done=visit.asked("done"), needs=visit.desk.library.taxonomy.needs,
    )  # fmt: skip


async def history(visit: Visit) -> Response:
    """Every change with who, when and the fields before and after."""
    async with visit.desk.sessions.reading() as reading:
        changes = await records.revisions(reading, visit.service.id)
    field, oldest = visit.asked("field"), visit.asked("sort") == "oldest"
    changes = [one for one in changes if not field or field in one.fields]
    return visit.page(
        "history.html", record=visit.service, changes=changes[::-1] if oldest else changes, field=field, oldest=oldest,
        field_options=options({code: FIELDS[code] for code in FIELDS if code != "id"}, visit.w), fields=FIELDS, whys=WHYS, shown=shown,
        may_write=visit.account.role in ("caseworker", "admin"), since=_since(visit.w, visit.asked("since")),
    )  # fmt: skip


def _since(w: Wording, fields: str) -> str:
    return w.list([w(FIELDS[name]) for name in fields.split(",") if name in FIELDS]) if fields else ""


async def still_correct(visit: Visit) -> Response:
    """Somebody looked today and everything is right."""
    today = visit.today(visit.service.place).isoformat()
    after = visit.service.model_copy(update={"assured_date": today})
    return await saved_to(visit, visit.service, after, "check")


async def close(visit: Visit) -> Response:
    """Closed for some days, or until further notice."""
    starts, ends = _day(visit.said("starts")), _day(visit.said("ends"))
    typed = {name: visit.said(name) for name in ("starts", "ends", "reason")}
    errors = {}
    if starts is None:
        errors["starts"] = visit.w("Choose the first day.")
    if visit.said("ends") and ends is None:
        errors["ends"] = visit.w("Choose the last day, or leave it empty.")
    elif starts and ends and ends < starts:
        errors["ends"] = visit.w("The last day is before the first.")
    if len(typed["reason"]) > 255:
        errors["reason"] = visit.w("Write at most {count} characters.", count=255)
    if errors or starts is None:
        return service_page(visit, errors, typed)
    closure = ClosureRecord(starts=starts, ends=ends, reason=typed["reason"] or None)
    closures = tuple(sorted((*visit.service.closures, closure), key=lambda one: (one.starts, str(one.ends))))
    return await saved_to(
        visit, visit.service, visit.service.model_copy(update={"closures": closures}), "closure"
    )


async def open_again(visit: Visit) -> Response:
    """No closure holds any more."""
    return await saved_to(visit, visit.service, visit.service.model_copy(update={"closures": ()}), "closure")


async def say_full(visit: Visit) -> Response:
    """Full until a day, which expires by itself; an empty day: not full."""
    text = visit.said("full_until")
    day = _day(text)
    if text and day is None:
        return service_page(visit, {"full_until": visit.w("Choose the day.")}, {"full_until": text})
    if day is not None and day < visit.today(visit.service.place):
        return service_page(visit, {"full_until": visit.w("This day is over.")}, {"full_until": text})
    return await saved_to(visit, visit.service, visit.service.model_copy(update={"full_until": day}), "full")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


async def list_or_not(visit: Visit) -> Response:
    """Take a service off what people are shown, or put it back."""
    status = "inactive" if visit.service.status == "active" else "active"
    return await saved_to(visit, visit.service, visit.service.model_copy(update={"status": status}), "edit")


async def undo(visit: Visit) -> Response:
    """Take one change back, unless the same fields were changed again since."""
    record, change_id = visit.service, visit.request.path_params["change_id"]
    author = records.Author(visit.account.email, visit.desk.moment())
    try:
        async with visit.desk.sessions.writing() as writing:
            made = await records.undo(writing, author, record, change_id)
    except records.ChangedSinceError as error:
        return visit.to(f"/services/{record.id}/history", since=",".join(error.fields) or "id")
    return record_saved(visit, record.id, made)
