"""The embedded engine beside both pipelines of Rasa: how often right, how fast, how large, from one run.

Rasa's light pipeline is trained on all sentences, DIET on a fixed subset of them. Beside each stands the embedded
engine trained on the very sentences that pipeline was trained on; neither engine's bounds are fitted on the
expected utterances. A pipeline that is not trained is left out, and said.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import httpx

from nlu.embedded.engine import interpreter_of
from nlu.embedded.store import default_data_path, ensure_model
from nlu.evaluation import evaluated, read_cases
from nlu.rasa_client import RasaInterpreter
from nlu.reading import Interpreter
from nlu.training_data import read_folder
from tests.bench import engines
from tests.bench.measuring import ROOT

EXPECTED = ROOT / "nlu" / "expected" / "development.jsonl"
ROWS = (
    "top1", "top3", "sector", "understood", "understood_and_right", "unsure_holds_right",
    "in_scope_rejected", "out_of_scope_recognised", "danger_recall",
)  # fmt: skip
SPEED = {
    "start": "start, s",
    "parses": "parses per second",
    "p50": "p50, ms",
    "p95": "p95, ms",
    "memory": "memory, MB",
}


@dataclass(frozen=True)
class Column:
    """One engine on one set of training sentences."""

    title: str
    sentences: int
    figures: Mapping[str, Any]
    parsed: engines.Parsed


async def compared(parses: int, *, with_rasa: bool = True) -> list[Column]:
    """The pipelines that are trained, each behind the embedded engine; our own model where there is none."""
    columns = []
    for pipeline, title, subset in (("light", "light", ""), ("diet", "DIET", ", subset")):
        reason = engines.why_not(pipeline) if with_rasa else "left out by --quick"
        if reason:
            print(f"Rasa {title}: {reason}\n")
        else:
            columns += await _pair(pipeline, f"Rasa {title}{subset}", f"embedded{subset}", parses)
    if not columns:
        ours = interpreter_of(ensure_model())
        sentences = len(read_folder(default_data_path()))
        columns.append(await _measured("embedded", sentences, engines.embedded(), ours, parses))
    return columns


async def _pair(pipeline: str, theirs: str, ours: str, parses: int) -> list[Column]:
    data = engines.trained_on(pipeline)
    path, sentences = data.with_suffix(".npz"), len(read_folder(data))
    engine = interpreter_of(ensure_model(path, data))
    async with httpx.AsyncClient() as client:
        rasa = RasaInterpreter("", client, engine.model.language, deadline=10.0)
        return [
            await _measured(ours, sentences, engines.embedded(path), engine, parses),
            await _measured(theirs, sentences, engines.rasa(pipeline), rasa, parses),
        ]


async def _measured(
    title: str,
    sentences: int,
    serving: AbstractAsyncContextManager[engines.Served],
    reader: Interpreter,
    parses: int,
) -> Column:
    async with serving as server:
        if isinstance(reader, RasaInterpreter):
            reader.url = server.url
        figures = await evaluated(reader, read_cases([EXPECTED]))
        return Column(title, sentences, figures, await engines.parsed(server, parses))


def table(columns: list[Column]) -> None:
    """Print them side by side, and how many times as fast and as small the embedded engine is."""
    _row(f"{columns[0].figures['messages']} expected utterances", [c.title for c in columns])
    print("|---" + "|--:" * len(columns) + "|")
    _row("training sentences", [f"{c.sentences:,}" for c in columns])
    for key in ROWS:
        _row(key.replace("_", " "), [f"{c.figures[key]:.3f}" for c in columns])
    for language in columns[0].figures["by_language"]:
        _row(f"top1, {language}", [f"{c.figures['by_language'][language]['top1']:.3f}" for c in columns])
    for key, title in SPEED.items():
        _row(f"`POST /model/parse`: {title}", [f"{getattr(c.parsed, key):.2f}" for c in columns])
    print()
    _ratios(columns)


def _ratios(columns: list[Column]) -> None:
    """Each pipeline against the embedded engine that was trained on the same sentences, which stands before it."""
    for ours, theirs in pairwise(columns):
        if theirs.title.startswith("Rasa"):
            goal = 10 if "DIET" in theirs.title else 5
            faster, smaller = (
                ours.parsed.parses / theirs.parsed.parses,
                ours.parsed.memory / theirs.parsed.memory,
            )
            print(
                f"Beside {theirs.title} the embedded engine reads {faster:.1f} times as many messages (goal {goal}) "
                f"in {smaller:.2f} of the memory (goal 0.10).\n"
            )


def _row(title: str, cells: list[str]) -> None:
    print(f"| {title} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n")
    table(asyncio.run(compared(int(sys.argv[1]) if len(sys.argv) > 1 else 600)))
