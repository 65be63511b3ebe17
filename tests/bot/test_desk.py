"""The desk's page over real HTTP: three languages, strict headers, and guessing that grows hopeless."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from bot.web.desk import Desk
from bot.web.slowing import LONGEST, Slowing, delay
from console.networks import network_of
from content.loading import load_library
from content.wording import wording
from referrals.database import Sessions, connect
from referrals.directory import DatabaseSource, Directory
from referrals.loading import load_seeds, read_seeds
from referrals.migrations import upgrade
from referrals.slip_codes import new_code
from referrals.slips import Slips
from tests.serving import serving

NOON = datetime(2026, 11, 27, 17, 0, tzinfo=UTC)


@dataclass
class Counter:
    """A desk that is served, with a clock that a test turns."""

    client: httpx.AsyncClient
    slips: Slips
    slowing: Slowing
    now: datetime = NOON

    async def issued(self) -> str:
        code = await self.slips.issue("ec-svc-hermano", "shelter.temporary", "quito", self.now)
        assert code
        return code


@pytest.fixture
async def counter(tmp_path: Path) -> AsyncIterator[Counter]:
    url = f"sqlite+aiosqlite:///{tmp_path}/directory.sqlite3"
    await asyncio.to_thread(upgrade, url)
    sessions, library = Sessions(connect(url)), load_library()
    await load_seeds(sessions, read_seeds()[0])
    made: list[Counter] = []

    def clock() -> datetime:
        return made[0].now if made else NOON

    slips, slowing = Slips(sessions, library.places, b"s" * 32), Slowing(clock)
    directory = Directory(DatabaseSource(sessions), library.places, clock)
    await directory.refresh()
    app = Starlette(routes=Desk(slips, directory, lambda: library, clock, slowing).routes())
    async with serving(app) as address, httpx.AsyncClient(base_url=address) as client:
        made.append(Counter(client, slips, slowing))
        yield made[0]
    await sessions.close()


@pytest.mark.parametrize("language", ["es", "pt", "en"])
async def test_the_page_speaks_three_languages_and_keeps_nothing(counter: Counter, language: str) -> None:
    """
    By the browser's language or by a link; no cookie, no script, nothing from elsewhere, nothing kept.
    """
    page = await counter.client.get("/desk", headers={"accept-language": f"{language}-XX,de;q=0.5"})
    assert f'<html lang="{language}">' in page.text
    assert wording(language)("Type the code of the slip") in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert "set-cookie" not in page.headers
    assert "<script" not in page.text
    assert "style=" not in page.text


async def test_looking_up_and_marking(counter: Counter) -> None:
    """
    Each mark is shown back; looking alone marks nothing.
    """
    code = await counter.issued()
    page = await counter.client.post("/desk?lang=en", data={"code": code.lower()})
    assert "Casa del Hermano" in page.text
    found = await counter.slips.find(code, NOON)
    assert found
    assert found.status == "open"
    for mark, more, said in (
        ("attended", {}, "attended"), ("waiting_list", {}, "waiting list"), ("sent_on", {"sent_to": "elsewhere"}, "not in our list"),
        ("sent_on", {"sent_to": "ec-svc-hogar-calle"}, "Hogar Comunidad de Calle"), ("refused", {"why": "full"}, "no room"),
    ):  # fmt: skip
        page = await counter.client.post("/desk?lang=en", data={"code": code, "mark": mark, **more})
        assert page.status_code == 200
        assert said in page.text
    wrong = await counter.client.post(
        "/desk?lang=en", data={"code": code, "mark": "refused", "why": "<script>"}
    )
    assert (wrong.status_code, "<script>" in wrong.text) == (400, False)


async def test_an_expired_slip_is_shown_and_not_marked(counter: Counter) -> None:
    """
    After thirty days the desk reads that it is over.
    """
    code = await counter.issued()
    counter.now = NOON + timedelta(days=31)
    page = await counter.client.get(f"/desk?code={code}&lang=en")
    assert "no longer good" in page.text
    assert 'value="attended"' not in page.text
    await counter.client.post("/desk", data={"code": code, "mark": "attended"})
    found = await counter.slips.find(code, counter.now)
    assert found
    assert found.status == "expired"


async def test_guessing_makes_a_network_wait_also_for_right_codes(counter: Counter) -> None:
    """
    A mistyped code costs nothing; unknown ones do, growing; then a right one waits too and is found afterwards.
    """
    right = await counter.issued()
    for _ in range(6):
        assert (await counter.client.post("/desk", data={"code": "ABCDE-FGHJK-MNPQ"})).status_code == 400
    statuses = [(await counter.client.post("/desk", data={"code": new_code()})).status_code for _ in range(5)]
    assert statuses == [404, 404, 404, 429, 429]
    refused = await counter.client.post("/desk", data={"code": right, "mark": "attended"})
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "1")
    counter.now += timedelta(seconds=1)
    assert (await counter.client.post("/desk", data={"code": new_code()})).status_code == 404
    counter.now += timedelta(seconds=2)
    assert (await counter.client.get("/desk", params={"code": right})).status_code == 200


async def test_anything_at_all_can_be_posted(counter: Counter) -> None:
    """
    Noise, files, much too long bodies: an answer of four hundred and something, and never a fault.
    """
    noise = random.Random(3)
    for size in (0, 1, 60, 4_000):
        body = noise.randbytes(size)
        answer = await counter.client.post(
            "/desk", content=body, headers={"content-type": "application/x-www-form-urlencoded"}
        )
        assert answer.status_code in (200, 400)
    answer = await counter.client.post("/desk", files={"code": ("a.txt", b"x" * 100)})
    assert answer.status_code in (200, 400)


def test_a_million_guesses_take_a_network_longer_than_a_hundred_years() -> None:
    """
    The documented rate, counted with a turning clock: 38 on the first day, 24 on each day after it.
    """
    now = NOON
    slowing = Slowing(lambda: now)
    guesses = {1: 0, 30: 0}
    while now < NOON + timedelta(days=30):
        if wait := slowing.wait("192.0.2.1/32"):
            now += timedelta(seconds=wait)
            continue
        slowing.failed("192.0.2.1/32")
        for days in guesses:
            guesses[days] += now < NOON + timedelta(days=days)
    assert guesses[1] <= 38
    assert guesses[30] <= 38 + 29 * 24
    assert 1_000_000 / 24 / 365 > 100
    assert slowing.wait("198.51.100.7/32") == 0


def test_waits_grow_and_networks_are_coarse() -> None:
    """
    Doubling to an hour; one household of IPv6 is one network, and so many networks fill no memory.
    """
    waits = [delay(failures) for failures in range(40)]
    assert waits == sorted(waits)
    assert (waits[2], waits[3], waits[-1]) == (0, 1, LONGEST)
    assert network_of("2001:db8:1:2::5") == network_of("2001:db8:1:2:ffff::9")
    assert network_of("192.0.2.1") != network_of("192.0.2.2")
    assert network_of("nonsense") == "nonsense"
    slowing = Slowing(lambda: NOON)
    for number in range(50_500):
        slowing.failed(str(number))
    assert len(slowing._known) == 50_000
