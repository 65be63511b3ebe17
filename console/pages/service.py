"""One service: what is known of it, what the bot will say, and everything that was ever changed. Changes nothing."""

from __future__ import annotations

from starlette.responses import Response
from starlette.routing import BaseRoute

from console import records, showing
from console.labels import FIELDS, WHYS, options, shown
from console.policy import SERVICE_READERS, Page
from console.visit import Visit
from content.wording import Wording
from referrals.reasons import opening_in_words


def routes() -> list[BaseRoute]:
    """The routes of one service."""
    return [
        Page("/services/{service_id}", service, SERVICE_READERS),
        Page("/services/{service_id}/history", history, SERVICE_READERS),
    ]


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
