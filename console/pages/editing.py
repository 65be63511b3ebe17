"""The forms of a service: shown with what the bot will say, looked at before saving, saved with what was typed kept.
A new service begins with its name, who runs it, where, and the needs it attends to.
"""

from __future__ import annotations

import secrets
from typing import Any

from pydantic import ValidationError
from sqlalchemy import select
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import BaseRoute

from console import labels, records, showing
from console.forms import Form, Typed, contact, hours, people, typed_of
from console.pages.saving import record_saved, write
from console.policy import SERVICE_WRITERS, WRITERS, Page
from console.visit import Visit
from referrals.records import LANGUAGES, OrganizationRecord, ServiceRecord, SourceRecord, slug
from referrals.tables import Organization
from referrals.weeks import day_name


def forms() -> dict[str, Form]:
    """Every form by name, in the order to fill them in."""
    made = (hours.form(), contact.form(), people.about_form(), people.people_form(), people.papers_form())
    return {form.name: form for form in made}


def routes() -> list[BaseRoute]:
    """The routes of the forms. `/add` is not a service's code, for codes of services stand below `/services`."""
    return [
        Page("/add", new_service, WRITERS),
        Page("/add", add_service, WRITERS, ["POST"]),
        Page("/services/{service_id}/edit/{form}", edit, SERVICE_WRITERS),
        Page("/services/{service_id}/edit/{form}", save, SERVICE_WRITERS, ["POST"]),
    ]


def _form(visit: Visit) -> Form:
    found = forms().get(visit.request.path_params["form"])
    if found is None:
        raise HTTPException(404)
    return found


async def edit(visit: Visit) -> Response:
    """A form with what is known."""
    form = _form(visit)
    return _show(visit, form, form.typed(visit.service), {}, visit.service)


async def save(visit: Visit) -> Response:
    """Save what was typed; or, with the other button, show what the bot would say."""
    form, record, w = _form(visit), visit.service, visit.w
    typed = typed_of(visit.form)
    typed["country_code"] = showing.place_of(visit, record).country_code
    outcome = form.read(typed, record, w)
    after = _checked(record, outcome.values, outcome.errors, visit) if not outcome.errors else None
    if after is None:
        return _show(visit, form, typed, outcome.errors, record)
    if visit.said("look"):
        return _show(visit, form, typed, {}, after, looked=True)
    if visit.said("state") != records.state_of(record):
        return _show(visit, form, typed, {"form": _faster(visit)}, record)
    if visit.said("checked"):
        after = after.model_copy(update={"assured_date": visit.today(record.place).isoformat()})
    try:
        return record_saved(visit, record.id, await write(visit, record, after, "edit"))
    except records.ChangedSinceError:
        return _show(visit, form, typed, {"form": _faster(visit)}, record)


def _faster(visit: Visit) -> str:
    return visit.w(
        "Somebody changed this service while you were typing. Compare with what the bot says, then save."
    )


def _checked(
    record: ServiceRecord, values: dict[str, Any], errors: dict[str, str], visit: Visit
) -> ServiceRecord | None:
    """The record with the values, if it holds; otherwise the error stands at its field."""
    try:
        return ServiceRecord.model_validate(
            {**{n: getattr(record, n) for n in ServiceRecord.model_fields}, **values}
        )
    except ValidationError as error:
        for one in error.errors(include_url=False):
            field = str(one["loc"][0]) if one["loc"] else "form"
            name = visit.w(labels.FIELDS.get(field, field))
            errors[field] = visit.w(
                "{field}: this cannot be kept as it is written, or is too long.", field=name
            )
        return None


def _show(
    visit: Visit, form: Form, typed: Typed, errors: dict[str, str], told: ServiceRecord, looked: bool = False
) -> Response:
    w, record = visit.w, visit.service
    return visit.page(
        form.template, 422 if errors else 200, form=form, record=record, typed=typed, errors=errors, looked=looked,
        previews=showing.previews(visit, told), week=showing.week_of(visit, told),
        in_words=showing.hours_words(told, w), state=records.state_of(record),
        day_name=day_name, exceptions=range(hours.EXCEPTIONS), papers=range(_papers(typed)), labels=labels,
        needs=_needs(visit), forms=forms(),
    )  # fmt: skip


def _papers(typed: Typed) -> int:
    """As many papers as are named, and one more."""
    named = [n for n in range(people.PAPERS) if any(typed.get(f"paper{n}_{code}") for code in LANGUAGES)]
    return min(people.PAPERS, max(named, default=-1) + 2)


def _needs(visit: Visit) -> list[tuple[str, list[tuple[str, str]]]]:
    taxonomy, language = visit.desk.library.taxonomy, visit.w.language
    return [
        (
            taxonomy.sector_title(sector, language),
            [(n.code, n.title(language)) for n in taxonomy.needs_of(sector)],
        )
        for sector in taxonomy.sectors
    ]


async def new_service(visit: Visit) -> Response:
    """The form of a new service."""
    return await _new(visit, {}, {})


async def _new(visit: Visit, typed: Typed, errors: dict[str, str]) -> Response:
    async with visit.desk.sessions.reading() as reading:
        query = select(Organization.id, Organization.name).order_by(Organization.name)
        organizations = [(row.id, row.name) for row in await reading.execute(query)]
    places = [(code, visit.desk.place_name(code, visit.w)) for code in sorted(visit.places)]
    return visit.page(
        "form_new.html", 422 if errors else 200, typed=typed, errors=errors, organizations=organizations,
        places=places, needs=_needs(visit), labels=labels,
    )  # fmt: skip


async def add_service(visit: Visit) -> Response:
    """Add a service that is not checked yet; then its page, where the rest is filled in."""
    typed, w = typed_of(visit.form), visit.w
    place, name = typed.get("place", ""), typed.get("name", "")
    errors: dict[str, str] = {}
    if not name or len(name) > 255:
        errors["name"] = w("A service needs a name.")
    if place not in visit.places:
        errors["place"] = w("Choose one of your places.")
    organization = await _organization(visit, typed)
    if organization is None:
        errors["organization_name"] = w("Choose who runs the service, or write the name.")
    known = visit.desk.library.taxonomy.needs
    needs = tuple(sorted({need for need in typed.get("needs[]", []) if need in known}))
    if not needs:
        errors["needs"] = w("Choose one need at least: without it nobody is sent here.")
    if errors or organization is None:
        return await _new(visit, typed, errors)
    record = ServiceRecord(
        id=f"{slug(name)[:60].strip('-')}-{secrets.token_hex(3)}", name=name, organization=organization, place=place,
        needs=needs, source=SourceRecord(title=visit.account.email), confidence="medium",
        assured_date=visit.today(place).isoformat(), source_date=visit.today(place).isoformat(),
    )  # fmt: skip
    return record_saved(visit, record.id, await write(visit, None, record, "new"))


async def _organization(visit: Visit, typed: Typed) -> OrganizationRecord | None:
    async with visit.desk.sessions.reading() as reading:
        found = await reading.get(Organization, typed.get("organization", ""))
    if found is not None:
        names = ("id", "name", "kind", "url", "email")
        return OrganizationRecord.model_validate({name: getattr(found, name) for name in names})
    name, kind = typed.get("organization_name", ""), typed.get("organization_kind", "")
    if not name or len(name) > 255 or kind not in labels.ORGANIZATIONS:
        return None
    code = f"{slug(name)[:60].strip('-')}-{secrets.token_hex(3)}"
    return OrganizationRecord.model_validate({"name": name, "kind": kind, "id": code})
