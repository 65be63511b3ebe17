"""A quarter of plausible weeks, made up, through the same counting and release as real weeks.

Every figure that comes from here is marked as simulated in the database, in every view and in every export.
Nothing here is drawn from anybody's questions.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from content.places import Place, Places
from content.taxonomy import Taxonomy
from demand.database import connect, reading
from demand.keeping import Keeper
from demand.ledger import Ledger
from demand.migrations import upgrade
from demand.outcomes import Happening, Outcome
from demand.released import Release, read_releases
from demand.weeks import WEEK, period_of, weeks_of

PERIODS = 3
ASKERS_A_WEEK = {"quito": 420, "pichincha": 140, "sao-paulo": 610, "san-luis": 75}
LANGUAGES = {"es": 0.62, "pt": 0.13, "en": 0.07, "fr": 0.05, "ht": 0.13}
_OUTCOMES = {
    Outcome.ANSWERED: 0.70, Outcome.NO_SERVICE: 0.08, Outcome.CLOSED: 0.07, Outcome.NOT_FOR_PERSON: 0.04,
    Outcome.FULL: 0.03, Outcome.NO_CONTENT: 0.02, Outcome.ELSEWHERE: 0.01, Outcome.NOT_UNDERSTOOD: 0.05,
}  # fmt: skip


@dataclass(frozen=True)
class World:
    """How many people ask in each place and week, for what, in which language."""

    places: Places
    taxonomy: Taxonomy
    askers: dict[str, int]
    seed: int = 2017

    def week(self, monday: date) -> list[tuple[Happening, bytes, datetime]]:
        """Everything that happens in a week, in order of time."""
        source = random.Random(f"{self.seed} {monday}")  # noqa: S311 (made-up demand needs no secrecy)
        happenings = [
            happening
            for code, number in self.askers.items()
            for person in range(max(0, round(source.gauss(number, number**0.5))))
            for happening in self._person(source, self.places.place(code), monday, person)
        ]
        return sorted(happenings, key=lambda item: item[2])

    def _person(
        self, source: random.Random, place: Place, monday: date, person: int
    ) -> list[tuple[Happening, bytes, datetime]]:
        asker = f"{place.code} {person}".encode()
        language = source.choices(list(LANGUAGES), list(LANGUAGES.values()))[0]
        made = []
        for _ in range(source.choices((1, 2, 3), (0.6, 0.25, 0.15))[0]):
            outcome = source.choices(list(_OUTCOMES), list(_OUTCOMES.values()))[0]
            need = None if outcome is Outcome.NOT_UNDERSTOOD else self._need(source, place)
            minutes = source.randrange(7 * 24 * 60)
            start = datetime.combine(monday, time(), ZoneInfo(place.time_zone))
            made.append(
                (Happening(place.code, need, outcome, language), asker, start + timedelta(minutes=minutes))
            )
        return made

    def _need(self, source: random.Random, place: Place) -> str:
        """A need by Zipf weights in an order that each place has for itself."""
        codes = list(self.taxonomy.needs)
        random.Random(f"{self.seed} {place.code}").shuffle(codes)  # noqa: S311
        return source.choices(codes, [1 / (rank + 1) ** 0.9 for rank in range(len(codes))])[0]


def live_through(world: World, url: str, weeks: Sequence[date]) -> None:
    """Let the weeks happen in a database: counting, one write a day, and the releases."""
    upgrade(url)
    engine = connect(url)
    # Monday has begun in every place of the region when it is five o'clock in Greenwich.
    clock = datetime.combine(weeks[0], time(5), ZoneInfo("UTC"))
    ledger = Ledger(world.places, world.taxonomy, clock)
    keeper = Keeper(ledger, engine, world.places, world.taxonomy, clock)
    for week in weeks:
        for happening, asker, moment in world.week(week):
            while clock + timedelta(hours=1) <= moment:
                clock += timedelta(hours=1)
                keeper.tick(clock)
            ledger.count(happening, asker, moment)
    end = datetime.combine(weeks[-1] + WEEK, time(14), ZoneInfo("UTC"))
    while clock < end:
        clock += timedelta(hours=1)
        keeper.tick(clock)
    engine.dispose()


def quarter_before(today: date) -> list[date]:
    """Three whole four-week periods, the last of which is over."""
    last = period_of(today)
    return [week for step in range(PERIODS, 0, -1) for week in weeks_of(last - 4 * step * WEEK)]


def simulated_releases(places: Places, taxonomy: Taxonomy, today: date) -> tuple[Release, ...]:
    """The releases of a made-up quarter, each marked as simulated."""
    open_now = {place.code for place in places.open}
    askers = {code: number for code, number in ASKERS_A_WEEK.items() if code in open_now}
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{Path(folder) / 'simulated.sqlite3'}"
        live_through(World(places, taxonomy, askers), url, quarter_before(today))
        engine = connect(url)
        with reading(engine) as connection:
            made = read_releases(connection)
        engine.dispose()
    return tuple(
        Release(one.grid, one.place, one.start, one.weeks, one.hours, one.figures, one.withheld, True)
        for one in made
    )
