"""Opening hours as people fill them in: a week with a break at noon, holidays, and days that differ.

Hours are kept as OSM opening_hours; what this form cannot show is kept and edited as it is written. Nothing here
reads a clock.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays
import opening_hours

from referrals.hours import Calendar
from referrals.records import ServiceRecord
from referrals.weeks import Spans, Week, runs

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SPAN = re.compile(r"(\d{2}:\d{2})-(\d{2}:\d{2})")
_RULE = re.compile(r"((?:Mo|Tu|We|Th|Fr|Sa|Su|[-,])+)\s+(.+)")
_EXCEPTION = re.compile(r"(\d{4}) (" + "|".join(_MONTHS) + r") (\d{1,2}) (.+)")


@dataclass(frozen=True)
class DayShown:
    """One of the next seven days: its spans, and what is special about it."""

    day: date
    spans: tuple[tuple[time, time], ...]
    holiday: str = ""
    closed: bool = False


def to_osm(week: Week) -> str:
    """The week as OSM opening_hours."""
    rules = [f"{_days(first, last)} {_times(spans)}" for first, last, spans in runs(week) if spans]
    if week.holidays is not None:
        rules.append(f"PH {_times(week.holidays)}")
    rules += [f"{day.year} {_MONTHS[day.month - 1]} {day.day:02d} {_times(s)}" for day, s in week.exceptions]
    return "; ".join(rules)


def from_osm(text: str) -> Week | None:
    """The week that hours describe; None when the form cannot show them."""
    days: list[Spans] = [()] * 7
    off: Spans | None = None
    exceptions: list[tuple[date, Spans]] = []
    for rule in (part.strip() for part in text.split(";") if part.strip()):
        try:
            if rule.startswith("PH "):
                off = _spans(rule[3:])
            elif found := _EXCEPTION.fullmatch(rule):
                day = date(int(found[1]), _MONTHS.index(found[2]) + 1, int(found[3]))
                exceptions.append((day, _spans(found[4])))
            else:
                _put(days, rule)
        except ValueError:
            return None
    return Week(tuple(days), off, tuple(exceptions))


def _put(days: list[Spans], rule: str) -> None:
    found = _RULE.fullmatch(rule)
    if not found:
        raise ValueError(rule)
    for part in found[1].split(","):
        first, _, last = part.partition("-")
        start, end = DAYS.index(first), DAYS.index(last or first)
        if end < start:
            raise ValueError(rule)
        for number in range(start, end + 1):
            days[number] = _spans(found[2])


def _spans(text: str) -> Spans:
    if text.strip() in ("off", "closed"):
        return ()
    found = [_SPAN.fullmatch(part.strip()) for part in text.split(",")]
    if not all(found) or len(found) > 2:
        raise ValueError(text)
    return tuple((one[1], one[2]) for one in found if one)


def _times(spans: Spans) -> str:
    return ",".join(f"{start}-{end}" for start, end in spans) or "off"


def _days(first: int, last: int) -> str:
    return DAYS[first] if first == last else f"{DAYS[first]}-{DAYS[last]}"


def next_days(record: ServiceRecord, moment: datetime, calendar: Calendar) -> tuple[DayShown, ...]:
    """The next seven days as the hours mean them, with holidays and closures."""
    zone = ZoneInfo(calendar.time_zone)
    start = moment.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    days = [start.date() + timedelta(days=number) for number in range(7)]
    named = holidays.country_holidays(calendar.country_code, years={day.year for day in days}, observed=True)
    spans = _open_spans(record.opening_hours, start, calendar)
    return tuple(
        DayShown(
            day,
            tuple(span for on, span in spans if on == day),
            str(named.get(day, "")),
            any(one.starts <= day and (one.ends is None or day <= one.ends) for one in record.closures),
        )
        for day in days
    )


def _open_spans(
    hours: str | None, start: datetime, calendar: Calendar
) -> list[tuple[date, tuple[time, time]]]:
    if not hours:
        return []
    zone = ZoneInfo(calendar.time_zone)
    try:
        rules = opening_hours.OpeningHours(hours, timezone=zone, country=calendar.country_code)
    except Exception:  # the library raises errors of its own that share no narrower base
        return []
    found = []
    for begins, ends, state, _note in rules.intervals(start, start + timedelta(days=7)):
        if state == opening_hours.State.OPEN:
            end = ends or start + timedelta(days=7)
            while begins < end:
                midnight = (begins + timedelta(days=1)).replace(hour=0, minute=0)
                stop = min(end, midnight)
                found.append((begins.date(), (begins.time(), stop.time())))
                begins = stop
    return found
