"""A week of opening hours in words, in each language that people read.

The words stand beside the hours in what a person is told, so they are written in all languages at once. Nothing here
reads a clock or what stands in OSM's way of writing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import groupby

from content.wording import Wording, wording
from referrals.records import LANGUAGES

_MONDAY = date(2024, 1, 1)
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


def runs(week: Week) -> Iterator[tuple[int, int, Spans]]:
    """Runs of days with the same hours: the first day, the last, the hours."""
    for spans, run in groupby(range(7), key=lambda number: week.days[number]):
        numbers = list(run)
        yield numbers[0], numbers[-1], spans


def day_name(number: int, w: Wording) -> str:
    """The name of a day of the week, Monday being 0."""
    return w.weekday(_MONDAY + timedelta(days=number))


def in_words(week: Week, w: Wording) -> str:
    """The week as one sentence or two."""
    told = [_run_in_words(first, last, spans, w) for first, last, spans in runs(week) if spans]
    closed = [day_name(n, w) for n in range(7) if not week.days[n]]
    if told and closed:
        told.append(w("closed: {days}", days=w.list(closed)))
    if week.holidays is not None:
        told.append(w("public holidays: {times}", times=spans_in_words(week.holidays, w)))
    told += [w("{day}: {times}", day=w.date(d), times=spans_in_words(s, w)) for d, s in week.exceptions]
    text = "; ".join(told)
    return f"{text[:1].upper()}{text[1:]}." if text else w("No hours are written.")


def in_every_language(week: Week) -> dict[str, str]:
    """The week in words in every language of the directory."""
    return {code: in_words(week, wording(code)) for code in LANGUAGES}


def are_plain(texts: Mapping[str, str], week: Week) -> bool:
    """Whether texts say the week and nothing else, in whichever languages they stand."""
    plain = in_every_language(week)
    return all(text == plain.get(code) for code, text in texts.items())


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
