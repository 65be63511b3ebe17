"""An entry as a door ready to show, in the language of the person, with its reasons.

A hidden address leaves here as no address, no district and no coordinates.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import partial
from zoneinfo import ZoneInfo

from referrals import eligibility
from referrals.doors import Document, Door, Opening, Reason, Request, State
from referrals.entries import REVIEW_AFTER, Entry
from referrals.hours import opening
from referrals.neighbourhoods import Neighbourhood
from referrals.phones import as_phone
from referrals.records import LANGUAGES, partial_day

# What readers of a language read nearly as well; the answers follow the same order (`kin` in `languages.yml`).
_KIN = {"es": ("pt",), "pt": ("es",), "ht": ("fr",)}


def reading_order(language: str, spoken: Sequence[str] = ()) -> tuple[str, ...]:
    """The languages to look for a text in: the asked one, its kin, those spoken at the place, then the others."""
    return tuple(dict.fromkeys((language, *_KIN.get(language, ()), *spoken, *LANGUAGES)))


def in_language(texts: Mapping[str, str] | None, language: str, spoken: Sequence[str] = ()) -> str | None:
    """The text in a language, or in the nearest one there is where `spoken` is spoken."""
    known = texts or {}
    return next((known[code] for code in reading_order(language, spoken) if code in known), None)


def opening_of(entry: Entry, moment: datetime, around: Neighbourhood) -> Opening:
    """The opening as it may be told: hours too old to rely on are unknown, except day and night."""
    record = entry.record
    found = opening(record.opening_hours, record.schedule, moment, around.calendar)
    if found.always or not call_first(entry, moment):
        return found
    return found if found.state is State.APPOINTMENT else Opening(State.UNKNOWN)


def call_first(entry: Entry, moment: datetime) -> bool:
    """Whether the last check is so old, or unknown, that nobody should go without calling."""
    return moment.toordinal() >= entry.call_first_from


def door(
    entry: Entry, language: str, around: Neighbourhood, found: Opening, reasons: tuple[Reason, ...] = ()
) -> Door:
    """The entry in the language of the person, or in the nearest one that its texts have."""
    record = entry.record
    said = partial(in_language, language=language, spoken=around.languages)
    hidden = record.hidden_address
    latitude, longitude = entry.position or (None, None)
    return Door(
        service_id=record.id,
        name=record.name,
        organization=record.organization.name,
        opening=found,
        address=None if hidden else record.address,
        district=None if hidden else record.district,
        phones=tuple(as_phone(number) for number in record.phones),
        email=record.email,
        url=record.url,
        whatsapp=record.whatsapp,
        latitude=latitude,
        longitude=longitude,
        hours_text=said(record.hours),
        cost=said(record.cost.text) if record.cost else None,
        documents=tuple(Document(said(paper.name) or "", said(paper.without)) for paper in record.documents),
        languages=record.languages,
        eligibility=said(record.eligibility.text) if record.eligibility else None,
        checked=partial_day(record.assured_date)[0] if record.assured_date else None,
        checked_precision=partial_day(record.assured_date)[1] if record.assured_date else "day",
        confidence=record.confidence,
        reasons=reasons,
        hidden_address=hidden,
        note=said(record.note),
        place=record.place,
    )


def reasons(
    entry: Entry, request: Request, found: Opening, around: Neighbourhood, km: float | None, first: Reason
) -> tuple[Reason, ...]:
    """Why this door, in the order to say it."""
    record = entry.record
    told = [first]
    circle = dict(around.circles).get(record.place)
    if circle is not None:
        told.append(Reason(circle))
    told += _of_opening(entry, found)
    if request.language in record.languages:
        told.append(Reason("speaks", {"language": request.language}))
    if km is not None:
        told.append(Reason("near", {"km": f"{km:.1f}"}))
    if entry.free == 0:
        told.append(Reason("free"))
    group = eligibility.matched(entry.rules, request) if entry.rules else None
    if group is not None:
        told.append(Reason("for_profile", {"profile": group}))
    return (*told, *_of_age(entry, request.moment))


def _of_opening(entry: Entry, found: Opening) -> list[Reason]:
    told = [_opening_reason(found)]
    if entry.record.schedule == "first_n":
        number = entry.record.first_n
        told.append(Reason("first_n", {"number": str(number)} if number else {}))
    return told


def _opening_reason(found: Opening) -> Reason:
    if found.always:
        return Reason("open_always")
    if found.state is State.OPEN:
        return Reason("open_now", {"until": found.until.isoformat()} if found.until else {})
    if found.state is State.APPOINTMENT:
        return Reason("by_appointment")
    if found.state is State.UNKNOWN:
        return Reason("hours_unknown")
    return Reason("opens_later", {"opens": found.opens.isoformat()}) if found.opens else Reason("closed_now")


def _of_age(entry: Entry, moment: datetime) -> tuple[Reason, ...]:
    if call_first(entry, moment):
        return (Reason("call_first"),)
    if moment.toordinal() - entry.checked >= REVIEW_AFTER.days:
        return (Reason("not_checked_since", {"date": date.fromordinal(entry.checked).isoformat()}),)
    return ()


def local_day(moment: datetime, around: Neighbourhood) -> date:
    """The day in the place's clock."""
    return moment.astimezone(ZoneInfo(around.calendar.time_zone)).date()
