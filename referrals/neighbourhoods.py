"""Which places' services a person in a place is shown, and in which order.

A city sees its own, then its province, then the whole country; a province sees its own, then its cities, then
the whole country. What is not the person's own place comes with a reason.
"""

from __future__ import annotations

from dataclasses import dataclass

from content.places import Place, Places
from referrals.hours import Calendar


@dataclass(frozen=True)
class Neighbourhood:
    """A place as routing sees it: its calendar, its languages, and the places to look in, with their reason."""

    calendar: Calendar
    languages: tuple[str, ...]
    circles: tuple[tuple[str, str | None], ...]


def neighbourhood(place: Place, places: Places) -> Neighbourhood:
    """The circles around a place: itself, what shares its province, its country."""
    circles: list[tuple[str, str | None]] = [(place.code, None)]
    if place.within is not None:
        circles.append((place.within, "same_province"))
    circles += [(other.code, "in_the_capital") for other in places.all if other.within == place.code]
    circles.append((place.country, "whole_country"))
    return Neighbourhood(Calendar(place.country_code, place.time_zone), place.languages, tuple(circles))
