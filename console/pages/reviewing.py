"""The review queue: the most harmful first, corrections that people proposed, and services that may be the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import func, select
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import BaseRoute

from console import audit, demand, records, review, showing
from console.labels import CORRECTIONS, FIELDS, GAPS, REPORTS
from console.pages.saving import saved_to
from console.policy import READERS, SERVICE_WRITERS, Page
from console.visit import Visit
from content.library import Shown
from referrals.comparison import PlaceRow, compare
from referrals.corrections import Corrections, Proposal
from referrals.neighbourhoods import neighbourhood
from referrals.outcomes import TROUBLE, Outcomes, Trouble
from referrals.tables import Report

_SHOWN = 30
_ANSWERS = 10
_DAYS = 90
_FORM_OF = {"phone": "contact", "address": "contact", "hours": "hours", "papers": "papers"}


def routes() -> list[BaseRoute]:
    """The routes of reviewing."""
    return [
        Page("/review", review_page, READERS),
        Page("/services/{service_id}/corrections", decide, SERVICE_WRITERS, ["POST"]),
        Page("/services/{service_id}/duplicate", take_off, SERVICE_WRITERS, ["POST"]),
    ]


async def review_page(visit: Visit) -> Response:
    """The queue of the visitor's places."""
    async with visit.desk.sessions.reading() as reading:
        found = await records.listed(reading, visit.places)
        ids = [one.id for one in found]
        since = visit.desk.moment().date() - timedelta(days=_DAYS)
        open_ones = func.sum(Report.count - Report.reviewed)
        told = select(Report.service_id, Report.kind, open_ones).where(Report.day >= since)
        told = told.group_by(Report.service_id, Report.kind).having(open_ones > 0)
        reports = [row for row in (await reading.execute(told)).all() if row[0] in set(ids)]
    troubles: Counter[str] = Counter()
    for service_id, kind, count in reports:
        troubles[service_id] += int(count) if kind in TROUBLE else 0
    place, need = visit.asked("place"), visit.asked("need")
    found = tuple(o for o in found if place in ("", o.place) and (not need or need in o.needs))
    releases, today = await demand.releases(visit), visit.desk.moment().date()
    made = review.services_first(found, troubles, releases, today)
    if visit.asked("sort") == "unchecked":
        made.sort(key=lambda one: -one.days)
    answers = [
        one
        for one in review.answers_first(visit.desk.library, await _offers(visit), releases, today)
        if place in ("", one.what.place) and need in ("", one.what.need)
    ]
    return visit.page(
        "review.html", query={name: visit.asked(name) for name in ("place", "need", "sort")},
        places=[(code, visit.desk.place_name(code, visit.w)) for code in sorted(visit.places)],
        needs=[(code, one.title(visit.w.language)) for code, one in visit.desk.library.taxonomy.needs.items()],
        queue=made[:_SHOWN], count=len(made), answers=[(one, _shown(visit, one.what)) for one in answers[:_ANSWERS]], corrections=[one for one in await _open_corrections(visit) if not place or one.service_id in {o.id for o in found}], wrong=CORRECTIONS, pairs=review.pairs(found)[:_SHOWN],  kinds=_kinds(visit, reports), fields=FIELDS, gaps=GAPS, showing=showing, grave=await _grave(visit), said=REPORTS,
        may_write=visit.account.role in ("caseworker", "admin"),
    )  # fmt: skip


async def _offers(visit: Visit) -> tuple[PlaceRow, ...]:
    """What each city and province of the visitor has for each need."""
    directory, places = visit.desk.given.directory, visit.desk.library.places
    await directory.stay_fresh()
    mine = [(one.code, neighbourhood(one, places)) for one in places.all if one.code in visit.places]
    return compare(directory.snapshot, mine, tuple(visit.desk.library.taxonomy.needs), visit.desk.moment())


def _shown(visit: Visit, answer: review.Answer) -> Shown | None:
    return visit.desk.library.answer(answer.need, answer.place, visit.w.language, visit.desk.moment())


async def _grave(visit: Visit) -> tuple[Trouble, ...] | None:
    """Money asked for and refusals of the last month, for who coordinates; None for others."""
    if visit.account.role == "caseworker":
        return None
    outcomes = Outcomes(visit.desk.sessions, visit.desk.library.places)
    return await outcomes.for_coordinators(visit.desk.moment(), visit.places)


def _kinds(visit: Visit, reports: Sequence[Sequence[object]]) -> dict[str, str]:
    """What people said of each service, in words."""
    made: dict[str, list[str]] = {}
    for service_id, kind, count in reports:
        made.setdefault(str(service_id), []).append(f"{visit.w(REPORTS.get(str(kind), str(kind)))}: {count}")
    return {service_id: "; ".join(parts) for service_id, parts in made.items()}


async def decide(visit: Visit) -> Response:
    """A correction is taken up, which leads to the form with the proposed value, or set aside."""
    number, verdict = visit.said("correction"), visit.said("verdict")
    mine = {
        str(one.number): one for one in await _open_corrections(visit) if one.service_id == visit.service.id
    }
    if number not in mine or verdict not in ("accepted", "rejected"):
        raise HTTPException(404)
    proposal = mine[number]
    await _corrections(visit).decide(proposal.number, accepted=verdict == "accepted")
    async with visit.desk.sessions.writing() as writing:
        detail = {"field": proposal.field, "verdict": verdict}
        await audit.note(writing, visit.desk.now(), visit.account.email, "correction", visit.service.id,
                         visit.service.place, detail)  # fmt: skip
    if verdict == "rejected":
        return visit.to("/review")
    if proposal.field not in _FORM_OF:
        return visit.to(f"/services/{visit.service.id}")
    return visit.to(f"/services/{visit.service.id}/edit/{_FORM_OF[proposal.field]}", proposed=proposal.value)


def _corrections(visit: Visit) -> Corrections:
    return Corrections(visit.desk.sessions, visit.desk.library.places)


async def _open_corrections(visit: Visit) -> tuple[Proposal, ...]:
    return await _corrections(visit).open_ones(visit.places)


async def take_off(visit: Visit) -> Response:
    """One of two that are the same is taken off the list; it can be put back."""
    return await saved_to(
        visit, visit.service, visit.service.model_copy(update={"status": "inactive"}), "edit"
    )
