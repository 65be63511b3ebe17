"""OSM opening_hours to the weekly schedules of HSDS and back, for hours that repeat every week.

Hours are not parsed here: four weeks of the year are evaluated, and only when all four are alike is a weekly
schedule derived. Anything else (seasons, holidays with hours of their own) stays in its OSM form alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import opening_hours

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
# Mondays of four seasons.
_WEEKS = (datetime(2026, 1, 12), datetime(2026, 4, 13), datetime(2026, 7, 13), datetime(2026, 10, 12))  # noqa: DTZ001
Slot = tuple[int, str, str]


@lru_cache(maxsize=4096)
def weekly(hours: str) -> tuple[tuple[str, str, str], ...]:
    """`byday`, `opens_at`, `closes_at` of each shift; nothing when the hours do not simply repeat."""
    try:
        rules = opening_hours.OpeningHours(hours)
    except Exception:  # the library raises errors of its own that share no narrower base
        return ()
    weeks = [_slots(rules, monday) for monday in _WEEKS]
    if any(week != weeks[0] for week in weeks):
        return ()
    shifts: dict[tuple[str, str], list[int]] = defaultdict(list)
    for day, opens, closes in weeks[0]:
        shifts[opens, closes].append(day)
    return tuple((",".join(DAYS[day] for day in days), *times) for times, days in sorted(shifts.items()))


def _slots(rules: Any, monday: datetime) -> list[Slot]:
    """The shifts that begin in a week; a night shift belongs to the day it begins."""
    if str(rules.normalize()) == "24/7":
        return [(day, "00:00", "23:59") for day in range(7)]
    slots: list[Slot] = []
    for start, end, state, _ in rules.intervals(monday - timedelta(days=1), monday + timedelta(days=8)):
        begins = (start - monday).days
        if state == opening_hours.State.OPEN and 0 <= begins < 7 and start >= monday:
            slots.append((begins, f"{start:%H:%M}", f"{end:%H:%M}"))
    return slots


def osm(schedules: Iterable[Mapping[str, Any]]) -> str | None:
    """OSM opening_hours of weekly HSDS schedules, or None when one of them is not weekly."""
    shifts: dict[str, list[str]] = defaultdict(list)
    for schedule in schedules:
        opens, closes = (_clock(schedule.get(name)) for name in ("opens_at", "closes_at"))
        days = str(schedule.get("byday") or "").split(",")
        if schedule.get("freq") != "WEEKLY" or not opens or not closes or not set(days) <= set(DAYS):
            return None
        shifts[",".join(day.capitalize() for day in days)].append(f"{opens}-{closes}")
    return "; ".join(f"{days} {','.join(times)}" for days, times in shifts.items()) or None


def _clock(value: Any) -> str | None:
    return str(value)[:5] if value else None
