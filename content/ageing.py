"""How old a fact is, and what follows: current, due for review, or withdrawn.

The age counts from the date of the source, not from the day somebody read it: a page of 2019 read
yesterday is still of 2019. The moment is handed in, so that tests move the clock.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator

from content.documents import Strict


class Age(StrEnum):
    """What may be said of a fact of this age."""

    CURRENT = "current"
    DUE = "due"
    WITHDRAWN = "withdrawn"
    UNDATED = "undated"


class Interval(Strict):
    """Months until a kind of fact must be looked up again, and until it is no longer shown."""

    review: int
    withdraw: int


_PARTIAL = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


def _partial_date(text: str) -> str:
    if not _PARTIAL.fullmatch(text):
        raise ValueError("is not a date like 2019, 2019-06 or 2019-06-30")
    first_day(text)
    return text


PartialDate = Annotated[
    str,
    BeforeValidator(lambda value: str(value) if isinstance(value, int) else value),
    AfterValidator(_partial_date),
]


def first_day(partial: str) -> date:
    """The first day of a year, month or day: the honest, older reading of a date that is not exact."""
    year, month, day = (*(int(part) for part in partial.split("-")), 1, 1)[:3]
    return date(year, month, day)


def age_of(kind: str, source_date: str | None, today: date, intervals: Mapping[str, Interval]) -> Age:
    """The age of a fact of a kind whose source is of `source_date`."""
    if source_date is None:
        return Age.UNDATED
    start = first_day(source_date)
    months = (today.year - start.year) * 12 + today.month - start.month
    interval = intervals[kind]
    if months >= interval.withdraw:
        return Age.WITHDRAWN
    return Age.DUE if months >= interval.review else Age.CURRENT
