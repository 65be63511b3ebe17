"""Parses per second over HTTP, and routing in a large directory."""

from __future__ import annotations

import asyncio
import contextlib
import os
import statistics
import sys
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path

import aiohttp

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


@dataclass(frozen=True)
class Served:
    """A server that has answered once, and how many seconds that took."""

    url: str
    pid: int
    start: float


@contextlib.asynccontextmanager
async def embedded(model: Path | None = None) -> AsyncIterator[Served]:
    """The engine of Orienta behind a small server; our own model unless one is named."""
    named = [str(model)] if model else []
    async with _served(
        lambda port: [sys.executable, "-m", "tests.bench.parser", str(port), *named]
    ) as server:
        yield server


@contextlib.asynccontextmanager
async def rasa(pipeline: str) -> AsyncIterator[Served]:
    """Rasa's own server with the model of a pipeline, which `why_not` says is there."""
    async with _served(lambda _: [str(RASA / "orienta_rasa.sh"), "serve"], RASA_MODEL=pipeline) as server:
        yield server


def trained_on(pipeline: str) -> Path:
    """The sentences that the model of a pipeline was trained on, which its training keeps."""
    return RASA / "build" / pipeline


def why_not(pipeline: str) -> str | None:
    """What to do first where there is no model of the pipeline, or None."""
    needed = (RASA / ".venv" / "bin" / "rasa", RASA / "models" / f"{pipeline}.tar.gz", trained_on(pipeline))
    if all(path.exists() for path in needed):
        return None
    return f"not set up: `make rasa PIPELINE={pipeline}` once, then run this again"


@contextlib.asynccontextmanager
async def _served(command: Callable[[int], list[str]], **environment: str) -> AsyncIterator[Served]:
    port = free_port()
    begun = time.perf_counter()
    async with process(*command(port), RASA_PORT=str(port), **environment) as server:
        url = f"http://127.0.0.1:{port}"
        async with aiohttp.ClientSession(url) as client, asyncio.timeout(180):
            while not await _answers(client):
                await asyncio.sleep(0.05)
            await _ask(client, "hola")
        yield Served(url, server.pid, time.perf_counter() - begun)


async def _answers(client: aiohttp.ClientSession) -> bool:
    try:
        async with client.get("/status") as response:
            return response.ok
    except aiohttp.ClientError:
        return False


async def _ask(client: aiohttp.ClientSession, text: str) -> float:
    """Seconds that the answer about a message took."""
    sent = time.perf_counter()
    async with client.post("/model/parse", json={"text": text}) as response:
        response.raise_for_status()
        await response.read()
    return time.perf_counter() - sent


async def parsed(server: Served, count: int) -> Parsed:
    """Asks a server for `count` messages, four at a time."""
    texts = iter(list(islice(cycle(questions()), count)))
    async with aiohttp.ClientSession(server.url) as client:

        async def ask() -> list[float]:
            return [await _ask(client, text) for text in texts]

        begun = time.perf_counter()
        waits = [wait for some in await asyncio.gather(*(ask() for _ in range(4))) for wait in some]
        rate = count / (time.perf_counter() - begun)
    p50, p95, _ = percentiles(waits)
    return Parsed(server.start, rate, p50, p95, memory_of(server.pid))


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
