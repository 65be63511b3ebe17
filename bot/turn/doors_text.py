"""A door in words: name, address, telephones, opening, cost, papers, why it is offered, when it was checked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.replies import Call, Reply
from content.wording import Wording
from referrals.doors import Door
from referrals.reasons import in_words, opening_in_words

# These are said by the opening line or by the line of the date.
_SAID_ELSEWHERE = frozenset({
    "open_now", "open_always", "opens_later", "closed_now", "hours_unknown", "by_appointment", "not_checked_since",
})  # fmt: skip


def doors_text(doors: Sequence[Door], w: Wording, moment: datetime, time_zone: str, first: int = 1) -> str:
    """Several doors, one below the other, numbered from `first` when there are more than one."""
    numbered = len(doors) > 1 or first > 1
    return "\n\n".join(
        door_text(door, w, moment, time_zone, f"{place}. " if numbered else "")
        for place, door in enumerate(doors, start=first)
    )


def door_text(door: Door, w: Wording, moment: datetime, time_zone: str, number: str = "") -> str:
    """One door as lines of plain text below its name as heading."""
    lines: list[str | None] = [f"# {number}{door.name}"]
    lines += _who_and_where(door, w)
    lines += [_line(w("Phone"), ", ".join(phone.number for phone in door.phones))]
    lines += [_line("WhatsApp", door.whatsapp), _line(w("E-mail"), door.email), door.url]
    lines += [_when(door, w, moment), _line(w("Cost"), door.cost), *_papers(door, w)]
    lines += [_line(w("For whom"), door.eligibility), door.note]
    lines += [_line(w("Why"), _reasons(door, w, time_zone)), _checked(door, w, time_zone)]
    return "\n".join(line for line in lines if line)


def calls(doors: Iterable[Door]) -> tuple[Call, ...]:
    """The telephone numbers that stand in the text of doors."""
    return tuple(
        Call(phone.number, phone.tel.removeprefix("tel:"))
        for door in doors
        for phone in door.phones
        if phone.tel
    )


def place_reply(door: Door, language: str) -> Reply | None:
    """The door as a point on the map; None when its address is hidden or its point unknown."""
    if door.hidden_address or door.latitude is None or door.longitude is None:
        return None
    address = ", ".join(part for part in (door.address, door.district) if part)
    return Reply(
        kind="place",
        text=f"{door.name}\n{address}".strip(),
        language=language,
        services=(door.service_id,),
        latitude=door.latitude,
        longitude=door.longitude,
        title=door.name,
        address=address or door.name,
    )


def _line(label: str, value: str | None) -> str | None:
    return f"{label}: {value}" if value else None


def _who_and_where(door: Door, w: Wording) -> list[str | None]:
    organization = door.organization if door.organization not in ("", door.name) else None
    if door.hidden_address:
        return [organization, w("The address is not public, for safety: call first.")]
    return [organization, ", ".join(part for part in (door.address, door.district) if part)]


def _when(door: Door, w: Wording, moment: datetime) -> str:
    state = opening_in_words(door.opening, w, moment)
    return f"{state} ({door.hours_text})" if door.hours_text and not door.opening.always else state


def _papers(door: Door, w: Wording) -> list[str | None]:
    named = [document.name for document in door.documents]
    without = [
        w("If you do not have “{paper}”: {advice}", paper=document.name, advice=document.without)
        if len(named) > 1
        else w("If you do not have this: {advice}", advice=document.without)
        for document in door.documents
        if document.without
    ]
    return [_line(w("Bring"), w.list(named) if named else None), *without]


def _reasons(door: Door, w: Wording, time_zone: str) -> str:
    said = (in_words(reason, w, time_zone) for reason in door.reasons if reason.code not in _SAID_ELSEWHERE)
    return " · ".join(dict.fromkeys(said))


def _checked(door: Door, w: Wording, time_zone: str) -> str | None:
    old = [reason for reason in door.reasons if reason.code == "not_checked_since"]
    if old:
        words = in_words(old[0], w, time_zone)
        return words[:1].upper() + words[1:]
    if door.checked is None:
        return None
    year_alone = getattr(door, "checked_precision", "month") == "year"
    return w("Checked in {month}.", month=str(door.checked.year) if year_alone else w.month(door.checked))
