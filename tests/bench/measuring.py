"""How a bot is measured: the time to its first answer, how many turns it takes in a second, how long people wait."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import statistics
import sys
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from tests.bot_api import BotApi, Message

ROOT = Path(__file__).resolve().parents[2]
PEOPLE = 100
UPDATES_PER_SECOND = 30


@dataclass(frozen=True)
class Measured:
    """One bot in figures: seconds, turns per second, milliseconds, MB. `work`: processor milliseconds of a turn."""

    start: float
    turns: float
    messages: float
    work: float
    p50: float
    p95: float
    p99: float
    memory_before: float
    memory: float


def questions() -> list[str]:
    """What people really ask: the expected utterances, short enough for a chat."""
    lines = (ROOT / "nlu" / "expected" / "development.jsonl").read_text("utf-8").splitlines()
    return [text for line in lines if len(text := json.loads(line)["text"]) < 400]


def free_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        return int(made.getsockname()[1])


@contextlib.asynccontextmanager
async def process(*arguments: str, **environment: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """A process of its own, ended at the end."""
    quiet = asyncio.subprocess.DEVNULL
    # With bytecode, as `make setup` leaves it: to compile everything again would be half of each start.
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    started = await asyncio.create_subprocess_exec(
        *arguments,
        cwd=ROOT,
        env={**inherited, **environment},
        stdout=quiet,
        stderr=quiet,
        start_new_session=True,
    )
    try:
        yield started
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(started.pid, signal.SIGTERM)
        try:
            await asyncio.wait_for(started.wait(), 15)
        except TimeoutError:
            os.killpg(started.pid, signal.SIGKILL)


def memory_of(pid: int) -> float:
    """Resident memory of a process and its children, in MB."""
    total = 0.0
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, IndexError):
            parent = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
            if pid in (int(folder.name), parent):
                total += int((folder / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    return total


def processor_time_of(pid: int) -> float:
    """Seconds of work that a process has done, whoever else was working."""
    fields = (Path("/proc") / str(pid) / "stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def percentiles(seconds: Sequence[float]) -> tuple[float, float, float]:
    """The 50th, 95th and 99th percentile in milliseconds."""
    cuts = statistics.quantiles(seconds, n=100)
    return cuts[49] * 1000, cuts[94] * 1000, cuts[98] * 1000


async def measure(
    command: Callable[[BotApi], tuple[str, ...]], turns: int, seconds: float, **more: str
) -> Measured:
    """Start a bot against a stand-in of its own and measure it."""
    async with BotApi(flood=False) as api:
        people = [api.person(language="es") for _ in range(PEOPLE)]
        await people[0].writes("estoy en Quito")  # waits at Telegram when the bot starts
        begun = time.perf_counter()
        environment = {"ORIENTA_TELEGRAM_TOKEN": api.token, "ORIENTA_TELEGRAM_API_URL": api.url, **more}
        async with process(sys.executable, *command(api), **environment) as bot:
            await people[0].reads(within=120)
            start = time.perf_counter() - begun
            for person in people[1:]:
                await person.writes("estoy en Quito")
            await settle(api)
            before = memory_of(bot.pid)
            waits = await at_a_pace(api, people, seconds)
            worked = processor_time_of(bot.pid)
            throughput, messages = await at_once(api, people, turns)
            work = (processor_time_of(bot.pid) - worked) / turns * 1000
            return Measured(
                start, throughput, messages, work, *percentiles(waits), before, memory_of(bot.pid)
            )


async def settle(api: BotApi, quiet: float = 0.7) -> float:
    """Wait until all is confirmed and no message has come for a while; the moment of the last one."""
    last = time.perf_counter()
    api.on_message.append(lambda _message: note())

    def note() -> None:
        nonlocal last
        last = time.perf_counter()

    while api.updates.waiting or time.perf_counter() - last < quiet:
        await asyncio.sleep(0.02)
    api.on_message.clear()
    return last


async def at_once(api: BotApi, people: list, turns: int) -> tuple[float, float]:  # type: ignore[type-arg]
    """Turns and messages per second when everybody writes at once; an answer is one to three messages."""
    texts, before = cycle(questions()), sum(len(person.visible) for person in people)
    begun = time.perf_counter()
    for number in range(turns):
        await people[number % PEOPLE].writes(next(texts))
        if number % PEOPLE == PEOPLE - 1:
            # Nobody writes more than a dozen messages ahead: a flood is another test.
            await api.until(lambda: len(api.updates.waiting) < 10 * PEOPLE)
    seconds = await settle(api) - begun
    return turns / seconds, (sum(len(person.visible) for person in people) - before) / seconds


async def at_a_pace(api: BotApi, people: list, seconds: float) -> list[float]:  # type: ignore[type-arg]
    """Seconds from each update to its first reply, at thirty updates a second."""
    asked: dict[int, float] = {}
    waits: list[float] = []

    def note(message: Message) -> None:
        if (begun := asked.pop(message.chat_id, None)) is not None:
            waits.append(time.perf_counter() - begun)

    api.on_message.append(note)
    texts, started, number = cycle(questions()), time.perf_counter(), 0
    while time.perf_counter() - started < seconds:
        person = people[number % PEOPLE]
        if person.chat_id not in asked:
            asked[person.chat_id] = time.perf_counter()
            await person.writes(next(texts))
        number += 1
        await asyncio.sleep(max(0.0, started + number / UPDATES_PER_SECOND - time.perf_counter()))
    await asyncio.sleep(1)
    waits += [time.perf_counter() - begun for begun in asked.values()]  # never answered: as long as we waited
    api.on_message.clear()
    await settle(api)
    return waits
