"""Attack 6, storage timing: how often the disk is touched must say nothing about how often people ask."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from demand.database import connect
from demand.keeping import Keeper
from demand.ledger import Ledger
from demand.migrations import upgrade
from demand.outcomes import Happening, Outcome
from tests.privacy.conftest import MONDAY
from tests.privacy.naive.build import NaiveLog


@pytest.mark.parametrize("events", [0, 1, 100, 100_000])
def test_one_commit_a_day_whatever_happens(library, tmp_path: Path, events: int):
    """From no event to a hundred thousand the demand database sees one commit in a day."""
    url = f"sqlite+aiosqlite:///{tmp_path}/demand.sqlite3"
    upgrade(url)
    engine = connect(url)
    commits = []
    event.listen(engine, "commit", lambda connection: commits.append(1))
    ledger = Ledger(library.places, library.taxonomy, MONDAY)
    keeper = Keeper(ledger, engine, library.places, library.taxonomy, MONDAY)
    commits.clear()
    for minute in range(0, 24 * 60, 5):
        moment = MONDAY + timedelta(minutes=minute)
        for number in range(minute * events // (24 * 60), (minute + 5) * events // (24 * 60)):
            asker = str(number % 5000).encode()
            ledger.count(Happening("quito", "work.job", Outcome.ANSWERED, "es"), asker, moment)
        keeper.tick(moment)
    assert ledger.events == events
    assert len(commits) == 1
    values = [str(value) for row in sqlite3.connect(tmp_path / "demand.sqlite3").iterdump() for value in row]
    assert ":" not in "".join(value for value in values if value.startswith("INSERT"))
    engine.dispose()


def test_a_counter_per_event_is_a_clock(tmp_path: Path):
    """The naive build commits once per message and stores the second."""
    naive = NaiveLog(tmp_path)
    for number in range(50):
        naive.say(number, f"2026-03-02T15:00:{number:02d}", "quito", "work.job", "es", "hola")
    assert naive.commits == 50
    assert any(":" in row[0] for row in naive.database.execute("SELECT at FROM event"))
    naive.database.close()
