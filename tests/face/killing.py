"""A yard of bots in processes of their own, to be killed at any instant."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from pathlib import Path


class Yard:
    """Forks bots through the zygote. Use as `async with`."""

    def __init__(self) -> None:
        self._zygote: asyncio.subprocess.Process | None = None
        self.alive: list[int] = []

    async def __aenter__(self) -> Yard:
        self._zygote = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.face.zygote",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            cwd=Path(__file__).parents[2],
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        for process in list(self.alive):
            self.kill(process)
        assert self._zygote
        assert self._zygote.stdin
        self._zygote.stdin.close()
        await self._zygote.wait()

    async def start(self, api_url: str, folder: Path, database: str = "-") -> int:
        """A new bot; the number of its process."""
        assert self._zygote
        assert self._zygote.stdin
        assert self._zygote.stdout
        self._zygote.stdin.write(f"{api_url} {folder} {database}\n".encode())
        process = int(await self._zygote.stdout.readline())
        self.alive.append(process)
        return process

    def kill(self, process: int) -> None:
        """kill -9."""
        self.alive.remove(process)
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
