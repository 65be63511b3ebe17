"""Attack 8, crawl by role: each role walks every link and every route, and meets released figures and no exact count."""

from __future__ import annotations

import asyncio
import csv
import io
import re
from collections.abc import AsyncIterator
from datetime import date, timedelta
from html import unescape
from pathlib import Path

import httpx
import pytest
from sqlalchemy import insert

from bot.settings import Settings
from bot.web.app import build_app
from bot.wiring import open_house
from console.app import all_routes
from console.migrations import upgrade as upgrade_console
from console.policy import Page
from demand.commands import opened, releases_shown
from demand.counts import Kind
from demand.database import connect, writing
from demand.released import Release
from demand.simulation import World, live_through
from demand.tables import EXACT, half_count
from referrals.database import Sessions
from referrals.database import connect as connect_directory
from referrals.migrations import upgrade as upgrade_directory
from tests.console.rig import HOST, Rig, built
from tests.privacy.conftest import unpacked

WEEKS = [date(2026, 10, 12) + timedelta(days=7 * step) for step in range(4)]
OPEN_WEEK = date(2026, 11, 23)
ROLES = ("caseworker", "coordinator", "admin")
FORMS = ("csv", "xlsx", "html", "text")


def _planted() -> list[int]:
    """Exact counts that no released figure and no sum of some can be: odd, large, each of its own."""
    return list(range(70_001, 70_001 + 2 * 12 * len(EXACT), 2))


@pytest.fixture(scope="module")
def demand_url(library, tmp_path_factory) -> str:
    """Four released weeks, and an open week whose exact counts are known to the test."""
    url = f"sqlite+aiosqlite:///{tmp_path_factory.mktemp('roles')}/demand.sqlite3"
    live_through(World(library.places, library.taxonomy, {"quito": 160, "sao-paulo": 120}), url, WEEKS)
    amounts, needs = iter(_planted()), list(library.taxonomy.needs)[:3]
    engine = connect(url)
    with writing(engine) as connection:
        for kind, table in EXACT.items():
            rows = [
                {"place": place.code, "week": OPEN_WEEK, "code": code, "amount": next(amounts)}
                for place in library.places.open
                for code in (needs if kind is Kind.NEED else ["all", "es", "answered"])
            ]
            connection.execute(insert(table), rows)
        half = {"place": "quito", "period": OPEN_WEEK, "kind": "need", "codes": needs[0], "amount": 80_001}
        connection.execute(insert(half_count), half)
    engine.dispose()
    return url


@pytest.fixture
async def rig(library, demand_url: str, tmp_path: Path) -> AsyncIterator[Rig]:
    url = f"sqlite+aiosqlite:///{tmp_path}/directory.sqlite3"
    await asyncio.to_thread(upgrade_directory, url)
    await asyncio.to_thread(upgrade_console, url)
    sessions = Sessions(connect_directory(url))
    yield await built(sessions, library, demand_url=demand_url)
    await sessions.close()


async def _crawl(client: httpx.AsyncClient) -> dict[str, bytes]:
    """Every answer that links and the route table lead to, what is packed unpacked."""
    waiting = {"/console/", *(f"/console/reports/download/{form}" for form in FORMS)}
    waiting |= {
        f"/console{route.path}" for route in all_routes() if isinstance(route, Page) and "{" not in route.path
    }
    found: dict[str, bytes] = {}
    while waiting:
        path = waiting.pop()
        # Whoever leaves sees no more, and another language shows the same.
        if path in found or any(part in path for part in ("sign-out", "language=", "/static/")):
            continue
        answer = await client.get(path)
        found[path] = b"\n".join(unpacked(answer.content)) if answer.status_code == 200 else b""
        if "text/html" in answer.headers.get("content-type", ""):
            links = (unescape(link) for link in re.findall(r'(?:href|action)="([^"#]*)"', answer.text))
            waiting |= {
                link.removeprefix(HOST) for link in links if link.removeprefix(HOST).startswith("/console")
            }
            waiting |= _choices(path, answer.text)
    return found


