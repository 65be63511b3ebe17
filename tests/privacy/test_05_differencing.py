"""Attack 5, differencing: subtract any release from any other, and any run from its repetition."""

from __future__ import annotations

import io
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path

from demand.commands import close
from demand.database import connect, reading
from demand.knowledge import cells_of
from demand.released import read_releases
from demand.simulation import World, live_through
from tests.privacy.conftest import AFTER
from tests.privacy.naive.build import K, to_date
from tests.privacy.worlds import made_up_week


def test_no_difference_of_two_figures_is_a_small_group(library, tmp_path: Path):
    """Of any two figures of a table the cells are the same or none is shared: nothing is left to subtract."""
    url = f"sqlite+aiosqlite:///{tmp_path}/demand.sqlite3"
    weeks = [date(2026, 2, 23) + timedelta(days=7 * step) for step in range(4)]
    live_through(World(library.places, library.taxonomy, {"quito": 160, "sao-paulo": 120}), url, weeks)
    engine = connect(url)
    with reading(engine) as connection:
        releases = read_releases(connection)
    by_grid: dict = {}
    for one in releases:
        by_grid.setdefault(one.grid, []).extend(frozenset(cells_of(one, figure)) for figure in one.figures)
    assert sum(len(figures) for figures in by_grid.values()) > 50
    for figures in by_grid.values():
        for one, other in combinations(figures, 2):
            assert not one & other
    engine.dispose()
    # The same release again, and again: no byte moves, so there is no second sample to compare with the first.
    close(url, library, AFTER + timedelta(days=30), io.StringIO())
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    for _ in range(3):
        close(url, library, AFTER + timedelta(days=30), io.StringIO())
        assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_since_launch_figures_give_each_week_away(library):
    """Subtracting two to-date reports of the naive build reads small weekly counts exactly."""
    weeks = []
    for number in range(26):
        counts = made_up_week(library, {"quito": 150}, 5, date(2026, 1, 5) + timedelta(days=7 * number))
        weeks.append(
            {code: count for kind in counts if kind == "need" for (_, code), count in counts[kind].items()}
        )
    published = to_date(weeks)
    small = read = 0
    for number in range(1, 26):
        for need, count in weeks[number].items():
            if 0 < count < K:
                small += 1
                earlier, later = published[number - 1].get(need), published[number].get(need)
                read += earlier is not None and later is not None and later - earlier == count
    assert read / small > 0.6
