"""Attack 9, retention: the clock is moved through sixty days, and each day the disk is looked at."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import select

from demand.database import connect, reading, writing
from demand.keeping import Keeper
from demand.ledger import Ledger
from demand.migrations import upgrade
from demand.outcomes import Happening, Outcome
from demand.release import close_weeks
from demand.store import counted_weeks, rewrite_week
from demand.tables import half_count
from demand.weeks import write_day
from tests.privacy.conftest import MONDAY
from tests.privacy.naive.build import NaiveLog


def test_exact_counts_are_gone_in_fourteen_days_and_halves_in_twenty_eight(library, tmp_path: Path):
    """After each day's write no exact count is of a week that began more than fourteen days ago."""
    url = f"sqlite+aiosqlite:///{tmp_path}/demand.sqlite3"
    upgrade(url)
    engine = connect(url)
    ledger = Ledger(library.places, library.taxonomy, MONDAY)
    keeper = Keeper(ledger, engine, library.places, library.taxonomy, MONDAY)
    oldest, halves_seen = timedelta(0), 0
    for hour in range(60 * 24):
        moment = MONDAY + timedelta(hours=hour)
        for person in range(3):
            asker = f"{hour % 168} {person}".encode()
            ledger.count(Happening("quito", "work.job", Outcome.ANSWERED, "es"), asker, moment)
            ledger.count(Happening("quito", "protection.threats", Outcome.ANSWERED, "es"), asker, moment)
        if not keeper.tick(moment):
            continue
        today = write_day(moment, library.places.all)
        with reading(engine) as connection:
            weeks = counted_weeks(connection)
            periods = set(connection.execute(select(half_count.c.period)).scalars())
        oldest = max([oldest, *(today - week for week in weeks)])
        halves_seen += len(periods)
        assert all(today - period < timedelta(days=28) for period in periods)
        assert len(ledger._open) <= 2
    assert halves_seen
    assert oldest < timedelta(days=14)
    engine.dispose()


def test_a_deleted_count_is_not_in_the_bytes(library, tmp_path: Path):
    """A planted code is in the file while its week is open and in no byte after the release."""
    url = f"sqlite+aiosqlite:///{tmp_path}/demand.sqlite3"
    upgrade(url)
    engine = connect(url)
    week = date(2026, 3, 2)
    planted = {("quito", f"planted-need-{number:03d}"): 3 for number in range(300)}
    with writing(engine) as connection:
        rewrite_week(connection, week, {"need": planted, "sector": planted}, over=True)
    assert b"planted-need-007" in _bytes(tmp_path)
    with writing(engine) as connection:
        close_weeks(connection, MONDAY + timedelta(days=60), library.places, library.taxonomy)
    assert b"planted-need" not in _bytes(tmp_path)
    engine.dispose()


def _bytes(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())


def test_deleted_rows_of_the_naive_build_are_still_there(tmp_path: Path):
    """Without overwriting and emptying the log, what was deleted can be read."""
    naive = NaiveLog(tmp_path)
    for number in range(100):
        naive.say(number, "2026-03-02", f"planted-place-{number}", "work.job", "es", "hola")
    naive.forget_everything()
    assert b"planted-place-42" in b"".join(path.read_bytes() for path in tmp_path.glob("naive.sqlite3*"))
    naive.database.close()
