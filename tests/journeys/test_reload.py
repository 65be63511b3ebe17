"""New content without a stop: SIGHUP reads it again, and half-written content never reaches anybody."""

from __future__ import annotations

import asyncio
from functools import partial

import pytest

from bot.running import _reload
from bot.standing_in import kept_alive
from bot.turn import Turn
from bot.web.watch import Metrics
from bot.wiring import Wired


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
