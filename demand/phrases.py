"""Phrases that were not understood, as they were released: said by at least ten people of all places in one week.

Written once with the week's release and never changed. No phrase of fewer people ever comes here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, insert, select

from demand.tables import phrase


@dataclass(frozen=True)
class Phrase:
    """A word, or two side by side, and how many different people said it, rounded down to tens."""

    start: date
    words: str
    askers: int

    @property
    def order(self) -> tuple[int, str]:
        """Most said first."""
        return -self.askers, self.words


def write_phrases(connection: Connection, week: date, found: Iterable[Phrase]) -> None:
    """Store the phrases of a week for good; a week that has some already is left alone."""
    if connection.execute(select(phrase.c.start).where(phrase.c.start == week).limit(1)).first():
        return
    rows = [{"start": one.start, "words": one.words, "askers": one.askers} for one in found]
    if rows:
        connection.execute(insert(phrase), rows)


def read_phrases(connection: Connection) -> tuple[Phrase, ...]:
    """Every released phrase, week by week, most said first."""
    found = [Phrase(row.start, row.words, row.askers) for row in connection.execute(select(phrase))]
    return tuple(sorted(found, key=lambda one: (one.start, one.order)))
