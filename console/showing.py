"""A service as the console shows it: how old its check is, what the bot will say, its next seven days.

What the bot will say is the bot's own text, handed in by whoever builds the console.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from console.hours import DayShown, from_osm, next_days
from console.visit import LANGUAGES, Visit
from content.places import Place
from content.wording import Wording, wording
from referrals import showing
from referrals.doors import Door
from referrals.entries import REVIEW_AFTER, entry_of
from referrals.neighbourhoods import neighbourhood
from referrals.records import ServiceRecord, partial_day
from referrals.weeks import in_words


@dataclass(frozen=True)
class Preview:
    """What the bot will say of a service in one language."""

    language: str
    name: str
    text: str


def place_of(visit: Visit, record: ServiceRecord) -> Place:
    """The place of a service, or the first place of its country."""
    places = visit.desk.library.places.all
    return next(place for place in places if record.place in (place.code, place.country))


def door_of(visit: Visit, record: ServiceRecord, language: str) -> Door:
    """The service as a door, now."""
    entry, moment = entry_of(record), visit.desk.moment()
    around = neighbourhood(place_of(visit, record), visit.desk.library.places)
    return showing.door(entry, language, around, showing.opening_of(entry, moment, around))


def previews(visit: Visit, record: ServiceRecord) -> list[Preview]:
    """The bot's text in each language of the console."""
    moment, zone = visit.moment(record.place), visit.zone(record.place).key
    return [
        Preview(
            code, name, visit.desk.given.say_door(door_of(visit, record, code), wording(code), moment, zone)
        )
        for code, name in LANGUAGES.items()
    ]


def hours_words(record: ServiceRecord, w: Wording) -> str:
    """The hours in words."""
    if not record.opening_hours:
        return w("The hours are not known.")
    if record.opening_hours == "24/7":
        return w("Open day and night.")
    week = from_osm(record.opening_hours)
    return in_words(week, w) if week else record.opening_hours


def week_of(visit: Visit, record: ServiceRecord) -> tuple[DayShown, ...]:
    """The next seven days."""
    around = neighbourhood(place_of(visit, record), visit.desk.library.places)
    return next_days(record, visit.desk.moment(), around.calendar)


def checked_words(record: ServiceRecord, w: Wording) -> str:
    """When somebody last looked, only as precisely as it is known."""
    if not record.assured_date:
        return w("never checked, as far as we know")
    day, precision = partial_day(record.assured_date)
    words: Mapping[str, str] = {"year": str(day.year), "month": w.month(day), "day": w.date(day)}
    return words[precision]


def is_due(record: ServiceRecord, today: date) -> bool:
    """Whether somebody should look again."""
    return not record.assured_date or today - partial_day(record.assured_date)[0] >= REVIEW_AFTER


def is_shut(record: ServiceRecord, today: date) -> bool:
    """Whether a temporary closure holds today."""
    return any(one.starts <= today and (one.ends is None or today <= one.ends) for one in record.closures)


def is_full(record: ServiceRecord, today: date) -> bool:
    """Whether it is full today."""
    return record.full_until is not None and today <= record.full_until


def now_in(visit: Visit, record: ServiceRecord) -> datetime:
    """This moment on the clock of the service."""
    return visit.moment(record.place)
