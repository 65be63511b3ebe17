"""Attack 3, linear programs: every unpublished cell is bounded from all releases of a year.

The long run over 20 seeds is `make audit-long`; every run of the tests does one seed.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from demand.audit import System
from demand.counts import Kind
from demand.database import connect, reading, writing
from demand.knowledge import Attacker
from demand.merging import K
from demand.migrations import upgrade
from demand.release import close_weeks
from demand.released import Grid, Release, read_releases
from demand.store import rewrite_week
from tests.privacy.naive.build import starred
from tests.privacy.worlds import eight_places, made_up_week, need_by_language

SEEDS = range(int(os.environ.get("ORIENTA_PRIVACY_SEEDS", "1")))
WEEKS = int(os.environ.get("ORIENTA_PRIVACY_WEEKS", "52"))
START = date(2026, 1, 12)
SIZES = (400, 150, 900, 75, 400, 20, 420, 250)


def _year(library, folder: Path, seed: int) -> tuple[Attacker, tuple[Release, ...], dict]:
    places = eight_places(library)
    askers = dict(zip([place.code for place in places.all], SIZES, strict=True))
    url = f"sqlite+aiosqlite:///{folder}/demand.sqlite3"
    upgrade(url)
    engine = connect(url)
    truth: dict = {kind: Counter() for kind in Kind}
    for number in range(WEEKS):
        week = START + timedelta(days=7 * number)
        counts = made_up_week(library, askers, seed, week)
        for kind in Kind:
            for (place, code), count in counts[kind].items():
                truth[kind][place, week, code] += count
        after = datetime(week.year, week.month, week.day, 14, tzinfo=UTC) + timedelta(days=7)
        with writing(engine) as connection:
            rewrite_week(connection, week, counts, over=True)
            close_weeks(connection, after, places, library.taxonomy)
    with reading(engine) as connection:
        releases = read_releases(connection)
    engine.dispose()
    return Attacker(library.taxonomy), releases, truth


@pytest.mark.timeout(0)
@pytest.mark.parametrize("seed", SEEDS)
def test_a_year_of_releases_gives_no_cell_away(library, tmp_path: Path, seed: int):
    """No cell exact, none narrower than ten; every figure within 3 of the truth; almost all demand at its own line.

    Weekly figures are rounded to 5 and within 2. Four-weekly ones, joined or not, are off by 1 more at most: what a
    half lost and gained.
    """
    began = time.monotonic()
    attacker, releases, truth = _year(library, tmp_path, seed)
    assert attacker.findings(releases) == []
    shown, off = Counter(), Counter()
    for one in releases:
        for figure in one.figures:
            weeks = [one.start + timedelta(days=7 * step) for step in range(one.weeks)]
            true = sum(
                truth[Kind(one.grid.value)][one.place, w, code] for code in figure.codes for w in weeks
            )
            error = abs(true - figure.askers)
            assert error <= (2 if one.weeks == 1 else 3), (one.grid, one.place, one.start, figure)
            off[error] += 1
            assert true >= K
            if one.grid is Grid.NEED:
                shown[one.place, len(figure.codes) == 1] += true
    shares = {
        place: _share(shown, place) for place, size in zip(_codes(library), SIZES, strict=True) if size >= 400
    }
    assert min(shares.values()) >= 0.95, shares
    withheld = [one for one in releases if one.withheld and "audit" in one.withheld]
    assert len(withheld) <= len(releases) / 50
    print(
        f"seed {seed}: {len(releases)} tables, {off.total()} figures, most off {max(off)},"
        f" {off[3]} of them by 3; own-line demand {min(shares.values()):.4f} at least;"
        f" {len(withheld)} withheld by the audit; {time.monotonic() - began:.0f} s"
    )


def _codes(library) -> list[str]:
    return [place.code for place in eight_places(library).all]


def _share(shown: Counter, place: str) -> float:
    return shown[place, True] / (shown[place, True] + shown[place, False])


def test_starred_cells_beside_exact_margins_are_read(library):
    """The same programs read most starred cells of the naive table exactly."""
    counts = need_by_language(1, 150)
    cells, rows, columns = starred(counts)
    system = System()
    for row, total in rows.items():
        system.know({cell: 1 for cell in cells if cell[0] == row}, total, total)
    for column, total in columns.items():
        system.know({cell: 1 for cell in cells if cell[1] == column}, total, total)
    for cell, count in cells.items():
        if count is not None:
            system.know({cell: 1}, count, count)
        else:
            system.know({cell: 1}, 1, K - 1)
    hidden = [cell for cell, count in cells.items() if count is None]
    found = system.narrow([{cell: 1} for cell in hidden], K, hidden)
    exact = [one for one in found if one.exact]
    assert len(exact) >= len(hidden) / 4
    assert all(round(one.low) == counts[one.cell] for one in exact)
