"""The review queue: the most harmful first, corrections that people proposed, and services that may be the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import BaseRoute

from console import audit, demand, review, showing, weighing
from console.finding import of_place_and_need
from console.labels import CORRECTIONS, FIELDS, GAPS, REPORTS
from console.offers import offers
from console.pages.saving import saved_to
from console.pairs import Asked
from console.policy import READERS, SERVICE_WRITERS, Page
from console.visit import Visit
from content.library import Shown
from referrals.comparison import PlaceRow
from referrals.corrections import Corrections, Proposal
from referrals.neighbourhoods import neighbourhood
from referrals.outcomes import Outcomes, Trouble
from referrals.tables import Service

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
    place, need, sort = (visit.asked(name) for name in ("place", "need", "sort"))
    releases, today = await demand.releases(visit), visit.desk.moment().date()
    since, places = today - timedelta(days=_DAYS), frozenset(visit.places)
    wanted = weighing.Asked(places, place, need, sort == "unchecked")
    async with visit.desk.sessions.reading() as reading:
        queue, count = await weighing.services_first(reading, wanted, releases, today, since, _SHOWN)
        told = await weighing.told_of(reading, [one.what.id for one in queue], since)
        pairs = await visit.desk.pairs.first(reading, Asked(places, place, need, _SHOWN))
        rows = await _offers(visit, reading)
    answers = [
        one
        for one in review.answers_first(visit.desk.library, rows, releases, today)
        if place in ("", one.what.place) and need in ("", one.what.need)
    ]
    return visit.page(
        "review.html", query={"place": place, "need": need, "sort": sort}, queue=queue, count=count, pairs=pairs,
        places=[(code, visit.desk.place_name(code, visit.w)) for code in sorted(visit.places)],
        needs=[(code, one.title(visit.w.language)) for code, one in visit.desk.library.taxonomy.needs.items()],
        answers=[(one, _shown(visit, one.what)) for one in answers[:_ANSWERS]],
        corrections=await _corrections_of(visit, place, need), wrong=CORRECTIONS, kinds=_kinds(visit, told),
        fields=FIELDS, gaps=GAPS, showing=showing, grave=await _grave(visit), said=REPORTS,
        may_write=visit.account.role in ("caseworker", "admin"),
    )  # fmt: skip


async def _offers(visit: Visit, reading: AsyncSession) -> tuple[PlaceRow, ...]:
    """What each city and province of the visitor has for each need."""
    places, moment = visit.desk.library.places, visit.desk.moment()
    mine = [(one.code, neighbourhood(one, places)) for one in places.all if one.code in visit.places]
    needs = tuple(visit.desk.library.taxonomy.needs)
    key = ("offers", *sorted(visit.todays.items()), needs)
    return await visit.desk.remembered.get(reading, key, lambda: offers(reading, mine, needs, moment))


async def _corrections_of(visit: Visit, place: str, need: str) -> list[Proposal]:
    """What waits for a caseworker; where a place is asked for, of its services alone."""
    proposed = await _open_corrections(visit)
    if not place:
        return list(proposed)
    of = [Service.id.in_({one.service_id for one in proposed}), *of_place_and_need(visit.places, place, need)]
    async with visit.desk.sessions.reading() as reading:
        mine = set((await reading.execute(select(Service.id).where(*of))).scalars())
    return [one for one in proposed if one.service_id in mine]


def _shown(visit: Visit, answer: review.Answer) -> Shown | None:
    return visit.desk.library.answer(answer.need, answer.place, visit.w.language, visit.desk.moment())


async def _grave(visit: Visit) -> tuple[Trouble, ...] | None:
    """Money asked for and refusals of the last month, for who coordinates; None for others."""
    if visit.account.role == "caseworker":
        return None
    outcomes = Outcomes(visit.desk.sessions, visit.desk.library.places)
    return await outcomes.for_coordinators(visit.desk.moment(), visit.places)


def _kinds(visit: Visit, told: Mapping[str, Sequence[tuple[str, int]]]) -> dict[str, str]:
    """What people said of each service, in words."""
    return {
        service_id: "; ".join(f"{visit.w(REPORTS.get(kind, kind))}: {count}" for kind, count in some)
        for service_id, some in told.items()
    }


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
