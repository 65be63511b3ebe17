"""Places beside each other: everybody who works here reads it, and it says no more than what is public."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest

from content.library import Library
from content.wording import wording
from demand.commands import demo
from referrals.database import Sessions
from tests.console.rig import Rig, built

ROWS = {"At a glance": 3, "Languages": 5, "Released unmet demand, latest week": 1}


@pytest.fixture(scope="module")
def simulated(library: Library, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Released figures of a simulated quarter, read by several tests."""
    url = f"sqlite+aiosqlite:///{tmp_path_factory.mktemp('demand')}/demand.sqlite3"
    demo(url, library, date(2026, 11, 28), io.StringIO())
    return url


@pytest.fixture
async def with_demand(sessions: Sessions, library: Library, simulated: str) -> Rig:
    """A console with a simulated quarter of demand."""
    return await built(sessions, library, simulated)


async def table_of(rig: Rig, role: str, language: str = "en") -> list[list[str]]:
    """The rows of the file as a role takes it away."""
    places = [] if role == "admin" else ["quito"]
    client, _ = await rig.person(f"{role}-{language}@example.org", role, places, language)
    file = await client.get(f"/console/comparison/download?language={language}")
    assert "attachment" in file.headers["content-disposition"]
    return list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))


async def test_every_role_reads_every_open_place_side_by_side(with_demand: Rig) -> None:
    """A caseworker of Quito sees the other places' gaps; no service is named, and the menu leads there."""
    for role in ("caseworker", "coordinator", "admin"):
        client, _ = await with_demand.person(f"{role}@example.org", role, ["quito"], "en")
        page = (await client.get("/console/comparison?language=en")).text
        for place in with_demand.library.places.open:
            assert f'<th scope="col">{place.name("en")}</th>' in page
        assert "Casa svc-" not in page
        assert 'href="/console/comparison" aria-current="page"' in page
        assert "imulated" in page


async def test_the_file_holds_what_the_page_shows(with_demand: Rig) -> None:
    """A column for each place, a row for each row, and the same sectors and languages."""
    rows = await table_of(with_demand, "coordinator")
    assert rows[0] == ["Table", "Row", "Quito", "Pichincha", "São Paulo", "San Luis"]
    assert "imulated" in rows[1][0]
    tables = [row[0] for row in rows[2:]]
    sectors = len(with_demand.library.taxonomy.sectors)
    for name, count in {**ROWS, "Services by sector": sectors}.items():
        assert tables.count(name) == count, name
    [programmes] = [row for row in rows[2:] if row[1] == "Programme"]
    assert all(programmes[2:])


async def test_gaps_and_missing_needs_are_counted_from_the_directory(rig: Rig) -> None:
    """One service of one need in each place, looked at almost two years ago: everything else is missing."""
    rows = await table_of(rig, "caseworker")
    needs = len(rig.library.taxonomy.needs)
    glance = {row[1]: row[2:] for row in rows if row[0] == "At a glance"}
    assert glance["Needs with a service"][0].startswith(f"1 of {needs}")
    assert f"{needs - 1} without a service" in glance["Needs with a service"][3]
    # Quito is shown its province's and its country's services too.
    assert glance["Services checked within a year"][0] == "0 of 3"
    gaps = [row for row in rows if row[0] == "Open gaps"]
    assert len(gaps) == needs
    assert sum(row[2:] == ["none checked within a year"] * 4 for row in gaps) == 1
    [unmet] = [row for row in rows if row[0].startswith("Released")]
    assert set(unmet[2:]) == {"nothing released yet"}


async def test_demand_is_never_finer_than_what_was_released(with_demand: Rig) -> None:
    """Every number of demand on the page is a sum of published figures, rounded to five."""
    rows = await table_of(with_demand, "admin")
    [unmet] = [row for row in rows if row[0].startswith("Released")]
    measured = [cell for cell in unmet[2:] if " of " in cell]
    for cell in measured:
        part, _, every = cell.split(",")[0].partition(" of ")
        assert int(part.replace(",", "")) % 5 == 0, cell
        assert int(every.replace(",", "")) % 5 == 0, cell


@pytest.mark.parametrize("language", ["es", "pt"])
async def test_it_is_told_in_the_readers_language(rig: Rig, language: str) -> None:
    """No English sentence stays in the file."""
    w = wording(language)
    rows = await table_of(rig, "coordinator", language)
    assert rows[0][:2] == [w("Table"), w("Row")]
    assert {row[0] for row in rows[1:]} >= {w("At a glance"), w("Open gaps"), w("Languages")}
