"""Long work of one browser at a time: begun by a form, looked at on a page that says how far it is.

What is kept here lives in memory for an hour, belongs to one account, and is gone with the process.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from console.keys import new_token

_log = logging.getLogger("console.jobs")
_KEPT, _MOST, _MOST_OF_ONE = 3600, 20, 4


@dataclass
class Job:
    """Work that runs or has ended; `result` is there when it has, `failed` when it broke."""

    id: str
    account_id: int
    name: str
    begun: int
    result: Any = None
    failed: bool = False
    show: Callable[..., Any] | None = field(default=None, repr=False)
    task: asyncio.Task[None] | None = field(default=None, repr=False)

    @property
    def done(self) -> bool:
        """Whether there is something to show."""
        return self.failed or self.result is not None


class Jobs:
    """The work that is going on."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}

    def running(self, account_id: int) -> int:
        """How much of an account's work is not done yet."""
        return sum(job.account_id == account_id and not job.done for job in self._jobs.values())

    def begin(
        self,
        account_id: int,
        name: str,
        work: Coroutine[Any, Any, Any],
        at: int,
        show: Callable[..., Any] | None = None,
    ) -> Job:
        """Start work; its job. `show` is kept beside it for whoever looks at the result."""
        self._forget(at, account_id)
        job = Job(new_token()[:16], account_id, name, at, show=show)

        async def run() -> None:
            try:
                job.result = await work
            except Exception:
                # Whoever looks is told in a sentence; what went wrong stands in the log of the process.
                job.failed = True
                _log.exception("work of the console failed")

        job.task = asyncio.create_task(run())
        self._jobs[job.id] = job
        return job

    def find(self, job_id: str, account_id: int) -> Job | None:
        """The job, for the account alone that began it."""
        job = self._jobs.get(job_id)
        return job if job and job.account_id == account_id else None

    def drop(self, job_id: str) -> None:
        """Forget a job."""
        self._jobs.pop(job_id, None)

    def _forget(self, at: int, account_id: int) -> None:
        old = [job.id for job in self._jobs.values() if job.begun < at - _KEPT]
        mine = [job.id for job in self._jobs.values() if job.account_id == account_id and job.done]
        extra = [*mine[: 1 - _MOST_OF_ONE], *list(self._jobs)[: max(0, len(self._jobs) - _MOST)]]
        for job_id in (*old, *extra):
            self.drop(job_id)
