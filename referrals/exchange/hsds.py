"""A record as an HSDS 3.0 service, and back.

Field names, formats and required fields are those of the specification. What HSDS cannot hold (texts in several
languages, profiles, closures, how sure we are) stands in one added property, `orienta`, as its profiles permit.
Every id is a UUID made of our code, so that the same service has the same id in every export.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale

from content.collection import DATA
from content.documents import Reader
from content.places import Place, read_places
from referrals.exchange.schedules import weekly
from referrals.phones import tel_uri
from referrals.records import ServiceRecord, partial_day
from referrals.showing import in_language

HSDS_VERSION = "3.0"
NAMESPACE = uuid.UUID("6f9c1d52-3f0e-5c0b-9a5b-0d6d8f6f7a11")
TAXONOMY = "Orienta needs"
# HSDS asks for these of every address; the directory does not know them.
NOT_KNOWN = "-"
# Cities that bear the name of their province, which is no place of ours.
_PROVINCES = {"sao-paulo": "São Paulo", "san-luis": "San Luis", "boa-vista": "Roraima"}
# Any day will do: none of the countries we serve changes its clock.
_ANY_DAY = datetime(2026, 1, 1)  # noqa: DTZ001
Json = dict[str, Any]


def identifier(kind: str, *parts: object) -> str:
    """The UUID of one of our objects."""
    return str(uuid.uuid5(NAMESPACE, ":".join((kind, *map(str, parts)))))


def language_of(record: ServiceRecord) -> str:
    """The language in which HSDS's single texts are written: that of the place."""
    place = place_of(record)
    return place.languages[0] if place else "es"


@lru_cache(maxsize=1)
def _places() -> tuple[Place, ...]:
    return read_places(Reader(DATA), DATA).all


def place_of(record: ServiceRecord) -> Place | None:
    """The place of a record, or the first of its country; None for a place that this version does not know."""
    return next((one for one in _places() if record.place in (one.code, one.country)), None)


def listed(record: ServiceRecord) -> Json:
    """The service with its one-to-one fields, as lists of the API show it."""
    language = language_of(record)
    rules, cost = record.eligibility, record.cost
    fields = {
        "id": identifier("service", record.id),
        "name": record.name,
        "description": in_language(record.note, language),
        "url": record.url,
        "email": record.email,
        "status": record.status,
        "fees_description": in_language(cost.text, language) if cost else None,
        "eligibility_description": in_language(rules.text, language) if rules else None,
        "minimum_age": rules.min_age if rules else None,
        "maximum_age": rules.max_age if rules else None,
        "assured_date": partial_day(record.assured_date)[0].isoformat() if record.assured_date else None,
        "organization": organization(record),
    }
    return _known(fields)


def organization(record: ServiceRecord) -> Json:
    """Who runs the service."""
    one = record.organization
    return _known(
        {
            "id": identifier("organization", one.id),
            "name": one.name,
            "description": f"{one.name} ({one.kind})",
            "email": one.email,
            "website": one.url,
        }
    )


def full(record: ServiceRecord, titles: Mapping[str, str], *, with_hidden: bool = False) -> Json:
    """The service with everything that hangs on it; hidden addresses only when asked for by the house itself."""
    places = _at_location(record) if with_hidden or not record.hidden_address else None
    nested = {
        "phones": [_phone(record, number) for number in record.phones],
        "schedules": _schedules(record),
        "service_at_locations": [places] if places else [],
        "languages": [_language(record, code) for code in record.languages],
        "cost_options": _costs(record),
        "required_documents": _documents(record),
        "attributes": [_attribute(record, need, titles) for need in record.needs],
        "metadata": _metadata(record),
    }
    return {
        **listed(record),
        **{key: value for key, value in nested.items() if value},
        "orienta": _profile(record),
    }


def _phone(record: ServiceRecord, number: str) -> Json:
    main, _, extension = tel_uri(number).removeprefix("tel:").partition(";ext=")
    made: Json = {"id": identifier("phone", record.id, number), "number": main, "type": "voice"}
    return {**made, "extension": int(extension)} if extension else made


def _schedules(record: ServiceRecord) -> list[Json]:
    if record.opening_hours is None:
        return []
    described = {"description": record.opening_hours, "notes": in_language(record.hours, language_of(record))}
    shifts, offset = weekly(record.opening_hours), _offset(record)
    if not shifts:
        return [_known({"id": identifier("schedule", record.id), **described})]
    return [
        _known(
            {
                "id": identifier("schedule", record.id, byday, opens, closes),
                "freq": "WEEKLY",
                "wkst": "MO",
                "interval": 1,
                "byday": byday,
                "timezone": offset,
                "opens_at": opens if offset is None else f"{opens}{offset:+03d}:00",
                "closes_at": closes if offset is None else f"{closes}{offset:+03d}:00",
                **described,
            }
        )
        for byday, opens, closes in shifts
    ]


