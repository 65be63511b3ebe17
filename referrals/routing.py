"""From a need, a place and a moment to at most three doors, in order, each with its reasons.

Pure: the same request on the same snapshot gives the same doors in the same order. Who is left out is named with
the reason; when nothing fits, the nearest thing that does is offered, so that nobody leaves with nothing.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

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
# Here only a public office can decide; others help on the way to it.
_DECIDED_BY_THE_STATE = ("asylum", "documents")
_FAR = 10**6


# A door that may be offered: its place in the order, the entry, its opening, the distance.
Key = tuple[Any, ...]
Ranked = tuple[Key, Entry, Opening, float | None]
LeftOut = tuple[str, Reason]


def route(request: Request, snapshot: Snapshot, around: Neighbourhood, limit: int = AT_MOST) -> Doors:
    """The doors for a request: at most `limit`, never more than three."""
    limit = max(1, min(limit, AT_MOST))
    usable, left_out = _sift(request, snapshot, around, (request.need,), limit)
    best = heapq.nsmallest(limit, usable)
    named = tuple(sorted(left_out, key=lambda one: one[0])[:_LEFT_OUT_AT_MOST])
    if best:
        outcome = Found.CLOSED_NOW if all(_is_closed(one) for one in usable) else Found.FOUND
        first = Reason("serves_need", {"need": request.need})
        doors = tuple(_door(one, request, around, first) for one in best)
        return Doors(doors, len(usable) > len(best), named, outcome)
    return Doors(_nearest_thing(request, snapshot, around, limit), False, named, _why_none(left_out))


def _door(ranked: Ranked, request: Request, around: Neighbourhood, first: Reason) -> Door:
    _, entry, found, km = ranked
    told = showing.reasons(entry, request, found, around, km, first)
    return showing.door(entry, request.language, around, found, told)


def _is_closed(ranked: Ranked) -> bool:
    return ranked[2].state is State.CLOSED


def _why_none(left_out: list[LeftOut]) -> Found:
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
    near, tells = (
        heapq.nsmallest(limit, _sift(request, snapshot, around, needs, limit)[0])
        for needs in (related, _WHO_CAN_TELL)
    )
    # The nearest thing, and one place that can tell where else; the same place may be both.
    ids = {one[1].id for one in near[: limit - 1]}
    who = [one for one in tells if one[1].id not in ids][:1] if limit > 1 or not near else []
    best = [*near[: limit - len(who)], *who] if near else tells
    return tuple(_door(one, request, around, first) for one in best)


def _sift(
    request: Request, snapshot: Snapshot, around: Neighbourhood, needs: tuple[str, ...], limit: int
) -> tuple[list[Ranked], list[LeftOut]]:
    """Who may be offered, ranked, and who is left out, with the reason.

    The first ranks of the order need no look at the clock of the door. They part the candidates into
    classes, and no further class is looked at once there are enough doors and one of them is not closed.
    """
    rank = _Ranking(request, around)
    usable: list[Ranked] = []
    left_out: list[LeftOut] = []
    for _, entries in sorted(_classes(request, snapshot, around, needs).items()):
        for circle, entry in entries:
            why = rank.why_not(entry) if entry.rules is not None or entry.busy else None
            if why is None:
                usable.append(rank.ranked(entry, circle))
            else:
                left_out.append((entry.record.id, why))
        if len(usable) > limit and not all(_is_closed(one) for one in usable):
            break
    return usable, left_out


Class = tuple[bool, bool, bool, int]


def _classes(
    request: Request, snapshot: Snapshot, around: Neighbourhood, needs: tuple[str, ...]
) -> Mapping[Class, list[tuple[int, Entry]]]:
    """Every candidate once, by the first ranks: reachable, not for a group unspoken of, checked, near home."""
    today = request.moment.toordinal()
    seen = set(request.skip)
    classes: dict[Class, list[tuple[int, Entry]]] = defaultdict(list)
    for circle, (place, _) in enumerate(around.circles):
        for need in needs:
            for entry in snapshot.by_place_and_need.get((place, need), ()):
                if entry.id not in seen:
                    seen.add(entry.id)
                    other = entry.rules is not None and eligibility.fit(entry.rules, request) == 2
                    stale = today >= entry.call_first_from
                    classes[entry.reach == 2, other, stale, circle].append((circle, entry))
    return classes


class _Ranking:
    """The order of doors for one request; what all candidates share is worked out once."""

    def __init__(self, request: Request, around: Neighbourhood) -> None:
        self._request = request
        self._around = around
        self._today = showing.local_day(request.moment, around)
        self._ordinal = request.moment.toordinal()
        self._spoken_here = request.language in around.languages
        self._decided_by_state = request.need.partition(".")[0] in _DECIDED_BY_THE_STATE
        self._openings: dict[tuple[tuple[str | None, str], bool], tuple[int, Opening]] = {}

    def why_not(self, entry: Entry) -> Reason | None:
        """Why this service is not for this person or not on this day."""
        if entry.rules is not None and (why := eligibility.not_for(entry.rules, self._request)) is not None:
            return why
        return busy_on(entry, self._today) if entry.busy else None

    def ranked(self, entry: Entry, circle: int) -> Ranked:
        """First difference first: reachable, not for a group unspoken of, checked, near home, made for this person,
        the office that decides, within reach, open, near, speaking the language; then what no request changes."""
        stale = self._ordinal >= entry.call_first_from
        opening_rank, found = self._opening(entry, stale)
        km = None if self._request.position is None or entry.position is None else self._km(entry.position)
        languages = entry.languages
        understood = self._request.language in languages if languages else self._spoken_here
        fit = 1 if entry.rules is None else eligibility.fit(entry.rules, self._request)
        key = (
            entry.reach == 2,
            fit == 2,
            stale,
            circle,
            fit,
            self._decided_by_state and not entry.authority,
            entry.reach,
            opening_rank,
            _FAR if km is None else round(km),
            not understood,
            entry.last_ranks,
        )
        return key, entry, found, km

    def _opening(self, entry: Entry, stale: bool) -> tuple[int, Opening]:
        known = self._openings.get((entry.hours, stale))
        if known is None:
            found = showing.opening_of(entry, self._request.moment, self._around)
            known = self._openings[entry.hours, stale] = (_OPENING_RANK[found.state], found)
        return known

    def _km(self, position: tuple[float, float]) -> float:
        asked = self._request.position
        return distance_km(asked.latitude, asked.longitude, *position) if asked else 0.0


def busy_on(entry: Entry, today: date) -> Reason | None:
    """Why a service attends nobody on a day: closed, or full; None when it attends."""
    for closure in entry.record.closures:
        if closure.starts <= today and (closure.ends is None or today <= closure.ends):
            return Reason("closed_until", {"until": closure.ends.isoformat()} if closure.ends else {})
    full = entry.record.full_until
    return Reason("full_until", {"until": full.isoformat()}) if full is not None and today <= full else None
