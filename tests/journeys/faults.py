"""What can be broken at once around a running assistant, and how a cell of the matrix breaks it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from tests.bot_api import Faults

Telegram = Literal[
    "well", "resets", "lost answers", "half answers", "502", "a proxy's page", "429", "away, then back"
]
Understanding = Literal["well", "Rasa", "Rasa down", "Rasa hangs", "Rasa talks nonsense", "raises"]
Database = Literal[
    "well", "locked", "locked at start", "read-only", "gone", "garbage later", "garbage at start", "demand garbage",
    "demand locked", "both garbage",
]  # fmt: skip
Disk = Literal["well", "full", "no folder", "content half-written"]
Clock = Literal["right", "a day behind", "a year ahead", "jumps"]


@dataclass(frozen=True)
class Cell:
    """One state of the world, what a person gets in it, in words, and how that is told from the replies."""

    telegram: Telegram
    understanding: Understanding
    database: Database
    disk: Disk
    clock: Clock
    outcome: str
    card: bool = True
    doors: bool = True

    @property
    def name(self) -> str:
        return " · ".join((self.telegram, self.understanding, self.database, self.disk, self.clock))


def faults_of(cell: Cell) -> Faults:
    """The way to Telegram. The faults are played on the first calls that send, then it works."""
    kinds = {
        "resets": ["reset_before"] * 3,
        "lost answers": ["reset_after"],
        "half answers": ["half_answer"],
        "502": ["server_error"] * 2,
        "a proxy's page": ["not_json"],
    }
    spare = frozenset({"getUpdates", "getMe", "deleteWebhook", "setMyCommands"})
    return Faults(spare=spare, next=list(kinds.get(cell.telegram, [])))  # type: ignore[arg-type]


@contextlib.contextmanager
def database_held(path: Path) -> Iterator[None]:
    """Somebody else holds the whole file, as a backup tool does that was never taught better."""
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("PRAGMA journal_mode=DELETE")
    holder.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        holder.rollback()
        holder.close()


def make_garbage(path: Path) -> None:
    """Overwrite a database with what is none."""
    for file in path.parent.glob(f"{path.name}*"):
        file.write_bytes(b"this is no database\n" * 512)


@contextlib.asynccontextmanager
async def rasa(kind: Understanding) -> AsyncIterator[str]:
    """The address of a Rasa server that answers, hangs, or talks nonsense; of nobody when it is down."""
    if kind == "Rasa down":
        yield "http://127.0.0.1:9"
        return
    bodies = {
        "Rasa": json.dumps(
            {"intent": {"name": "shelter.temporary", "confidence": 0.97},
             "intent_ranking": [{"name": "shelter.temporary", "confidence": 0.97}], "entities": []}
        ),
        "Rasa talks nonsense": "<html>Welcome to nginx!</html>",
    }  # fmt: skip

    running: set[asyncio.Task[None]] = set()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if task := asyncio.current_task():
            running.add(task)
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await reader.readuntil(b"\r\n\r\n")
            if kind == "Rasa hangs":
                await asyncio.sleep(30)
            body = bodies[kind].encode()
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n")
            writer.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
            await writer.drain()
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


def clock_of(cell: Cell) -> Callable[[], datetime]:
    """The clock of the machine, right or wrong."""
    steps = {"right": [0], "a day behind": [-1], "a year ahead": [365], "jumps": [0, 400, -400]}[cell.clock]
    looked = iter(range(10**9))
    return lambda: datetime.now(UTC) + timedelta(days=steps[next(looked) % len(steps)])