def _offset(record: ServiceRecord) -> int | None:
    """Whole hours from UTC; None where they are not known."""
    place = place_of(record)
    away = ZoneInfo(place.time_zone).utcoffset(_ANY_DAY) if place else None
    return None if away is None or away.total_seconds() % 3600 else int(away.total_seconds() // 3600)


def _at_location(record: ServiceRecord) -> Json | None:
    if not (record.address or record.district or record.latitude is not None):
        return None
    location = {
        "id": identifier("location", record.id),
        "location_type": "physical",
        "name": record.district,
        "latitude": record.latitude,
        "longitude": record.longitude,
        "addresses": [_address(record)] if record.address else None,
    }
    return {"id": identifier("service_at_location", record.id), "location": _known(location)}


def _address(record: ServiceRecord) -> Json:
    city, province, country = _where(record)
    return {
        "id": identifier("address", record.id),
        "address_1": record.address,
        "city": city,
        "state_province": province,
        "postal_code": NOT_KNOWN,
        "country": country,
        "address_type": "physical",
    }


def _where(record: ServiceRecord) -> tuple[str, str, str]:
    """City, province and country of a record's place, each only if it is known."""
    place = place_of(record)
    if place is None:
        return NOT_KNOWN, NOT_KNOWN, NOT_KNOWN
    if record.place == place.country:
        return NOT_KNOWN, NOT_KNOWN, place.country_code
    name = place.name(place.languages[0])
    larger = next((one for one in _places() if one.code == place.within), None)
    if place.kind == "province":
        return NOT_KNOWN, name, place.country_code
    province = larger.name(larger.languages[0]) if larger else _PROVINCES.get(place.code, NOT_KNOWN)
    return name, province, place.country_code


def _language(record: ServiceRecord, code: str) -> Json:
    name = Locale("en").languages.get(code, code)
    return {"id": identifier("language", record.id, code), "code": code, "name": name}


def _costs(record: ServiceRecord) -> list[Json]:
    if record.cost is None:
        return []
    option = {True: "free", False: "paid", None: None}[record.cost.free]
    text = in_language(record.cost.text, language_of(record))
    made = {"id": identifier("cost_option", record.id), "option": option, "amount_description": text}
    return [_known({**made, "amount": 0 if record.cost.free else None})]


def _documents(record: ServiceRecord) -> list[Json]:
    language = language_of(record)
    return [
        {"id": identifier("required_document", record.id, at), "document": in_language(paper.name, language)}
        for at, paper in enumerate(record.documents)
    ]


def _attribute(record: ServiceRecord, need: str, titles: Mapping[str, str]) -> Json:
    return {
        "id": identifier("attribute", record.id, need),
        "link_id": identifier("service", record.id),
        "link_type": "need",
        "link_entity": "service",
        "value": need,
        "taxonomy_term": term(need, titles),
    }


def term(need: str, titles: Mapping[str, str]) -> Json:
    """A need as a taxonomy term."""
    title = titles.get(need, need)
    made = {"id": identifier("taxonomy_term", need), "code": need, "name": title, "description": title}
    return {**made, "taxonomy": TAXONOMY, "taxonomy_detail": taxonomy()}


def taxonomy() -> Json:
    """The taxonomy of needs."""
    return {
        "id": identifier("taxonomy", TAXONOMY),
        "name": TAXONOMY,
        "description": "Needs the assistant knows",
    }


def _metadata(record: ServiceRecord) -> list[Json]:
    """The one change every record has: that somebody checked it against a source."""
    if record.assured_date is None:
        return []
    return [
        {
            "id": identifier("metadata", record.id, "assured_date"),
            "resource_id": identifier("service", record.id),
            "resource_type": "service",
            "last_action_date": partial_day(record.assured_date)[0].isoformat(),
            "last_action_type": "UPDATE",
            "field_name": "assured_date",
            "previous_value": NOT_KNOWN,
            "replacement_value": record.assured_date,
            "updated_by": record.source.title,
        }
    ]


def _profile(record: ServiceRecord) -> Json:
    """What HSDS has no field for, under the names of our records."""
    written = record.model_dump(mode="json", exclude_none=True)
    kept = (
        "id", "place", "phones", "whatsapp", "hidden_address", "opening_hours", "schedule", "first_n", "hours",
        "note", "closures", "full_until", "source", "source_date", "assured_date", "confidence", "documents", "cost",
    )  # fmt: skip
    rules = {k: v for k, v in written.get("eligibility", {}).items() if k not in ("min_age", "max_age")}
    one = written["organization"]
    made = {key: written[key] for key in kept if key in written}
    made["organization"] = {"id": one["id"], "kind": one["kind"]}
    return {**made, **({"eligibility": rules} if "eligibility" in written else {})}


def _known(fields: Mapping[str, Any]) -> Json:
    return {key: value for key, value in fields.items() if value is not None}


def page(contents: list[Json], total: int, number: int, size: int) -> Json:
    """The Page object of the API reference."""
    pages = max(1, -(-total // size))
    return {
        "total_items": total,
        "total_pages": pages,
        "page_number": number,
        "size": len(contents),
        "first_page": number == 1,
        "last_page": number >= pages,
        "empty": not contents,
        "contents": contents,
    }


def about(profile_url: str, openapi_url: str) -> Json:
    """What the root of the API says of it."""
    return {"version": HSDS_VERSION, "profile": profile_url, "openapi_url": openapi_url}
