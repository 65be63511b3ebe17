"""Attack 3, linear programs: every unpublished cell is bounded from all releases of a year.

The long run (20 seeds) is asked for with ORIENTA_PRIVACY_SEEDS=20.
"""

from __future__ import annotations

import os
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from demand.audit import System
from demand.counts import Kind
from demand.database import connect, reading, writing
from demand.knowledge import Attacker
from demand.ledger import LANGUAGES
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
    return Attacker(list(askers), library.taxonomy, LANGUAGES), releases, truth


@pytest.mark.timeout(0)
@pytest.mark.parametrize("seed", SEEDS)
def test_a_year_of_releases_gives_no_cell_away(library, tmp_path: Path, seed: int):
    """No cell exact, none narrower than ten; figures near the truth; almost all demand at its own line."""
    attacker, releases, truth = _year(library, tmp_path, seed)
    assert attacker.findings(releases) == []
    shown, near = Counter(), []
    for one in releases:
        for figure in one.figures:
            weeks = [one.start + timedelta(days=7 * step) for step in range(one.weeks)]
            true = sum(
                truth[Kind(one.grid.value)][one.place, w, code] for code in figure.codes for w in weeks
            )
            # One line is within 3; a joined one may add what each of its parts lost when the half was rounded.
            assert abs(true - figure.askers) <= (2 if one.weeks == 1 else 2 + len(figure.codes))
            near.append(abs(true - figure.askers) <= 3)
            assert true >= K
            if one.grid is Grid.NEED:
                shown[one.place, len(figure.codes) == 1] += true
    assert sum(near) / len(near) >= 0.995
    # A place with 400 askers a week has some 28,000 asked needs a year.
    large = [
        place for place in {p for p, _ in shown} if shown[place, True] + shown[place, False] > 500 * WEEKS
    ]
    assert large
    for place in large:
        share = shown[place, True] / (shown[place, True] + shown[place, False])
        print(place, round(share, 4))
        assert share >= 0.95, place
    withheld = [one for one in releases if one.withheld and "audit" in one.withheld]
    assert len(withheld) <= len(releases) / 50
    print("figures", len(near), "within 3:", sum(near), "withheld by the audit:", len(withheld))


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
