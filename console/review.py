"""Which answers to look at first: by demand, by the age of their check, by what is missing behind them.

The weight itself is that of the room `demand`. Trouble told at a door counts with the service, in `weighing`. Nothing
here reads a database.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from content.freshness import last_checked
from content.library import Library
from demand.released import Release
from demand.upkeep import Entry, Task, first_to_check
from referrals.comparison import PlaceRow


@dataclass(frozen=True)
class Answer:
    """What is said of a need in a place: whether anything dated is known, and what the services behind it lack."""

    need: str
    place: str
    known: bool
    gap: str | None

    @property
    def trouble(self) -> int:
        """How much is missing."""
        return (not self.known) + (self.gap is not None)


def answers_first(
    library: Library, rows: Sequence[PlaceRow], releases: Sequence[Release], today: date
) -> list[Task[Answer]]:
    """What is said of each need in each place, beside what its services offer, that which matters most first."""
    entries = []
    for row in rows:
        for offer in row.offers:
            checked = last_checked(library, offer.need, row.place, today)
            answer = Answer(offer.need, row.place, checked is not None, offer.gap)
            entries.append(Entry(answer, row.place, (offer.need,), checked, answer.trouble))
    return first_to_check(entries, releases, today)
