"""Puts places, profile and moment of a message together; each is found by its own rules and data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

import content
from content.plain import read_plain
from nlu.entities.moments import Calendar, read_calendar
from nlu.entities.people import Profiles, read_profiles
from nlu.entities.places import Gazetteer, KnownNames, KnownPlaces, gazetteer_of
from nlu.reading import Context, Entities


class EntityReader(Protocol):
    """Anything that finds what a message says besides its need."""

    def of(self, words: Sequence[str], context: Context) -> Entities:
        """The entities of a message given as words, never an exception."""
        ...


@dataclass(frozen=True)
class EntityRules:
    """All entity rules for one list of places. `zones`: the time zone of each of them."""

    gazetteer: Gazetteer
    profiles: Profiles
    calendar: Calendar
    zones: Mapping[str, str]

    def of(self, words: Sequence[str], context: Context) -> Entities:
        """The entities of a message; the moment is told on the clock of the named or known place."""
        named, place = self.gazetteer.find(words) or (None, None)
        zone = self.zones.get(place or context.place or "")
        return Entities(
            place=place,
            profile=self.profiles.find(words),
            when=self.calendar.find(words, context.moment, ZoneInfo(zone) if zone else None),
            named=named,
        )


def rules_of(places: KnownPlaces, words: Mapping[str, KnownNames]) -> EntityRules:
    """The rules for an installation: its places, and the words that it added to those of this version."""
    profiles, calendar = _of_everywhere()
    zones = {place.code: place.time_zone for place in places.all}
    return EntityRules(gazetteer_of(places, words), profiles, calendar, zones)


@lru_cache(maxsize=1)
def entity_rules() -> EntityRules:
    """The rules for the places that come with this version, for whoever reads without an installation."""
    return rules_of(_shipped_places(), {})


@dataclass(frozen=True)
class _ShippedPlace:
    code: str
    names: Mapping[str, str]
    within: str | None
    time_zone: str


@dataclass(frozen=True)
class _ShippedPlaces:
    all: tuple[_ShippedPlace, ...]
    open: tuple[_ShippedPlace, ...]


def _shipped_places() -> KnownPlaces:
    """The places that come with this version; the content itself has been checked by its own reader."""
    file = Path(content.__file__ or "").with_name("data") / "places.yml"
    kept = read_plain(file.read_text(encoding="utf-8"))
    made = [_ShippedPlace(p["code"], p["names"], p.get("within"), p["time_zone"]) for p in kept]
    return _ShippedPlaces(tuple(made), tuple(p for p, raw in zip(made, kept, strict=True) if raw.get("open")))


@lru_cache(maxsize=1)
def _of_everywhere() -> tuple[Profiles, Calendar]:
    """The rules that know no place, read once."""
    folder = Path(__file__).resolve().parent
    return read_profiles(folder / "people.yml"), read_calendar(folder / "moments.yml")


class InstalledEntities:
    """The rules in use where messages are answered: exchanged whenever the content is read again."""

    def __init__(self) -> None:
        self._rules: EntityRules | None = None

    def use(self, places: KnownPlaces, words: Mapping[str, KnownNames]) -> None:
        """From now on these are the places."""
        self._rules = rules_of(places, words)

    def of(self, words: Sequence[str], context: Context) -> Entities:
        """The entities of a message, for the places that are installed."""
        return (self._rules or entity_rules()).of(words, context)
