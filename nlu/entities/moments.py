"""When: weekdays, today, tomorrow, tonight in five languages, resolved against the clock of the place.

The clock is handed in; without one nothing is resolved.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from content.plain import read_plain


@dataclass(frozen=True)
class Calendar:
    """Patterns over plain words: `days` (0 Monday … 6 Sunday), `offsets` in days, hours of `parts` of a day."""

    days: Mapping[int, re.Pattern[str]]
    offsets: Mapping[int, re.Pattern[str]]
    hours: Mapping[int, re.Pattern[str]]
    now: re.Pattern[str]
    past: re.Pattern[str]

    def find(self, words: Sequence[str], moment: datetime | None, place: str | None = None) -> str | None:
        """An ISO day (`2025-06-07`) or moment (`2025-06-07T20:00-05:00`) the message names; None when none."""
        if moment is None:
            return None
        here = moment.astimezone(_zone(place)) if _zone(place) else moment
        flat = f" {' '.join(words)} "
        if self.now.search(flat):
            return here.isoformat(timespec="minutes")
        hour = next((hour for hour, pattern in self.hours.items() if pattern.search(flat)), None)
        day = self._day(flat, here)
        if day is None and hour is None:
            return None
        if hour is None:
            return (here + timedelta(days=day or 0)).date().isoformat()
        on = here.replace(hour=hour, minute=0, second=0, microsecond=0) + timedelta(days=day or 0)
        return on.isoformat(timespec="minutes")

    def _day(self, flat: str, here: datetime) -> int | None:
        for offset, pattern in self.offsets.items():
            if pattern.search(flat):
                return offset
        for weekday, pattern in self.days.items():
            if pattern.search(flat):
                ahead = (weekday - here.weekday()) % 7
                return ahead - 7 if self.past.search(flat) else ahead
        return None


@lru_cache(maxsize=16)
def _zone(place: str | None) -> ZoneInfo | None:
    # The models of places are heavy, and a message that names no time needs none of them.
    from content.collection import DATA
    from content.documents import Reader
    from content.places import read_places

    places = read_places(Reader(DATA), DATA)
    return ZoneInfo(places.place(place).time_zone) if place in places and place else None


def read_calendar(file: Path) -> Calendar:
    """Reads the patterns; keys of `offsets` and `hours` are tried in the order of the file."""
    content = read_plain(file.read_text(encoding="utf-8"))

    def compiled(rule: str) -> re.Pattern[str]:
        return re.compile(r"(?<= )(?:" + rule + r")(?= )")

    def table(name: str) -> dict[int, re.Pattern[str]]:
        return {int(key): compiled(rule) for key, rule in content[name].items()}

    return Calendar(
        table("days"), table("offsets"), table("hours"), compiled(content["now"]), compiled(content["past"])
    )
