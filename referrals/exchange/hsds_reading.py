"""An HSDS service, ours or a stranger's, as the values of a record.

A field of HSDS wins over our added property where both speak of the same thing and differ: somebody edited it. No
value is judged here; the record does that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from referrals.exchange.schedules import osm, weekly
from referrals.phones import tel_uri
from referrals.records import partial_day, slug

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Stranger:
    """What to assume of services of another directory, which say neither our place nor their source."""

    place: str | None = None
    language: str = "es"
    source: str = "HSDS import"


def values_of(service: Json, stranger: Stranger) -> dict[str, Any]:
    """The values of a record; missing ones are left out."""
    ours = dict(service.get("orienta") or {})
    values = {
        **{
            k: v
            for k, v in ours.items()
            if k not in ("organization", "eligibility", "phones", "opening_hours")
        },
        "id": ours.get("id") or service.get("id"),
        "name": service.get("name"),
        "place": ours.get("place") or stranger.place,
        "status": "active" if service.get("status") in ("active", "temporarily closed") else "inactive",
        "url": service.get("url"),
        "email": service.get("email"),
        "organization": _organization(service, ours),
        "eligibility": _eligibility(service, ours, stranger),
        "needs": [a.get("value") for a in service.get("attributes") or () if a.get("link_type") == "need"],
        "languages": [language.get("code") for language in service.get("languages") or ()],
        "phones": _phones(service, ours),
        "opening_hours": _hours(service, ours),
        "hours": ours.get("hours") or _hours_text(service, ours, stranger),
        **_location(service),
        **_assurance(service, ours, stranger),
    }
    return {key: value for key, value in values.items() if value is not None}


def _organization(service: Json, ours: Json) -> dict[str, Any]:
    told = service.get("organization") or {}
    kept = ours.get("organization") or {}
    name = told.get("name")
    made = {
        "name": name,
        "kind": kept.get("kind", "other"),
        "id": kept.get("id") or (slug(name) if isinstance(name, str) else None),
        "url": told.get("website"),
        "email": told.get("email"),
    }
    return {key: value for key, value in made.items() if value is not None}


def _eligibility(service: Json, ours: Json, stranger: Stranger) -> dict[str, Any] | None:
    made = dict(ours.get("eligibility") or {})
    for name, field in (("min_age", "minimum_age"), ("max_age", "maximum_age")):
        if service.get(field) is not None:
            made[name] = service[field]
    if "text" not in made and service.get("eligibility_description") and not ours:
        made["text"] = {stranger.language: service["eligibility_description"]}
    return made if made or "eligibility" in ours else None


def _phones(service: Json, ours: Json) -> list[str]:
    told = [_number(phone) for phone in service.get("phones") or ()]
    kept = list(ours.get("phones") or ())
    try:
        same = [tel_uri(number) for number in told] == [tel_uri(number) for number in kept]
    except ValueError:
        same = False
    return kept if same else told


def _number(phone: Json) -> str:
    extension = phone.get("extension")
    return f"{phone.get('number')} ext. {extension}" if extension is not None else str(phone.get("number"))


def _hours(service: Json, ours: Json) -> str | None:
    kept: str | None = ours.get("opening_hours")
    told = service.get("schedules") or ()
    if kept is not None and (not weekly(kept) or _shifts(told) == sorted(weekly(kept))):
        return kept
    return osm(told) or kept


def _hours_text(service: Json, ours: Json, stranger: Stranger) -> dict[str, str] | None:
    """The hours in a stranger's words, where they do not repeat every week or were never said in another way."""
    told = service.get("schedules") or ()
    if ours.get("id") or osm(told):
        return None
    words = (str(one.get("description") or one.get("notes") or "").strip() for one in told)
    text = "; ".join(dict.fromkeys(word for word in words if word))
    return {stranger.language: text} if text else None


def _shifts(schedules: Any) -> list[tuple[str, str, str]]:
    return sorted(
        (str(s.get("byday")), str(s.get("opens_at"))[:5], str(s.get("closes_at"))[:5]) for s in schedules
    )


def _location(service: Json) -> dict[str, Any]:
    places = service.get("service_at_locations") or ()
    location = (places[0].get("location") or {}) if places else {}
    addresses = location.get("addresses") or ()
    return {
        "address": _street(addresses[0]) if addresses else None,
        "district": location.get("name"),
        "latitude": location.get("latitude"),
        "longitude": location.get("longitude"),
    }


def _street(address: Json) -> str | None:
    parts = (str(address.get(name) or "").strip() for name in ("address_1", "address_2"))
    return ", ".join(part for part in parts if part) or None


def _assurance(service: Json, ours: Json, stranger: Stranger) -> dict[str, Any]:
    told, kept = service.get("assured_date"), ours.get("assured_date")
    edited = told is not None and (kept is None or partial_day(kept)[0].isoformat() != told)
    made: dict[str, Any] = {"assured_date": told if edited else kept}
    if "source" not in ours:
        made |= {"source": {"title": stranger.source}, "source_date": "unknown", "confidence": "low"}
    return made
