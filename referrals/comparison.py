"""Places beside each other: what each has for each need, checked when, and where the gaps are. Data for a page.

Counts of services alone; nothing here is about people, and nothing is said of which place is better.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from referrals.entries import REVIEW_AFTER, Entry, Snapshot
from referrals.neighbourhoods import Neighbourhood
from referrals.routing import busy_on
from referrals.showing import local_day


@dataclass(frozen=True)
class Offer:
    """What a place has for a need. `services` stand in the place, `around` in its province or for its whole country.

    `checked`: of all of them, those somebody looked at within a year. `waiting`: full or closed today.
    """

    need: str
    services: int = 0
    around: int = 0
    checked: int = 0
    waiting: int = 0
    newest: date | None = None

    @property
    def gap(self) -> str | None:
        """Why somebody would leave with nothing sure: `none`, `all_waiting`, `unchecked`; None when there is no gap."""
        together = self.services + self.around
        if not together:
            return "none"
        if self.waiting == together:
            return "all_waiting"
        return None if self.checked else "unchecked"


@dataclass(frozen=True)
class PlaceRow:
    """One place with an offer for every need, in the order of the needs."""

    place: str
    offers: tuple[Offer, ...]

    @property
    def gaps(self) -> tuple[tuple[str, str], ...]:
        """The needs with a gap, each with its reason."""
        return tuple((offer.need, offer.gap) for offer in self.offers if offer.gap)

    @property
    def services(self) -> int:
        """How many needs have at least one service here or around."""
        return sum(1 for offer in self.offers if offer.gap != "none")


def compare(
    snapshot: Snapshot, places: Sequence[tuple[str, Neighbourhood]], needs: Sequence[str], moment: datetime
) -> tuple[PlaceRow, ...]:
    """A row for each place, the same needs in the same order in each."""
    return tuple(
        PlaceRow(code, tuple(_offer(snapshot, around, need, moment) for need in needs))
        for code, around in places
    )


@dataclass(frozen=True)
class Coverage:
    """What a place has for a sector: each service once, here or around; and the needs without any."""

    sector: str
    services: int
    checked: int
    missing: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        """Whether every need has a service and every service was looked at within a year."""
        return not self.missing and self.checked == self.services


def by_sector(
    snapshot: Snapshot, around: Neighbourhood, needs: Mapping[str, Sequence[str]], moment: datetime
) -> tuple[Coverage, ...]:
    """What a place has for the needs of each sector, in the order of the sectors."""
    today = local_day(moment, around)
    return tuple(_coverage(snapshot, around, sector, codes, today) for sector, codes in needs.items())


def _coverage(
    snapshot: Snapshot, around: Neighbourhood, sector: str, needs: Sequence[str], today: date
) -> Coverage:
    by_need = {need: [entry for some in _circles(snapshot, around, need) for entry in some] for need in needs}
    services = {entry.id: entry for some in by_need.values() for entry in some}
    checked = sum(is_checked(entry, today) for entry in services.values())
    return Coverage(sector, len(services), checked, tuple(need for need, some in by_need.items() if not some))


def _circles(snapshot: Snapshot, around: Neighbourhood, need: str) -> tuple[list[Entry], list[Entry]]:
    """The services of the place itself, and those around it."""
    own, others = (
        [entry for place, _ in circles for entry in snapshot.by_place_and_need.get((place, need), ())]
        for circles in (around.circles[:1], around.circles[1:])
    )
    return own, others


def _offer(snapshot: Snapshot, around: Neighbourhood, need: str, moment: datetime) -> Offer:
    own, others = _circles(snapshot, around, need)
    everything = [*own, *others]
    today = local_day(moment, around)
    newest = max((entry.checked for entry in everything), default=0)
    return Offer(
        need=need,
        services=len(own),
        around=len(others),
        checked=sum(is_checked(entry, today) for entry in everything),
        waiting=sum(busy_on(entry, today) is not None for entry in everything),
        newest=date.fromordinal(newest) if newest else None,
    )


def is_checked(entry: Entry, today: date) -> bool:
    """Whether somebody looked at a service within a year."""
    return bool(entry.checked) and today.toordinal() - entry.checked < REVIEW_AFTER.days
