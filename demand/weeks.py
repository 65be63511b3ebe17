"""Weeks and four-week periods on the place's clock: the only times that a figure may carry.

Pure. A week is its Monday. Periods are fixed blocks of four ISO weeks that never slide, so that no two
releases overlap in part; nothing here is finer than a day.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from content.places import Place

WEEK = timedelta(days=7)
WEEKS_IN_PERIOD = 4
WRITE_HOUR = 4
_FIRST_MONDAY = date(2024, 1, 1)


def week_of(moment: datetime, time_zone: str) -> date:
    """The Monday of the ISO week of a moment on a clock."""
    day = moment.astimezone(ZoneInfo(time_zone)).date()
    return day - timedelta(days=day.weekday())


def period_of(day: date) -> date:
    """The first Monday of the four-week period that holds a day."""
    week = day - timedelta(days=day.weekday())
    return week - WEEK * (((week - _FIRST_MONDAY).days // 7) % WEEKS_IN_PERIOD)


def halves(period: date) -> tuple[tuple[date, date], tuple[date, date]]:
    """The four weeks of a period, two by two."""
    first, second, third, fourth = weeks_of(period)
    return (first, second), (third, fourth)


def weeks_of(period: date) -> tuple[date, date, date, date]:
    """The four weeks of a period."""
    return period, period + WEEK, period + 2 * WEEK, period + 3 * WEEK


def write_day(moment: datetime, places: Sequence[Place]) -> date:
    """The day whose write is due: it changes at the fixed hour on the clock of the place whose day begins last."""
    clocks = [moment.astimezone(ZoneInfo(place.time_zone)) for place in places]
    latest = min(clocks, key=lambda clock: clock.replace(tzinfo=None))
    return latest.date() if latest.hour >= WRITE_HOUR else latest.date() - timedelta(days=1)


def is_settled(week: date, moment: datetime, places: Sequence[Place]) -> bool:
    """Whether a week is over everywhere and the write after its end is due, so that nothing more will come."""
    return write_day(moment, places) >= week + WEEK
