"""Both engines on the expected utterances: how often right, one after the other, from one run.

Needs `nlu/rasa/models/light.tar.gz` (`make rasa` once). Prints a table. A model of the embedded engine may be named
as argument, so that both are of the same data.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import Any

import httpx

from nlu.embedded.engine import embedded_interpreter
from nlu.evaluation import evaluated, read_cases
from nlu.rasa_client import RasaInterpreter
from tests.bench import engines
from tests.bench.measuring import ROOT, free_port, process

EXPECTED = ROOT / "nlu" / "expected" / "development.jsonl"
ROWS = (
    "top1", "top3", "sector", "understood", "understood_and_right", "unsure_holds_right",
    "in_scope_rejected", "out_of_scope_recognised", "danger_recall",
)  # fmt: skip


async def both(model: Path | None) -> tuple[dict[str, Any], dict[str, Any]]:
    """The figures of the embedded engine and of Rasa."""
    cases = read_cases([EXPECTED])
    ours = embedded_interpreter(model)
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    async with (
        process(str(engines.RASA / "orienta_rasa.sh"), "serve", RASA_PORT=str(port), RASA_MODEL="light"),
        httpx.AsyncClient() as client,
    ):
        await _ready(client, url)
        rasa = RasaInterpreter(url, client, ours.model.language, deadline=10.0)
        return await evaluated(ours, cases), await evaluated(rasa, cases)


async def _ready(client: httpx.AsyncClient, url: str) -> None:
    async with asyncio.timeout(180):
        while True:
            try:
                (await client.get(f"{url}/status")).raise_for_status()
                return
            except httpx.HTTPError:
                await asyncio.sleep(0.2)


async def main(model: Path | None, parses: int = 600) -> None:
    """Measure both and print."""
    embedded_interpreter()  # the server below must not have to train it first
    ours, rasa = await both(model)
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n")
    print(f"| {ours['messages']} expected utterances | embedded | Rasa light |\n|---|--:|--:|")
    for row in ROWS:
        print(f"| {row.replace('_', ' ')} | {ours[row]:.3f} | {rasa[row]:.3f} |")
    for language in ours["by_language"]:
        one, other = (engine["by_language"][language]["top1"] for engine in (ours, rasa))
        print(f"| top1, {language} | {one:.3f} | {other:.3f} |")
    here, there = await engines.embedded(parses), await engines.rasa(parses)
    if isinstance(there, str):
        print(f"speed of Rasa: {there}")
        return
    units = {"start": "start, s", "parses": "parses per second", "p50": "p50, ms", "p95": "p95, ms"}
    for name in ("start", "parses", "p50", "p95", "memory"):
        print(f"| {units.get(name, 'memory, MB')} | {getattr(here, name):.2f} | {getattr(there, name):.2f} |")


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]) if len(sys.argv) > 1 else None))
