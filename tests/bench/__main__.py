"""Run every benchmark and print the tables. `--quick` is a look, under a minute; figures to publish need a quiet machine."""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
from pathlib import Path

from tests.bench import engines, understanding
from tests.bench.measuring import UPDATES_PER_SECOND, Measured, free_port, measure
from tests.bot_api import BotApi


async def main(seconds: float, turns: int, parses: int, services: int, *, with_rasa: bool) -> None:
    """Measure, print."""
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; the stand-in of Telegram shares them\n")
    with tempfile.TemporaryDirectory() as folder:

        def orienta(_api: BotApi) -> tuple[str, ...]:
            # Each stand-in counts its updates from the beginning: what was done at another one was not done here.
            for file in Path(folder).glob("telegram.sqlite3*"):
                file.unlink()
            return "-m", "tests.bench.orienta", str(free_port())

        def echo(api: BotApi) -> tuple[str, ...]:
            return "-m", "tests.bench.echo", api.url, api.token

        await measure(orienta, 1, 1, ORIENTA_DATA_DIR=folder)  # the first start of an installation
        ours = await measure(orienta, turns, seconds, ORIENTA_DATA_DIR=folder)
        floor = await measure(echo, turns, seconds)
    bots(ours, floor, seconds)
    understanding.table(await understanding.compared(parses, with_rasa=with_rasa))
    print("| routing, services | median, ms | p95, ms (goal 10) | memory, MB |\n|--:|--:|--:|--:|")
    for size in (services // 100, services // 10, services):
        median, p95, memory = await engines.routing(size)
        print(f"| {size:,} | {median:.2f} | {p95:.2f} | {memory:.0f} |")


def bots(ours: Measured, floor: Measured, seconds: float) -> None:
    """Orienta beside the floor of its library."""
    rows = [
        ("start to first answer, s", ours.start, floor.start, "under 3 s"),
        ("turns per second, all at once", ours.turns, floor.turns, "at least 0.6 of the echo bot's"),
        ("messages sent per second", ours.messages, floor.messages, ""),
        ("processor time of a turn, ms", ours.work, floor.work, "at most 1.67 of the echo bot's"),
        (f"p50, ms, {UPDATES_PER_SECOND}/s for {seconds:.0f} s", ours.p50, floor.p50, ""),
        ("p95, ms", ours.p95, floor.p95, "at most 300 ms"),
        ("p99, ms", ours.p99, floor.p99, ""),
        ("memory before, MB", ours.memory_before, floor.memory_before, ""),
        ("memory after, MB", ours.memory, floor.memory, "below 250 MB, flat"),
    ]
    print("| | Orienta | bare echo bot | ratio | goal |\n|---|--:|--:|--:|---|")
    for name, one, other, goal in rows:
        print(f"| {name} | {one:.2f} | {other:.2f} | {one / other:.2f} | {goal} |")
    print()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument(
        "--minutes", type=float, default=1, help="how long at thirty updates a second (10 to publish)"
    )
    given = parser.parse_args()
    if given.quick:
        asyncio.run(main(6, 400, 300, 20_000, with_rasa=False))
    else:
        asyncio.run(main(given.minutes * 60, 2000, 1000, 100_000, with_rasa=True))
