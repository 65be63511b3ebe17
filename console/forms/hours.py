"""The form of opening hours: a weekly plan, day and night, not known, or as it is written in OSM."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import opening_hours

from console.forms import Form, Outcome, Typed, texts, typed_texts
from console.hours import DAYS, from_osm, to_osm
from content.wording import N_, Wording
from referrals.records import ServiceRecord
from referrals.weeks import Spans, Week, are_plain, day_name, in_every_language

EXCEPTIONS = 4
_TIME = re.compile(r"([01]?\d|2[0-3])[:.h]?([0-5]\d)|24:00")
WRITE_OTHERWISE = N_(
    "The words below still tell the old hours. Correct them, or let us write them from the plan."
)


def form() -> Form:
    """The form."""
    return Form("hours", N_("Hours"), "form_hours.html", typed, read)


def typed(record: ServiceRecord) -> Typed:
    """The record as fields."""
    text = record.opening_hours or ""
    week = from_osm(text) if text else Week()
    kind = "unknown" if not text else "always" if text == "24/7" else "weekly" if week else "other"
    own = record.hours is not None and not (week and not week.empty and are_plain(record.hours, week))
    found: Typed = {
        "kind": kind, "osm": text, "schedule": record.schedule, "first_n": str(record.first_n or ""),
        "words": "own" if own else "plan", **typed_texts("hours", record.hours),
    }  # fmt: skip
    return {**found, **_typed_week(week or Week())}


def _typed_week(week: Week) -> Typed:
    found: Typed = {}
    for number, spans in enumerate(week.days):
        found |= _typed_spans(f"d{number}", spans)
    off = week.holidays
    found["holidays"] = "unknown" if off is None else "open" if off else "closed"
    found |= _typed_spans("ph", off or ())
    for number in range(EXCEPTIONS):
        day, spans = week.exceptions[number] if number < len(week.exceptions) else (None, ())
        found |= {f"x{number}_day": day.isoformat() if day else "", **_typed_spans(f"x{number}", spans[:1])}
    return found


def _typed_spans(prefix: str, spans: Spans) -> Typed:
    first, second = (*spans, ("", ""), ("", ""))[:2]
    names = ("from1", "to1", "from2", "to2")
    return {f"{prefix}_{name}": text for name, text in zip(names, (*first, *second), strict=True)}


def read(given: Typed, record: ServiceRecord, w: Wording) -> Outcome:
    """Fields as values of the record."""
    outcome = Outcome()
    week = None
    if record.opening_hours is None and given.get("kind") == "unknown" and _writes_times(given):
        # Nobody chose that: it stood there before the hours were written.
        given["kind"] = "weekly"
    kind = given.get("kind", "")
    if kind == "weekly":
        week = _read_week(given, outcome, w)
        hours: str | None = to_osm(week) if week else None
    elif kind == "other":
        hours = given.get("osm") or None
        _check_osm(hours, outcome, w)
    else:
        hours = "24/7" if kind == "always" else None
    outcome.values["opening_hours"] = hours
    _read_schedule(given, outcome, w)
    _read_words(given, record, week, hours, outcome, w)
    return outcome


def _writes_times(given: Typed) -> bool:
    """Whether a time stands at any day of the week."""
    names = ("from1", "to1", "from2", "to2")
    return any(given.get(f"d{day}_{name}") for day in range(len(DAYS)) for name in names)


def _check_osm(hours: str | None, outcome: Outcome, w: Wording) -> None:
    if hours and (len(hours) > 255 or not opening_hours.validate(hours)):
        outcome.errors["osm"] = w("We cannot read these hours. Write them like Mo-Fr 08:00-17:00.")


def _read_week(given: Typed, outcome: Outcome, w: Wording) -> Week | None:
    if given.get("same"):
        for number in range(1, 5):
            given |= {
                f"d{number}_{name}": given.get(f"d0_{name}", "") for name in ("from1", "to1", "from2", "to2")
            }
    days = tuple(_read_spans(given, f"d{n}", day_name(n, w), outcome, w) for n in range(len(DAYS)))
    off = {"closed": (), "open": _read_spans(given, "ph", w("public holidays"), outcome, w)}.get(
        given.get("holidays", "")
    )
    week = Week(days, off, _read_exceptions(given, outcome, w))
    if week.empty and not outcome.errors:
        outcome.errors["d0_from1"] = w(
            "Write the hours of one day at least, or choose that they are not known."
        )
    return None if outcome.errors else week


def _read_exceptions(given: Typed, outcome: Outcome, w: Wording) -> tuple[tuple[date, Spans], ...]:
    found = []
    for number in range(EXCEPTIONS):
        text = given.get(f"x{number}_day", "")
        if not text:
            continue
        try:
            day = date.fromisoformat(text)
        except ValueError:
            outcome.errors[f"x{number}_day"] = w("{text} is not a day. Write it like 2026-12-24.", text=text)
            continue
        found.append((day, _read_spans(given, f"x{number}", w.date(day), outcome, w)))
    return tuple(sorted(found))


def _read_spans(given: Typed, prefix: str, day: str, outcome: Outcome, w: Wording) -> Spans:
    found: list[tuple[str, str]] = []
    for number in (1, 2):
        names = (f"{prefix}_from{number}", f"{prefix}_to{number}")
        start, end = (_read_time(given, name, day, outcome, w) for name in names)
        if not start and not end:
            continue
        if not start or not end:
            missing = names[0] if not start else names[1]
            outcome.errors.setdefault(missing, w("{day}: write from when and until when.", day=day))
        elif end <= start:
            outcome.errors[names[1]] = w("{day}: it closes before it opens.", day=day)
        elif found and start < found[-1][1]:
            outcome.errors[names[0]] = w("{day}: the afternoon begins before the morning ends.", day=day)
        else:
            found.append((start, end))
    return tuple(found)


def _read_time(given: Typed, name: str, day: str, outcome: Outcome, w: Wording) -> str:
    text = str(given.get(name, ""))
    if not text:
        return ""
    matched = _TIME.fullmatch(text)
    if not matched:
        hour = re.fullmatch(r"([01]?\d|2[0-3])h?", text)
        if hour:
            return f"{int(hour[1]):02d}:00"
        outcome.errors[name] = w("{day}: {text} is not a time. Write it like 08:30.", day=day, text=text)
        return ""
    return text if text == "24:00" else f"{int(matched[1]):02d}:{matched[2]}"


def _read_schedule(given: Typed, outcome: Outcome, w: Wording) -> None:
    schedule, number = given.get("schedule", "regular"), given.get("first_n", "")
    schedule = schedule if schedule in ("regular", "by_appointment", "first_n") else "regular"
    outcome.values |= {"schedule": schedule, "first_n": None}
    if schedule == "first_n" and number:
        if not number.isdecimal() or not 0 < int(number) < 10_000:
            outcome.errors["first_n"] = w("{text} is not a number of people.", text=number)
        else:
            outcome.values["first_n"] = int(number)


def _read_words(
    given: Typed, record: ServiceRecord, week: Week | None, hours: str | None, outcome: Outcome, w: Wording
) -> None:
    own: dict[str, Any] | None = texts(given, "hours", record.hours)
    if given.get("words") != "own" and week is not None:
        outcome.values["hours"] = None if week.empty else in_every_language(week)
        return
    if given.get("words") != "own":
        outcome.values["hours"] = None
        return
    outcome.values["hours"] = own
    if own and own == record.hours and hours != record.opening_hours and not outcome.errors:
        outcome.errors["words"] = w(WRITE_OTHERWISE)
