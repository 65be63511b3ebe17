"""Services prepared for routing: what every search asks of them is worked out once, when they are read.

An entry carries no coordinates of a hidden door, so that no rule can give away where it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from referrals.records import EligibilityRecord, ServiceRecord, partial_day

# After a year somebody should look again; after three nobody should go without calling first.
REVIEW_AFTER = timedelta(days=365)
CALL_FIRST_AFTER = timedelta(days=3 * 365)
_CONFIDENCE = {"high": 0, "medium": 1, "low": 2}


@dataclass(frozen=True, slots=True)
class Entry:
    """One service with its ranks worked out; the numbers are ordinals of days and small ranks, lower is better.

    `last_ranks` are those that no request changes: surely known, narrow in what it does, free, lately checked, id.
    """

    id: str
    record: ServiceRecord
    rules: EligibilityRecord | None
    busy: bool
    reach: int
    checked: int
    call_first_from: int
    free: int
    last_ranks: tuple[int | str, ...]
    authority: bool
    languages: frozenset[str]
    hours: tuple[str | None, str]
    position: tuple[float, float] | None


def entry_of(record: ServiceRecord) -> Entry:
    """The entry of a record."""
    checked = partial_day(record.assured_date)[0].toordinal() if record.assured_date else 0
    free = record.cost.free if record.cost else None
    return Entry(
        id=record.id,
        record=record,
        rules=_rules(record.eligibility),
        busy=bool(record.closures) or record.full_until is not None,
        reach=_reach(record),
        checked=checked,
        call_first_from=checked + CALL_FIRST_AFTER.days if checked else 0,
        free=(cheap := {True: 0, None: 1, False: 2}[free]),
        last_ranks=(_CONFIDENCE[record.confidence], len(record.needs), cheap, -checked, record.id),
        authority=record.organization.kind == "government",
        languages=frozenset(record.languages),
        hours=(record.opening_hours, record.schedule),
        position=_position(record),
    )


def _rules(rules: EligibilityRecord | None) -> EligibilityRecord | None:
    """The rules when there is one that could leave somebody out or bring somebody forward."""
    if rules is None:
        return None
    restricts = rules.statuses or rules.profiles or rules.excluded_profiles
    ages = rules.min_age is not None or rules.max_age is not None
    return rules if restricts or ages else None


def _reach(record: ServiceRecord) -> int:
    if record.phones or record.whatsapp or (record.address and not record.hidden_address):
        return 0
    return 1 if record.url or record.email or record.district else 2


def _position(record: ServiceRecord) -> tuple[float, float] | None:
    if record.hidden_address or record.latitude is None or record.longitude is None:
        return None
    return record.latitude, record.longitude


Index = Mapping[tuple[str, str], tuple[Entry, ...]]


@dataclass(frozen=True)
class Snapshot:
    """One state of the whole directory in memory: entries by id and by (place, need); `off`: names of the inactive."""

    version: int = -1
    by_id: Mapping[str, Entry] = field(default_factory=dict)
    by_place_and_need: Index = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    off: Mapping[str, str] = field(default_factory=dict)


def snapshot_of(version: int, records: Iterable[ServiceRecord]) -> Snapshot:
    """The snapshot of records; inactive services are not in it."""
    records = tuple(records)
    entries = sorted(
        (entry_of(r) for r in records if r.status == "active"), key=lambda entry: entry.record.id
    )
    index: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in entries:
        for need in entry.record.needs:
            index[entry.record.place, need].append(entry)
    return Snapshot(
        version=version,
        by_id={entry.record.id: entry for entry in entries},
        by_place_and_need={key: tuple(some) for key, some in index.items()},
        needs=tuple(sorted({need for _, need in index})),
        off={r.id: r.name for r in records if r.status != "active"},
    )
