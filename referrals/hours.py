"""Whether a door is open at a moment, from OSM opening_hours and the public holidays of the country.

Unknown stays unknown: no hours, hours we cannot read, or a holiday of which the hours say nothing never become
"closed". Nothing here reads the clock; every moment is handed in.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import opening_hours

from referrals.doors import Opening, State

# Far more state changes than a week of broken shifts has; the search for the next one ends there.
_LOOK_AHEAD = 60


@dataclass(frozen=True)
class Calendar:
    """Where a door is in time: ISO country code for its holidays, and its time zone."""

    country_code: str
    time_zone: str


def opening(hours: str | None, schedule: str, moment: datetime, calendar: Calendar) -> Opening:
    """The opening at a moment; times in the answer are in the calendar's clock."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    local = moment.astimezone(ZoneInfo(calendar.time_zone)).replace(second=0, microsecond=0)
    return _opening(hours, schedule, local, calendar)


@lru_cache(maxsize=16_384)
def _opening(hours: str | None, schedule: str, local: datetime, calendar: Calendar) -> Opening:
    found = _by_hours(hours, local, calendar) if hours else Opening(State.UNKNOWN)
    if schedule == "by_appointment":
        # The hours are those of the desk that gives appointments; the door itself opens by appointment only.
        return replace(found, state=State.APPOINTMENT, until=None, always=False)
    return found


def _by_hours(hours: str, local: datetime, calendar: Calendar) -> Opening:
    rules = _rules(hours, calendar)
    if rules is None:
        return Opening(State.UNKNOWN)
    if str(rules.normalize()) == "24/7":
        return Opening(State.OPEN, always=True)
    if "PH" in hours:
        return _read(rules, local)
    # What hours without a word on holidays mean on one is unknown; what follows it can be told.
    without_holidays = _rules(f"{hours}; PH off", calendar) or rules
    if rules.is_open(local) and not without_holidays.is_open(local):
        return Opening(State.UNKNOWN, opens=_next(without_holidays, local, State.OPEN))
    return _read(without_holidays, local)


@lru_cache(maxsize=4096)
def _rules(hours: str, calendar: Calendar) -> Any | None:
    try:
        zone = ZoneInfo(calendar.time_zone)
        return opening_hours.OpeningHours(hours, timezone=zone, country=calendar.country_code)
    except Exception:  # the library raises errors of its own that share no narrower base
        return None


def _read(rules: Any, local: datetime) -> Opening:
    if rules.is_open(local):
        return Opening(State.OPEN, until=_next(rules, local, None))
    if rules.is_unknown(local):
        return Opening(State.UNKNOWN)
    return Opening(State.CLOSED, opens=_next(rules, local, State.OPEN))


def _next(rules: Any, local: datetime, wanted: State | None) -> datetime | None:
    """When the state becomes `wanted` (None: when it stops being open); None when that is not in sight."""
    moment = local
    for _ in range(_LOOK_AHEAD):
        changed: datetime | None = rules.next_change(moment)
        if changed is None:
            return None
        is_open = rules.is_open(changed)
        if is_open == (wanted is State.OPEN):
            return changed
        moment = changed
    return None