def _choices(path: str, text: str) -> set[str]:
    """What the filters of a page lead to."""
    choices = re.findall(r'<option value="([a-z-]+)"', text) if path.startswith("/console/reports") else []
    return {f"/console/reports?place={choice}" for choice in choices}


def _exact_in(content: bytes) -> set[str]:
    """The planted counts that are in an answer, however thousands are written."""
    plain = re.sub(r"(?<=\d)[.,   ](?=\d{3}\b)", "", content.decode("utf-8", errors="replace"))
    return set(re.findall(r"\d+", plain)) & {str(one) for one in (*_planted(), 80_001)}


@pytest.mark.parametrize("role", ROLES)
async def test_no_role_meets_an_exact_count(rig: Rig, role: str, demand_url: str, library) -> None:
    """Of everything a role can reach, the figures about demand are those that were released, and those alone."""
    places = [] if role == "admin" else [place.code for place in library.places.open]
    client, _ = await rig.person("ana@example.org", role, places)
    found = await _crawl(client)
    assert sum(bool(content) for content in found.values()) > 10
    assert {path: exact for path, content in found.items() if (exact := _exact_in(content))} == {}
    with opened(demand_url) as engine:
        released = releases_shown(engine)
    if role == "caseworker":
        assert not any(found[f"/console/reports/download/{form}"] for form in FORMS)
        return
    assert _figures(found["/console/reports/download/csv"]) == _released(released)
    for path, content in found.items():
        if path.split("?")[0] == "/console/reports":
            cells = re.findall(r'<td class="number"[^>]*>([\d.,]+)</td>', content.decode())
            numbers = [int(re.sub(r"[.,]", "", cell)) for cell in cells]
            assert numbers or "?" in path
            assert all(
                (number >= 10 and number % 5 == 0) or number in _hours(released) for number in numbers
            ), path


def _figures(content: bytes) -> set[tuple[str, ...]]:
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    return {(r["table"], r["place"], r["start"], r["codes"], r["askers"]) for r in rows if r["askers"]}


def _released(releases: tuple[Release, ...]) -> set[tuple[str, ...]]:
    return {
        (one.grid.value, one.place, one.start.isoformat(), " ".join(figure.codes), str(figure.askers))
        for one in releases
        for figure in one.figures
    }


def _hours(releases: tuple[Release, ...]) -> set[int]:
    """Hours during which counting was alive are published beside the figures."""
    return {one.hours for one in releases}


async def test_what_is_open_to_everybody_holds_no_figure(demand_url: str, tmp_path: Path) -> None:
    """Chat page, directory, metrics and health tell nothing of demand, exact or released."""
    settings = Settings(data_dir=tmp_path / "var", demand_database_url=demand_url)
    async with open_house(settings) as house:
        app = build_app(
            house.turn, checks=house.checks, metrics=house.metrics, mounts=house.mounts, routes=house.routes
        )
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://127.0.0.1"
        ) as client:
            for path in ("/", "/hsds/", "/hsds/services", "/desk", "/metrics", "/healthz", "/readyz"):
                answer = await client.get(path)
                assert answer.status_code == 200, path
                assert _exact_in(answer.content) == set(), path
            metrics = (await client.get("/metrics")).text
            assert not any(place in metrics for place in ("quito", "sao-paulo", "work.", "health."))


def test_a_page_of_open_counts_would_be_found(demand_url: str) -> None:
    """A naive page that shows the open week as it is gives every planted count away: the crawl's search sees them."""
    with opened(demand_url) as engine, engine.connect() as connection:
        found = [row for table in EXACT.values() for row in connection.execute(table.select())]
    rows = [row.amount for row in found if row.week == OPEN_WEEK]
    page = "".join(f"<td>{number:,}</td>" for number in rows).replace(",", ".")
    assert len(_exact_in(page.encode())) == len(rows) == len(_planted())
