"""The open week in memory: how many different people asked for what, without knowing any of them.

An asker is an eight-byte mark under a random key that exists only here and dies with the week. Needs of the
protection sector become one figure at the moment of counting; danger is never counted. Marks, keys and sets
never leave this module, and nothing here writes.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
from collections import Counter as Sums
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from content.places import Places
from content.taxonomy import Taxonomy
from demand.codes import LANGUAGES
from demand.counts import EVERYWHERE, Counts, Key, Kind, added, no_counts
from demand.outcomes import Happening, Outcome
from demand.weeks import WEEK, week_of

NEEDS_PER_ASKER = 3
OUTCOMES_PER_ASKER = 3
MARK_BYTES = 8


@dataclass
class _OpenWeek:
    """The marks of one week; `key` makes them and is thrown away with them."""

    key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    seen: dict[Kind, dict[Key, set[bytes]]] = field(
        default_factory=lambda: {kind: {} for kind in Kind if kind is not Kind.HOURS}, repr=False
    )
    needs_of: dict[bytes, set[Key]] = field(default_factory=dict, repr=False)
    outcomes_of: dict[bytes, set[Key]] = field(default_factory=dict, repr=False)
    spoke: set[bytes] = field(default_factory=set, repr=False)

    def mark(self, asker: bytes) -> bytes:
        return hmac.new(self.key, asker, hashlib.sha256).digest()[:MARK_BYTES]

    def see(self, kind: Kind, place: str, code: str, mark: bytes) -> None:
        self.seen[kind].setdefault((place, code), set()).add(mark)

    def counts(self) -> Counts:
        made = no_counts()
        for kind, cells in self.seen.items():
            made[kind] = Sums({key: len(marks) for key, marks in cells.items()})
        return made


class Ledger:
    """Counts distinct askers per place and week; each counts once per need, for three needs at most."""

    def __init__(self, places: Places, taxonomy: Taxonomy, started: datetime) -> None:
        self._places = places
        self._taxonomy = taxonomy
        self._alive_since = started
        self._open: dict[date, _OpenWeek] = {}
        self._ended: dict[date, Counts] = {}
        self._hours: dict[date, Sums[Key]] = {}
        self._forgotten = date.min
        self.events = 0
        # Counting goes on in the event loop while the daily write runs in a thread.
        self._lock = threading.Lock()

    def count(self, happening: Happening, asker: bytes, moment: datetime) -> None:
        """Count one happening. Danger, and what happens outside every place, is let go."""
        if happening.outcome is Outcome.EMERGENCY or happening.place not in self._places:
            return
        with self._lock:
            self._count(happening, asker, moment)

    def _count(self, happening: Happening, asker: bytes, moment: datetime) -> None:
        place = str(happening.place)
        week = week_of(moment, self._places.place(place).time_zone)
        if week in self._ended or week <= self._forgotten:
            return
        self.events += 1
        opened = self._open.setdefault(week, _OpenWeek())
        mark = opened.mark(asker)
        need = self._taxonomy.needs.get(happening.need or "")
        if need is not None and (need.sensitive or need.sector == "protection"):
            self._count_need(opened, place, Kind.PROTECTION.value, mark)
            return
        opened.see(Kind.ASKERS, place, EVERYWHERE, mark)
        if need is not None:
            self._count_need(opened, place, need.code, mark)
        self._count_outcome(opened, place, happening.outcome, mark)
        if happening.language in LANGUAGES and mark not in opened.spoke:
            opened.spoke.add(mark)
            opened.see(Kind.LANGUAGE, place, str(happening.language), mark)

    def _count_need(self, week: _OpenWeek, place: str, code: str, mark: bytes) -> None:
        mine = week.needs_of.setdefault(mark, set())
        if (place, code) not in mine and len(mine) >= NEEDS_PER_ASKER:
            return
        mine.add((place, code))
        if code == Kind.PROTECTION.value:
            week.see(Kind.PROTECTION, place, code, mark)
            return
        week.see(Kind.NEED, place, code, mark)
        week.see(Kind.SECTOR, place, self._taxonomy.needs[code].sector, mark)
        week.see(Kind.EVERYWHERE, EVERYWHERE, code, mark)

    def _count_outcome(self, week: _OpenWeek, place: str, outcome: Outcome, mark: bytes) -> None:
        mine = week.outcomes_of.setdefault(mark, set())
        if (place, outcome.value) in mine or len(mine) < OUTCOMES_PER_ASKER:
            mine.add((place, outcome.value))
            week.see(Kind.OUTCOME, place, outcome.value, mark)

    def counts(self, moment: datetime) -> dict[date, Counts]:
        """The counts by week; marks and key of every week that is over everywhere are destroyed here."""
        with self._lock:
            return self._counts(moment)

    def _counts(self, moment: datetime) -> dict[date, Counts]:
        self._record_hours(moment)
        for week in [week for week in self._open if self.is_over(week, moment)]:
            self._ended[week] = self._open.pop(week).counts()
        running = {week: opened.counts() for week, opened in self._open.items()}
        weeks = {*self._ended, *running, *self._hours}
        found = {}
        for week in weeks:
            counts = added(self._ended.get(week, running.get(week, no_counts())), {})
            counts[Kind.HOURS] = Sums(
                {key: seconds // 3600 for key, seconds in self._hours.get(week, Sums()).items()}
            )
            found[week] = counts
        return found

    def is_over(self, week: date, moment: datetime) -> bool:
        """Whether a week is over on the clock of every place."""
        return all(week_of(moment, place.time_zone) > week for place in self._places.all)

    def forget(self, week: date) -> None:
        """Drop the counts of a week that is over and kept."""
        self._ended.pop(week, None)
        self._forgotten = max(self._forgotten, week)
        self._hours.pop(week, None)

    def _record_hours(self, moment: datetime) -> None:
        """Add the time since the last record to the weeks in which it passed, place by place."""
        for place in self._places.open:
            start = self._alive_since
            while start < moment:
                week = week_of(start, place.time_zone)
                end = min(moment, _end_of(week, start, place.time_zone))
                seconds = int((end - start).total_seconds())
                self._hours.setdefault(week, Sums())[place.code, EVERYWHERE] += seconds
                start = end
        self._alive_since = max(self._alive_since, moment)


def _end_of(week: date, moment: datetime, time_zone: str) -> datetime:
    """The first moment after a week on a clock."""
    following = week + WEEK
    end = datetime(following.year, following.month, following.day, tzinfo=ZoneInfo(time_zone))
    return end if end > moment else moment + timedelta(hours=1)
