"""The whole process, started as an operator starts it, for tests of what only a process of its own can show."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ORIENTA = Path(sys.executable).with_name("orienta")


@dataclass(frozen=True)
class Started:
    """A process that is ready: its port, its number, and the lines that it printed until then."""

    port: int
    pid: int
    said: tuple[str, ...]


@contextmanager
def started(settings: Mapping[str, str], before: str = "") -> Iterator[Started]:
    """`orienta run` on a free port until the block ends; `before` is what the shell does first."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = ["sh", "-c", f"{before} exec {ORIENTA} run --port {port}"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env={**os.environ, **settings}
    ) as process:
        try:
            yield Started(port, process.pid, _until_ready(process))
        finally:
            process.terminate()


def _until_ready(process: subprocess.Popen[str]) -> tuple[str, ...]:
    assert process.stdout is not None
    said: list[str] = []
    for line in process.stdout:
        said.append(line.strip())
        if said[-1] == "ready":
            return tuple(said)
    raise AssertionError(f"the process ended before it was ready: {said}")
