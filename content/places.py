"""The places people ask about: a place is data alone, so that the next city needs no code."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import Field

from content.documents import Reader, Strict

_EARTH_KM = 6371.0


class Place(Strict):
    """A city or province. `within` names the larger place whose services count too; `open`: offered to people."""

    code: str = Field(pattern=r"^[a-z]+(-[a-z]+)*$")
    country: str
    country_code: str = Field(pattern=r"^[A-Z]{2}$")
    kind: Literal["city", "province"]
    names: Mapping[str, str]
    time_zone: str
    currency: str = Field(pattern=r"^[A-Z]{3}$")
    languages: tuple[str, ...]
    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)
    radius_km: float = Field(gt=0)
    within: str | None = None
    open: bool

    def name(self, language: str) -> str:
        """Its name as a reader of `language` knows it."""
        return self.names.get(language, self.names[self.languages[0]])


class Places:
    """All places, by code."""

    def __init__(self, places: Mapping[str, Place]) -> None:
        self._places = dict(places)

    def __contains__(self, code: object) -> bool:
        return code in self._places

    @property
    def all(self) -> tuple[Place, ...]:
        """Every place, open or in preparation, in the order of the file."""
        return tuple(self._places.values())

    @property
    def open(self) -> tuple[Place, ...]:
        """The places that are offered to people."""
        return tuple(place for place in self._places.values() if place.open)

    def place(self, code: str) -> Place:
        """The place of a code; KeyError when there is none."""
        return self._places[code]

    def of_country(self, country: str) -> tuple[Place, ...]:
        """Every place of a country."""
        return tuple(place for place in self._places.values() if place.country == country)

    def nearest(self, latitude: float, longitude: float) -> Place | None:
        """The open place whose circle holds the position, the smallest circle first; None outside all."""
        around = [
            place
            for place in self.open
            if distance_km(latitude, longitude, place.latitude, place.longitude) <= place.radius_km
        ]
        return min(around, key=lambda place: place.radius_km, default=None)


def distance_km(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Great-circle distance in kilometres (haversine)."""
    north, other_north = math.radians(latitude), math.radians(other_latitude)
    half_north = math.sin((other_north - north) / 2)
    half_east = math.sin(math.radians(other_longitude - longitude) / 2)
    chord = half_north**2 + math.cos(north) * math.cos(other_north) * half_east**2
    return 2 * _EARTH_KM * math.asin(math.sqrt(min(1.0, chord)))


def read_places(reader: Reader, folder: Path) -> Places:
    """The places of `places.yml`."""
    listed = reader.read(folder / "places.yml", tuple[Place, ...]) or ()
    return Places({place.code: place for place in listed})
