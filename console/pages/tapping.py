"""What can be done with a service in one tap: still correct, closed, full, listed or not, undo.

Each is a change as any other, with its author, and can be undone; what does not hold is told on the service's page.
"""

from __future__ import annotations

from datetime import date

from starlette.responses import Response
from starlette.routing import BaseRoute

from console import records
from console.pages.saving import record_saved, saved_to
from console.pages.service import service_page
from console.policy import CHANGE_WRITERS, SERVICE_WRITERS, Page
from console.visit import Visit
from referrals.records import ClosureRecord


def routes() -> list[BaseRoute]:
    """The routes of what one tap changes."""
    return [
        Page("/services/{service_id}/still-correct", still_correct, SERVICE_WRITERS, ["POST"]),
        Page("/services/{service_id}/closure", close, SERVICE_WRITERS, ["POST"]),
        Page("/services/{service_id}/open-again", open_again, SERVICE_WRITERS, ["POST"]),
        Page("/services/{service_id}/full", say_full, SERVICE_WRITERS, ["POST"]),
        Page("/services/{service_id}/listed", list_or_not, SERVICE_WRITERS, ["POST"]),
        Page("/changes/{change_id:int}/undo", undo, CHANGE_WRITERS, ["POST"]),
    ]


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
