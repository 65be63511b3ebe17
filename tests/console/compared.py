"""What places hold as going through every service counts it: what the database's own counting is held against."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from console import showing
from console.holdings import Counted, Held
from content.library import Library
from referrals.comparison import Coverage, Offer, PlaceRow
from referrals.entries import REVIEW_AFTER, Entry, Snapshot, snapshot_of
from referrals.neighbourhoods import Neighbourhood, neighbourhood
from referrals.records import ServiceRecord
from referrals.routing import busy_on
from referrals.showing import local_day


def compare(
    snapshot: Snapshot, places: Sequence[tuple[str, Neighbourhood]], needs: Sequence[str], moment: datetime
) -> tuple[PlaceRow, ...]:
    """A row for each place, the same needs in the same order in each."""
    return tuple(
        PlaceRow(code, tuple(_offer(snapshot, around, need, moment) for need in needs))
        for code, around in places
    )


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


def counted_by_hand(records: Sequence[ServiceRecord], library: Library, moment: datetime) -> Counted:
    """What people in each open place are shown, from every record."""
    snapshot, places = snapshot_of(1, records), library.places.open
    around = {one.code: neighbourhood(one, library.places) for one in places}
    sectors = {
        code: [need.code for need in library.taxonomy.needs_of(code)] for code in library.taxonomy.sectors
    }
    entries = {
        code: [entry for entry in snapshot.by_id.values() if entry.record.place in dict(one.circles)]
        for code, one in around.items()
    }
    return Counted(
        compare(snapshot, list(around.items()), tuple(library.taxonomy.needs), moment),
        {code: by_sector(snapshot, one, sectors, moment) for code, one in around.items()},
        {
            code: (len(some), sum(is_checked(entry, local_day(moment, around[code])) for entry in some))
            for code, some in entries.items()
        },
        {
            (code, language.code): sum(language.code in entry.languages for entry in some)
            for code, some in entries.items()
            for language in library.languages
        },
    )


def held_by_hand(records: Sequence[ServiceRecord], today: Mapping[str, date]) -> dict[str, Held]:
    """What each place holds, from every record."""
    found = {
        place: [one for one in records if one.place == place and one.status == "active"] for place in today
    }
    return {
        place: Held(
            len(mine),
            sum(not showing.is_due(one, today[place]) for one in mine),
            sum(one.opening_hours is not None for one in mine),
            sum(bool(one.phones) for one in mine),
        )
        for place, mine in found.items()
    }
