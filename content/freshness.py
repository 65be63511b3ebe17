"""How long an answer has gone without a check, so that the oldest is looked at first. Nothing here is shown to people."""

from __future__ import annotations

from datetime import date

from content.ageing import Age, age_of, first_day
from content.cards import facts_of
from content.library import Library


def last_checked(library: Library, need: str, place: str, today: date) -> date | None:
    """The day of the oldest source that is due for review, else of the newest; None where nothing dated is known."""
    answer, collection = library.raw(need, place), library.collection
    names = {name for part in (answer.parts if answer else ()) for name in facts_of(part)}
    days: dict[bool, list[date]] = {True: [], False: []}
    for fact in (collection.facts[name] for name in names):
        if fact.source_date:
            age = age_of(fact.kind, fact.source_date, today, collection.intervals)
            days[age is Age.CURRENT].append(first_day(fact.source_date))
    return min(days[False]) if days[False] else max(days[True], default=None)
