"""Parses per second over HTTP, and routing in a large directory."""

from __future__ import annotations

import asyncio
import contextlib
import os
import statistics
import sys
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import cycle, islice

import httpx

from content.loading import load_library
from referrals.directory import Directory, ListedSource
from referrals.doors import Position, Request
from referrals.loading import read_seeds
from tests.bench.measuring import ROOT, free_port, memory_of, percentiles, process, questions

RASA = ROOT / "nlu" / "rasa"


@dataclass(frozen=True)
class Parsed:
    """One engine in figures."""

    start: float
    parses: float
    p50: float
    p95: float
    memory: float


async def embedded(count: int) -> Parsed:
    """The engine of Orienta behind a small server."""
    port = free_port()
    async with process(sys.executable, "-m", "tests.bench.parser", str(port)) as server:
        return await _parse(f"http://127.0.0.1:{port}", server.pid, count)


async def rasa(count: int) -> Parsed | str:
    """Rasa's own server, or how to get it."""
    model = RASA / "models" / "light.tar.gz"
    if not (RASA / ".venv" / "bin" / "rasa").is_file() or not model.is_file():
        return "not set up: `make rasa` once, then run this again"
    port = free_port()
    command = (str(RASA / "orienta_rasa.sh"), "serve")
    try:
        async with process(*command, RASA_PORT=str(port), RASA_MODEL="light") as server:
            return await _parse(f"http://127.0.0.1:{port}", server.pid, count)
    except TimeoutError:
        return "did not answer within three minutes"


async def _parse(url: str, pid: int, count: int) -> Parsed:
    begun = time.perf_counter()
    async with httpx.AsyncClient(base_url=url, timeout=60) as client:
        async with asyncio.timeout(180):
            while True:
                with contextlib.suppress(httpx.HTTPError):
                    if (await client.get("/status")).status_code == 200:
                        break
                await asyncio.sleep(0.05)
        await client.post("/model/parse", json={"text": "hola"})
        start = time.perf_counter() - begun
        waits: list[float] = []
        texts = iter(list(islice(cycle(questions()), count)))

        async def ask() -> None:
            for text in texts:
                sent = time.perf_counter()
                (await client.post("/model/parse", json={"text": text})).raise_for_status()
                waits.append(time.perf_counter() - sent)

        begun = time.perf_counter()
        await asyncio.gather(*(ask() for _ in range(4)))
        rate = count / (time.perf_counter() - begun)
    p50, p95, _ = percentiles(waits)
    return Parsed(start, rate, p50, p95, memory_of(pid))


async def routing(services: int) -> tuple[float, float, float]:
    """Median and 95th percentile of routing in milliseconds, and the megabytes of the directory."""
    library = load_library()
    needs, seeds = list(library.taxonomy.needs), read_seeds()[0]
    places = ("quito", "pichincha", "ecuador", "sao-paulo", "brazil", "san-luis", "argentina")
    before = memory_of(os.getpid())
    records = [
        seeds[n % len(seeds)].model_copy(
            update={
                "id": f"s-{n}", "place": places[n % 7], "needs": (needs[n % len(needs)], needs[(n * 7 + 3) % len(needs)]),
                "latitude": -0.19 + (n % 100) / 100, "longitude": -78.5 + (n % 90) / 100,
            }
        )
        for n in range(services)
    ]  # fmt: skip
    moment = datetime(2026, 6, 3, 15, tzinfo=UTC)
    directory = Directory(ListedSource(records), library.places, lambda: moment, lambda: 0.0)
    asked = Request(need=needs[0], place="quito", moment=moment, language="es")
    await directory.doors(asked)
    memory = memory_of(os.getpid()) - before
    taken = []
    for n in range(400):
        one = replace(
            asked, need=needs[n % len(needs)], place=("quito", "pichincha", "sao-paulo", "san-luis")[n % 4],
            moment=moment.replace(minute=n % 60, day=1 + n % 28), position=Position(-0.2, -78.5) if n % 2 else None,
        )  # fmt: skip
        begun = time.perf_counter()
        await directory.doors(one)
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken) * 1000, percentiles(taken)[1], memory
