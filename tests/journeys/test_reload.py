"""New content without a stop: SIGHUP reads it again, and half-written content never reaches anybody."""

from __future__ import annotations

import asyncio
import shutil
from functools import partial
from pathlib import Path

import pytest
import yaml

from bot.conversation.events import TextSaid
from bot.running import _reload
from bot.settings import Settings
from bot.standing_in import kept_alive
from bot.turn import Turn
from bot.web.watch import Metrics
from bot.wiring import Wired, open_house
from content.collection import DATA
from tests.bot.test_parcels import AYORA


async def test_sighup_reads_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each signal is one reading; one that fails, even unforeseen, ends nothing and the next is heard."""
    monkeypatch.setattr("bot.standing_in._RETRY_SECONDS", 0.01)
    readings: list[int] = []

    def read() -> tuple[str, ...]:
        readings.append(len(readings))
        if len(readings) == 2:
            raise OSError("the disk is away")
        return ("ecuador/facts.yml:3: half",) if len(readings) == 1 else ()

    wired = Wired(Turn.__new__(Turn), Metrics())
    wired.reload = read
    again, stop = asyncio.Event(), asyncio.Event()
    part = asyncio.create_task(kept_alive("content", partial(_reload, wired, again))(stop))
    for expected in (1, 2, 3):
        again.set()
        async with asyncio.timeout(5):
            while len(readings) < expected:
                await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)
    stop.set()
    await part
    assert readings == [0, 1, 2]


async def test_a_place_that_is_adopted_while_people_are_answered(tmp_path: Path) -> None:
    """After a reading its districts lead to it and its clock is its own; of half-written names nothing is taken."""
    content = tmp_path / "content"
    shutil.copytree(DATA, content)
    settings = Settings(data_dir=tmp_path / "data", content_dir=content)
    async with open_house(settings, serving=False) as wired:
        person = b"somebody"

        async def said(text: str) -> str:
            return (await wired.turn.take(TextSaid(text), person))[-1].text

        assert "Puerto Ayora" not in await said("vivo en Las Ninfas")
        places = content / "places.yml"
        places.write_text(places.read_text("utf-8") + yaml.safe_dump([AYORA], allow_unicode=True), "utf-8")
        words = content / "place_words.yml"
        words.write_text("puerto-ayora: {names: [Las Ninfas, Guamaní]}\nquito: {names: [Guamaní]}\n", "utf-8")
        assert any("Guamaní leads to" in problem for problem in wired.reload())
        assert "Puerto Ayora" not in await said("vivo en Las Ninfas")
        words.write_text("puerto-ayora: {names: [Las Ninfas]}\n", "utf-8")
        assert wired.reload() == ()
        assert "Puerto Ayora" in await said("vivo en Las Ninfas")
