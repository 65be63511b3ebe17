"""Opening hours as people fill them in: a week with a break at noon, holidays, and days that differ.

Hours are kept as OSM opening_hours; what this form cannot show is kept and edited as it is written. Nothing here
reads a clock.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

import holidays
import opening_hours

from content.wording import Wording
from referrals.hours import Calendar
from referrals.records import ServiceRecord

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONDAY = date(2024, 1, 1)
_SPAN = re.compile(r"(\d{2}:\d{2})-(\d{2}:\d{2})")
_RULE = re.compile(r"((?:Mo|Tu|We|Th|Fr|Sa|Su|[-,])+)\s+(.+)")
_EXCEPTION = re.compile(r"(\d{4}) (" + "|".join(_MONTHS) + r") (\d{1,2}) (.+)")
Span = tuple[str, str]
Spans = tuple[Span, ...]


@dataclass(frozen=True)
class Week:
    """The spans of each day from Monday, those of public holidays (None: nobody knows), and days that differ."""

    days: tuple[Spans, ...] = ((),) * 7
    holidays: Spans | None = None
    exceptions: tuple[tuple[date, Spans], ...] = ()

    @property
    def empty(self) -> bool:
        """Whether no day has hours."""
        return not any(self.days)


@dataclass(frozen=True)
class DayShown:
    """One of the next seven days: its spans, and what is special about it."""

    day: date
    spans: tuple[tuple[time, time], ...]
    holiday: str = ""
    closed: bool = False


def to_osm(week: Week) -> str:
    """The week as OSM opening_hours."""
    rules = [f"{_days(first, last)} {_times(spans)}" for first, last, spans in _groups(week) if spans]
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


def _groups(week: Week) -> Iterator[tuple[int, int, Spans]]:
    """Runs of days with the same hours."""
    for spans, run in groupby(range(7), key=lambda number: week.days[number]):
        numbers = list(run)
        yield numbers[0], numbers[-1], spans


def day_name(number: int, w: Wording) -> str:
    """The name of a day of the week, Monday being 0."""
    return w.weekday(_MONDAY + timedelta(days=number))


def in_words(week: Week, w: Wording) -> str:
    """The week as one sentence or two."""
    told = [_run_in_words(first, last, spans, w) for first, last, spans in _groups(week) if spans]
    closed = [day_name(n, w) for n in range(7) if not week.days[n]]
    if told and closed:
        told.append(w("closed: {days}", days=w.list(closed)))
    if week.holidays is not None:
        told.append(w("public holidays: {times}", times=spans_in_words(week.holidays, w)))
    told += [w("{day}: {times}", day=w.date(d), times=spans_in_words(s, w)) for d, s in week.exceptions]
    text = "; ".join(told)
    return f"{text[:1].upper()}{text[1:]}." if text else w("No hours are written.")


def _run_in_words(first: int, last: int, spans: Spans, w: Wording) -> str:
    times = spans_in_words(spans, w)
    if first == last:
        return w("{day}: {times}", day=day_name(first, w), times=times)
    return w("{first} to {last}: {times}", first=day_name(first, w), last=day_name(last, w), times=times)


def spans_in_words(spans: Sequence[tuple[object, object]], w: Wording) -> str:
    """Spans of one day: 08:00 to 12:00 and 13:00 to 17:00; closed when there is none."""
    if not spans:
        return w("closed")
    return w.list([w("{start} to {end}", start=_clock(start), end=_clock(end)) for start, end in spans])


def _clock(moment: object) -> str:
    return moment.strftime("%H:%M") if isinstance(moment, time) else str(moment)


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
