"""A console served over real HTTP in a thread of its own, for a browser and for Schemathesis."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar

import uvicorn

from console.pace import Allowance
from content.loading import load_library
from referrals.database import Sessions, connect
from tests.console.rig import built

T = TypeVar("T")


class Real:
    """The clock on the wall: a browser's cookies and one-time codes follow it."""

    def __call__(self) -> datetime:
        return datetime.now(UTC)


def apart(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """The result of a coroutine run in a thread of its own: Playwright's loop runs in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(work())).result()


@contextmanager
def serving(url: str, demand: str | None, pace: Allowance | None = None) -> Iterator[str]:
    """A console on a port of its own; opened, served and closed in a thread of its own."""
    listening = socket.create_server(("127.0.0.1", 0))
    servers: list[uvicorn.Server] = []

    async def run() -> None:
        sessions = Sessions(connect(url))
        rig = await built(sessions, load_library(), demand, clock=Real(), pace=pace)
        servers.append(uvicorn.Server(uvicorn.Config(rig.app, lifespan="off", log_config=None)))
        await servers[0].serve(sockets=[listening])
        await sessions.close()

    thread = threading.Thread(target=lambda: asyncio.run(run()))
    thread.start()
    while not servers or not servers[0].started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{listening.getsockname()[1]}/console"
    servers[0].should_exit = True
    thread.join()
    listening.close()
