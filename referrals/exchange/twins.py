"""New services that look like listed ones, by name, address or telephone: named, never joined. A person decides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from content.folding import folded
from referrals.phones import tel_uri
from referrals.records import ServiceRecord

_ALIKE = 90.0


@dataclass(frozen=True)
class Twin:
    """A new service that looks like one already listed, and by what."""

    new: str
    listed: str
    by: str


def twins_of(new: Sequence[ServiceRecord], present: Sequence[ServiceRecord]) -> Iterator[Twin]:
    """What looks listed already, in the order of the new services."""
    by_place: dict[str, list[ServiceRecord]] = {}
    by_phone: dict[tuple[str, str], ServiceRecord] = {}
    for record in present:
        by_place.setdefault(record.place, []).append(record)
        by_phone.update({(record.place, tel_uri(number)): record for number in record.phones})
    words = {"name": _name, "address": _address}
    # Folded once: for each new service they would be folded thousands of times.
    listed = {
        (place, by): list(map(told, some)) for place, some in by_place.items() for by, told in words.items()
    }
    for record in new:
        for by, told in words.items():
            if (at := _most_alike(told(record), listed.get((record.place, by), ()))) is not None:
                yield Twin(record.id, by_place[record.place][at].id, by)
        for number in record.phones:
            # Short numbers are shared by many services and say nothing.
            if len(number) > 6 and (twin := by_phone.get((record.place, tel_uri(number)))):
                yield Twin(record.id, twin.id, "phone")


def _most_alike(wanted: str, choices: Sequence[str]) -> int | None:
    """Which of the texts is nearly the wanted one."""
    if not wanted:
        return None
    found = process.extractOne(wanted, choices, scorer=fuzz.token_sort_ratio, score_cutoff=_ALIKE)
    return None if found is None else int(found[2])


def _name(record: ServiceRecord) -> str:
    return folded(record.name)


def _address(record: ServiceRecord) -> str:
    return folded(record.address or "")
