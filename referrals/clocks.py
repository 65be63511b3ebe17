"""Whose day it is: the clock of the place a service stands in, or of its country for a service of all of it."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from content.places import Places


def zone_of(place: str, places: Places) -> ZoneInfo:
    """The time zone of a place, or of the first place of a country; ValueError for neither."""
    for known in places.all:
        if place in (known.code, known.country):
            return ZoneInfo(known.time_zone)
    raise ValueError(f"{place!r} is neither a place nor a country that we know")


def day_in(place: str, places: Places, moment: datetime) -> date:
    """The day of a moment there."""
    return moment.astimezone(zone_of(place, places)).date()
