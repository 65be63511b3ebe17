"""When: weekdays, today, tomorrow, tonight in five languages, resolved against the clock of the place.

The clock and its zone are handed in; without a clock nothing is resolved.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

from content.plain import read_plain


@dataclass(frozen=True)
class Calendar:
    """Patterns over plain words: `days` (0 Monday … 6 Sunday), `offsets` in days, hours of `parts` of a day."""

    days: Mapping[int, re.Pattern[str]]
    offsets: Mapping[int, re.Pattern[str]]
    hours: Mapping[int, re.Pattern[str]]
    now: re.Pattern[str]
    past: re.Pattern[str]

    def find(self, words: Sequence[str], moment: datetime | None, zone: tzinfo | None = None) -> str | None:
        """An ISO day (`2025-06-07`) or moment (`2025-06-07T20:00-05:00`) the message names; None when none."""
        if moment is None:
            return None
        here = moment.astimezone(zone) if zone else moment
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
