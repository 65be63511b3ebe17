"""A service of HSDS with several locations, as one service for each: here a second door is a service of its own.

Nothing is lost by it: each door has the organization, the papers and the rules of the service, its own address, and
the hours and telephones that were told of it alone. The same file gives the same codes, in whatever order its
locations stand. A post box is no door, unless there is nothing else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from referrals.exchange.hsds import identifier

Json = dict[str, Any]
_LONGEST_NAME = 255
_LONGEST_LABEL = 120
_LONGEST_CODE = 80
_DIGITS = 12
# What our profile says of the one door that it was written for.
_OF_ONE_DOOR = ("id", "closures", "full_until")


@dataclass(frozen=True)
class Split:
    """A service that becomes several: its name, and theirs."""

    name: str
    doors: tuple[str, ...]


def doors(service: Json) -> tuple[Json, ...]:
    """The service once for each of its doors, each with one location; as it is when it has none."""
    found = _objects(service, "service_at_locations")
    places = [one for one in found if _location(one).get("location_type") != "postal"] or found[:1]
    if not places:
        return (service,)
    if len(places) == 1:
        return (_at(service, places[0]),)
    keys, labels = _told_apart(map(_key, places)), _told_apart(map(_label, places))
    return tuple(_door(service, *each) for each in zip(places, keys, labels, strict=True))


def split_of(service: Json, made: Sequence[Json]) -> Split | None:
    """What to tell about a service of which several were made."""
    return (
        Split(str(service.get("name")), tuple(str(one.get("name")) for one in made))
        if len(made) > 1
        else None
    )


def _objects(parent: Mapping[str, Any], name: str) -> list[Json]:
    found = parent.get(name) or []
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise ValueError(f"{name} is not a list of objects")
    return found


def _location(place: Json) -> Json:
    location = place.get("location") or {}
    if not isinstance(location, dict):
        raise ValueError("location is not an object")
    return location


def _key(place: Json) -> str:
    """What stays the same of a door from file to file."""
    return str(place.get("id") or _location(place).get("id") or _label(place))


def _label(place: Json) -> str:
    """What people tell a door by: the name of its location, or else its street or its city."""
    location = _location(place)
    address: Json = next(iter(_objects(location, "addresses")), {})
    told = location.get("name"), location.get("alternate_name"), address.get("address_1"), address.get("city")
    return next((str(one).strip()[:_LONGEST_LABEL] for one in told if one and str(one).strip()), "")


def _told_apart(told: Iterator[str]) -> list[str]:
    """The same texts, with a number where one stands twice or nothing is told."""
    texts = list(told)
    often, seen, made = Counter(texts), Counter[str](), []
    for text in texts:
        seen[text] += 1
        made.append(text if text and often[text] == 1 else f"{text} {seen[text]}".strip())
    return made


def _door(service: Json, place: Json, key: str, label: str) -> Json:
    ours, code = service.get("orienta") or {}, service.get("id")
    made = _at(service, place)
    if ours.get("id") and place.get("id") == identifier("service_at_location", ours["id"]):
        return made
    whole = ours.get("id") or code
    suffix = identifier("door", whole, key).replace("-", "")[-_DIGITS:]
    made["id"] = f"{str(whole)[: _LONGEST_CODE - _DIGITS - 1].rstrip('._-')}-{suffix}" if whole else None
    if isinstance(service.get("name"), str) and service["name"].strip():
        made["name"] = _named(service["name"], label)
    if ours:
        made["orienta"] = {name: value for name, value in ours.items() if name not in _OF_ONE_DOOR}
    return made


def _named(name: str, label: str) -> str:
    """The name with the door's, cut so that both are still told."""
    added = f" ({label})"
    return name[: _LONGEST_NAME - len(added)].rstrip() + added


def _at(service: Json, place: Json) -> Json:
    """The service at one place: with the telephones of the door first, and with the door's hours if it has its own."""
    location = _location(place)
    door = [*_objects(place, "phones"), *_objects(location, "phones")]
    phones, languages = _objects(service, "phones"), _objects(service, "languages")
    hours = _objects(place, "schedules") or _objects(service, "schedules") or _objects(location, "schedules")
    return {
        **service,
        "service_at_locations": [place],
        "phones": [*_others(door, phones, "number", "extension"), *phones],
        "schedules": hours,
        "languages": [*languages, *_others(_objects(location, "languages"), languages, "code", "name")],
    }


def _others(objects: Sequence[Json], told: Sequence[Json], *names: str) -> list[Json]:
    """The objects that say something that was not told yet."""
    seen, made = {tuple(str(one.get(name)) for name in names) for one in told}, []
    for one in objects:
        said = tuple(str(one.get(name)) for name in names)
        if said not in seen:
            seen.add(said)
            made.append(one)
    return made
