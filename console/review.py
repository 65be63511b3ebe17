"""What to look at first: the harm that a wrong entry does, by demand, by the age of its check, by trouble told.

Harm = people who asked × years since the check × (1 + troubles in ninety days). Demand is the released one; where
nothing was released every service counts as one. Nothing here reads a database.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from rapidfuzz import fuzz, process

from console.showing import plain
from referrals.phones import tel_uri
from referrals.records import ServiceRecord, partial_day

TROUBLES = ("closed", "full", "refused", "asked_for_paper", "asked_for_money", "could_not_get_there")
_UNCHECKED_YEARS = 5.0
_ALIKE = 92.0


@dataclass(frozen=True)
class Queued:
    """A service in the queue, with what its rank is made of."""

    record: ServiceRecord
    harm: float
    years: float
    troubles: int
    askers: int


@dataclass(frozen=True)
class Pair:
    """Two services of one place that may be one, and by what."""

    first: ServiceRecord
    second: ServiceRecord
    by: str


def queue(
    found: Iterable[ServiceRecord],
    troubles: Mapping[str, int],
    askers: Mapping[tuple[str, str], int],
    today: date,
) -> list[Queued]:
    """Active services, the most harmful first."""
    made = [_queued(one, troubles.get(one.id, 0), askers, today) for one in found if one.status == "active"]
    return sorted(made, key=lambda one: (-one.harm, one.record.id))


def _queued(
    record: ServiceRecord, troubles: int, askers: Mapping[tuple[str, str], int], today: date
) -> Queued:
    years = _UNCHECKED_YEARS
    if record.assured_date:
        years = max(0.0, (today - partial_day(record.assured_date)[0]).days / 365.25)
    asked = sum(askers.get((record.place, need), 0) for need in record.needs)
    return Queued(record, max(1, asked) * (0.05 + years) * (1 + troubles), years, troubles, asked)


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
    names = [plain(one.name) for one in some]
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
