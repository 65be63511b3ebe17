"""From a need, a place and a moment to at most three doors, in order, each with its reasons.

Pure: the same request on the same snapshot gives the same doors in the same order. Who is left out is named with
the reason; when nothing fits, the nearest thing that does is offered, so that nobody leaves with nothing.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from content.places import distance_km
from referrals import eligibility, showing
from referrals.doors import Door, Doors, Found, Opening, Reason, Request, State
from referrals.entries import Entry, Snapshot
from referrals.neighbourhoods import Neighbourhood

AT_MOST = 3
# Enough to say why; a city with thousands of services would otherwise list them all.
_LEFT_OUT_AT_MOST = 20
_OPENING_RANK = {State.OPEN: 0, State.APPOINTMENT: 1, State.UNKNOWN: 1, State.CLOSED: 2}
# Who can tell where to go when nothing attends the need itself.
_WHO_CAN_TELL = ("city.orientation", "legal.rights", "legal.advice", "basics.cash")
_FAR = 10**6


@dataclass(frozen=True, slots=True)
class _Ranked:
    """A door that may be offered, with its place in the order."""

    key: tuple[int | str, ...]
    entry: Entry
    opening: Opening
    km: float | None


def route(request: Request, snapshot: Snapshot, around: Neighbourhood, limit: int = AT_MOST) -> Doors:
    """The doors for a request: at most `limit`, never more than three."""
    limit = max(1, min(limit, AT_MOST))
    usable, left_out = _sift(request, snapshot, around, (request.need,))
    best = heapq.nsmallest(limit, usable, key=lambda ranked: ranked.key)
    named = tuple(sorted(left_out, key=lambda one: one[0])[:_LEFT_OUT_AT_MOST])
    if best:
        outcome = Found.CLOSED_NOW if all(_is_closed(one) for one in usable) else Found.FOUND
        first = Reason("serves_need", {"need": request.need})
        doors = tuple(_door(one, request, around, first) for one in best)
        return Doors(doors, len(usable) > len(best), named, outcome)
    return Doors(_nearest_thing(request, snapshot, around, limit), False, named, _why_none(left_out))


def _door(ranked: _Ranked, request: Request, around: Neighbourhood, first: Reason) -> Door:
    told = showing.reasons(ranked.entry, request, ranked.opening, around, ranked.km, first)
    return showing.door(ranked.entry, request.language, ranked.opening, told)


def _is_closed(ranked: _Ranked) -> bool:
    return ranked.opening.state is State.CLOSED


def _why_none(left_out: list[tuple[str, Reason]]) -> Found:
    codes = {reason.code for _, reason in left_out}
    if "full_until" in codes:
        return Found.FULL
    if "closed_until" in codes:
        return Found.CLOSED_NOW
    return Found.NOT_FOR_THIS_PERSON if "not_for" in codes else Found.NONE_HERE


def _nearest_thing(
    request: Request, snapshot: Snapshot, around: Neighbourhood, limit: int
) -> tuple[Door, ...]:
    sector = request.need.partition(".")[0]
    related = tuple(n for n in snapshot.needs if n.partition(".")[0] == sector and n != request.need)
    first = Reason("related_need", {"need": request.need})
    for needs in (related, _WHO_CAN_TELL):
        usable, _ = _sift(request, snapshot, around, needs)
        if usable:
            best = heapq.nsmallest(limit, usable, key=lambda ranked: ranked.key)
            return tuple(_door(one, request, around, first) for one in best)
    return ()


def _sift(
    request: Request, snapshot: Snapshot, around: Neighbourhood, needs: tuple[str, ...]
) -> tuple[list[_Ranked], list[tuple[str, Reason]]]:
    """Who may be offered, ranked, and who is left out, with the reason."""
    today = showing.local_day(request.moment, around)
    skipped = frozenset(request.skip)
    usable: list[_Ranked] = []
    left_out: list[tuple[str, Reason]] = []
    openings: dict[tuple[str | None, str, bool], Opening] = {}
    for circle, entry in _candidates(snapshot, around, needs):
        if entry.record.id in skipped:
            continue
        why = _why_not(entry, request, today)
        if why is not None:
            left_out.append((entry.record.id, why))
            continue
        stale = showing.call_first(entry, request.moment)
        hours = (entry.record.opening_hours, entry.record.schedule, stale)
        found = openings.get(hours)
        if found is None:
            found = openings[hours] = showing.opening_of(entry, request.moment, around)
        km = _km(entry, request)
        usable.append(_Ranked(_key(entry, request, around, circle, stale, found, km), entry, found, km))
    return usable, left_out


def _candidates(
    snapshot: Snapshot, around: Neighbourhood, needs: tuple[str, ...]
) -> Iterator[tuple[int, Entry]]:
    """Every service for any of the needs in any circle, once, with the number of its circle."""
    seen: set[str] = set()
    for number, (place, _) in enumerate(around.circles):
        for need in needs:
            for entry in snapshot.by_place_and_need.get((place, need), ()):
                if entry.record.id not in seen:
                    if len(needs) > 1:
                        seen.add(entry.record.id)
                    yield number, entry


def _why_not(entry: Entry, request: Request, today: date) -> Reason | None:
    if entry.rules is not None and (why := eligibility.not_for(entry.rules, request)) is not None:
        return why
    return _busy(entry, today) if entry.busy else None


def _busy(entry: Entry, today: date) -> Reason | None:
    for closure in entry.record.closures:
        if closure.starts <= today and (closure.ends is None or today <= closure.ends):
            return Reason("closed_until", {"until": closure.ends.isoformat()} if closure.ends else {})
    full = entry.record.full_until
    return Reason("full_until", {"until": full.isoformat()}) if full is not None and today <= full else None


def _km(entry: Entry, request: Request) -> float | None:
    if request.position is None or entry.position is None:
        return None
    return distance_km(request.position.latitude, request.position.longitude, *entry.position)


def _key(
    entry: Entry,
    request: Request,
    around: Neighbourhood,
    circle: int,
    stale: bool,
    found: Opening,
    km: float | None,
) -> tuple[int | str, ...]:
    """The order of doors, first difference first: reachable, checked, near home, made for this person, open,
    near, speaking the language, surely known, narrow in what it does, free, lately checked; then by id."""
    languages = entry.record.languages
    understood = request.language in languages or (not languages and request.language in around.languages)
    return (
        int(entry.reach == 2),
        int(stale),
        circle,
        eligibility.fit(entry.rules, request),
        entry.reach,
        _OPENING_RANK[found.state],
        _FAR if km is None else round(km),
        int(not understood),
        entry.confidence,
        entry.breadth,
        entry.free,
        -entry.checked,
        entry.record.id,
    )
