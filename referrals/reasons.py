"""Reasons and opening states in words, so that nobody is sent to a door without knowing why.

Every code of `Reason` has one sentence here. Words come from the catalogue handed in; nothing here decides.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, tzinfo
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from referrals.doors import Opening, Reason, State

if TYPE_CHECKING:
    from content.wording import Wording

Values = Mapping[str, str]


def in_words(reason: Reason, w: Wording, place_time_zone: str | tzinfo) -> str:
    """The reason as one short clause in the language of `w`, with times in the place's clock."""
    zone = ZoneInfo(place_time_zone) if isinstance(place_time_zone, str) else place_time_zone
    return _SENTENCES[reason.code](reason.values, w, zone)


def opening_in_words(opening: Opening, w: Wording, moment: datetime) -> str:
    """The opening state as one short sentence, read at `moment` (in the place's clock)."""
    if opening.always:
        return w("Open day and night")
    if opening.state is State.OPEN:
        return _open(opening.until, w, moment)
    if opening.state is State.APPOINTMENT:
        return w("By appointment: call or write first")
    if opening.state is State.UNKNOWN:
        return w("We do not know the hours: call before you go")
    return _closed(opening.opens, w, moment)


def _open(until: datetime | None, w: Wording, moment: datetime) -> str:
    if until is None or (until - moment).total_seconds() > 86_400:
        return w("Open now")
    return w("Open now, until {time}", time=w.time(until.time()))


def _closed(opens: datetime | None, w: Wording, moment: datetime) -> str:
    if opens is None:
        return w("Closed now")
    if opens.date() == moment.astimezone(opens.tzinfo).date():
        return w("Closed now, opens today at {time}", time=w.time(opens.time()))
    return w("Closed now, opens {day} at {time}", day=w.date(opens.date()), time=w.time(opens.time()))


def _open_now(values: Values, w: Wording, zone: tzinfo) -> str:
    if "until" not in values:
        return w("open now")
    until = datetime.fromisoformat(values["until"]).astimezone(zone)
    return w("open now, until {time}", time=w.time(until.time()))


def _opens_later(values: Values, w: Wording, zone: tzinfo) -> str:
    opens = datetime.fromisoformat(values["opens"]).astimezone(zone)
    return w("opens {day} at {time}", day=w.date(opens.date()), time=w.time(opens.time()))


def _speaks(values: Values, w: Wording, zone: tzinfo) -> str:
    known = {
        "es": w("speaks Spanish"),
        "pt": w("speaks Portuguese"),
        "en": w("speaks English"),
        "fr": w("speaks French"),
        "ht": w("speaks Haitian Creole"),
    }
    return known.get(values.get("language", ""), w("speaks your language"))


def _for_profile(values: Values, w: Wording, zone: tzinfo) -> str:
    known = {
        "woman": w("for women"),
        "child": w("for children and adolescents"),
        "lgbti": w("for LGBTI people"),
        "disability": w("for people with disabilities"),
        "older": w("for older people"),
        "pregnant": w("for pregnant people"),
        "family": w("for families"),
        "alone": w("for people who are alone"),
    }
    return known.get(values.get("profile", ""), w("for people in your situation"))


def _only_for(values: Values, w: Wording, zone: tzinfo) -> str:
    why = values.get("why", "")
    if why == "min_age":
        return w("only for people aged {age} or more", age=values["age"])
    if why == "max_age":
        return w("only for people up to {age} years old", age=values["age"])
    if why == "status":
        return w("only for people with another migration status")
    if why == "excluded":
        return _not_received(values, w)
    return _only_profile(values, w)


def _only_profile(values: Values, w: Wording) -> str:
    known = {
        "woman": w("only for women"),
        "child": w("only for children and adolescents"),
        "lgbti": w("only for LGBTI people"),
        "disability": w("only for people with disabilities"),
        "older": w("only for older people"),
        "pregnant": w("only for pregnant people"),
        "family": w("only for families"),
        "alone": w("only for people who are alone"),
    }
    return known.get(values.get("profile", ""), w("not for your situation"))


def _not_received(values: Values, w: Wording) -> str:
    known = {
        "woman": w("does not receive women"),
        "child": w("does not receive children and adolescents"),
        "family": w("does not receive families"),
        "pregnant": w("does not receive pregnant people"),
    }
    return known.get(values.get("profile", ""), w("not for your situation"))


def _full(values: Values, w: Wording, zone: tzinfo) -> str:
    return w("full until {day}", day=w.date(date.fromisoformat(values["until"])))


def _shut(values: Values, w: Wording, zone: tzinfo) -> str:
    if "until" not in values:
        return w("closed until further notice")
    return w("closed until {day}", day=w.date(date.fromisoformat(values["until"])))


def _near(values: Values, w: Wording, zone: tzinfo) -> str:
    return w("about {distance} km from you", distance=w.number(float(values["km"])))


def _first_n(values: Values, w: Wording, zone: tzinfo) -> str:
    if "number" not in values:
        return w("attends only the first people of the day: go early")
    return w("attends only the first {number} people of the day: go early", number=values["number"])


def _unchecked(values: Values, w: Wording, zone: tzinfo) -> str:
    if "date" not in values:
        return w("we do not know when this was last checked")
    return w("checked in {month}, not since", month=w.month(date.fromisoformat(values["date"])))


_SENTENCES: Mapping[str, Callable[[Values, Wording, tzinfo], str]] = {
    "serves_need": lambda v, w, z: w("attends to what you need"),
    "related_need": lambda v, w, z: w("does not do exactly this, but can tell you who does"),
    "open_now": _open_now,
    "open_always": lambda v, w, z: w("open day and night"),
    "opens_later": _opens_later,
    "closed_now": lambda v, w, z: w("closed now"),
    "hours_unknown": lambda v, w, z: w("hours not known: call first"),
    "by_appointment": lambda v, w, z: w("by appointment"),
    "first_n": _first_n,
    "speaks": _speaks,
    "near": _near,
    "free": lambda v, w, z: w("free of charge"),
    "for_profile": _for_profile,
    "full_until": _full,
    "closed_until": _shut,
    "not_listed": lambda v, w, z: w("not in our list any more: call before you go"),
    "not_for": _only_for,
    "call_first": lambda v, w, z: w("call before you go: this may have changed"),
    "not_checked_since": _unchecked,
    "whole_country": lambda v, w, z: w("for the whole country"),
    "same_province": lambda v, w, z: w("outside the city, in the same province"),
    "in_the_capital": lambda v, w, z: w("in the city next to you"),
}
