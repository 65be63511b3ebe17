"""What to look at first: services and answers by demand, by the age of their check, by trouble told.

The weight itself is that of the room `demand`. Trouble of an answer is what is missing behind it: trouble told at a
door counts with the service. Nothing here reads a database.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from rapidfuzz import fuzz, process

from content.folding import folded
from content.freshness import last_checked
from content.library import Library
from demand.released import Release
from demand.upkeep import Entry, Task, first_to_check
from referrals.comparison import PlaceRow
from referrals.phones import tel_uri
from referrals.records import ServiceRecord, partial_day

_ALIKE = 92.0


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


@dataclass(frozen=True)
class Pair:
    """Two services of one place that may be one, and by what."""

    first: ServiceRecord
    second: ServiceRecord
    by: str


def services_first(
    found: Iterable[ServiceRecord], troubles: Mapping[str, int], releases: Sequence[Release], today: date
) -> list[Task[ServiceRecord]]:
    """Active services, those that matter most first."""
    return first_to_check(
        (
            Entry(one, one.place, one.needs, _checked(one), troubles.get(one.id, 0))
            for one in found
            if one.status == "active"
        ),
        releases,
        today,
    )


def _checked(record: ServiceRecord) -> date | None:
    return partial_day(record.assured_date)[0] if record.assured_date else None


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


def pairs(found: Sequence[ServiceRecord]) -> list[Pair]:
    """Services of the same place with nearly the same name or address, or the same telephone."""
    made: dict[tuple[str, str], Pair] = {}
    by_place: dict[str, list[ServiceRecord]] = {}
    for one in found:
        if one.status == "active":
            by_place.setdefault(one.place, []).append(one)
    for some in by_place.values():
        for pair in (*_alike(some), *_same_phone(some)):
            made.setdefault((pair.first.id, pair.second.id), pair)
    return list(made.values())


def _alike(some: list[ServiceRecord]) -> Iterator[Pair]:
    names = [folded(one.name) for one in some]
    for at, name in enumerate(names):
        rest = names[at + 1 :]
        for _, _, other in process.extract(
            name, rest, scorer=fuzz.token_sort_ratio, score_cutoff=_ALIKE, limit=3
        ):
            yield Pair(some[at], some[at + 1 + other], "name")


def _same_phone(some: list[ServiceRecord]) -> Iterator[Pair]:
    """Offices of one organization share a telephone; that is no doubt about them."""
    first: dict[str, ServiceRecord] = {}
    for one in some:
        for number in one.phones:
            # Short numbers are shared by many services and say nothing.
            if len(number) > 6:
                other = first.setdefault(tel_uri(number), one)
                if other is not one and other.organization.id != one.organization.id:
                    yield Pair(other, one, "phones")
