"""Attack 7, fingerprint: a row that stands for few people is a person to those who know a little."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from pathlib import Path

from demand.database import connect, reading
from demand.released import read_releases
from demand.simulation import World, live_through
from tests.privacy.worlds import need_by_language


def test_every_published_row_stands_for_ten(library, tmp_path: Path):
    """The smallest class over all rows and all sets of columns that are published is ten askers."""
    url = f"sqlite+aiosqlite:///{tmp_path}/demand.sqlite3"
    weeks = [date(2026, 2, 23) + timedelta(days=7 * step) for step in range(4)]
    live_through(World(library.places, library.taxonomy, {"quito": 130, "san-luis": 55}, seed=7), url, weeks)
    engine = connect(url)
    with reading(engine) as connection:
        figures = [(one.grid, figure) for one in read_releases(connection) for figure in one.figures]
    engine.dispose()
    assert figures
    assert min(figure.askers for _, figure in figures) >= 10
    assert min((figure.askers for grid, figure in figures if grid == "protection"), default=20) >= 20


def test_a_cross_of_need_and_language_singles_people_out():
    """In the naive rows many who do not speak Spanish are alone in their cell."""
    rows: Counter = need_by_language(7, 150)
    alone = sum(count for (_, language), count in rows.items() if language != "es" and count == 1)
    others = sum(count for (_, language), count in rows.items() if language != "es")
    assert alone / others > 0.3
