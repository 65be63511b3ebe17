"""Long work of one browser at a time: begun by a form, looked at on a page that says how far it is.

What is kept here lives in memory for an hour, belongs to one account, and is gone with the process.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

from console.keys import new_token

_KEPT, _MOST = 3600, 20


@dataclass
class Job:
    """Work that runs or has ended; `result` is there when it has, `failed` when it broke."""

    id: str
    account_id: int
    name: str
    begun: int
    result: Any = None
    failed: bool = False
    task: asyncio.Task[None] | None = field(default=None, repr=False)

    @property
    def done(self) -> bool:
        """Whether there is something to show."""
        return self.failed or self.result is not None


class Jobs:
    """The work that is going on."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}

    def begin(self, account_id: int, name: str, work: Coroutine[Any, Any, Any], at: int) -> Job:
        """Start work; its job."""
        self._forget(at)
        job = Job(new_token()[:16], account_id, name, at)

        async def run() -> None:
            try:
                job.result = await work
            except Exception:
                job.failed = True
                raise

        job.task = asyncio.create_task(run())
        job.task.add_done_callback(lambda task: task.exception() if not task.cancelled() else None)
        self._jobs[job.id] = job
        return job

    def find(self, job_id: str, account_id: int) -> Job | None:
        """The job, for the account alone that began it."""
        job = self._jobs.get(job_id)
        return job if job and job.account_id == account_id else None

    def drop(self, job_id: str) -> None:
        """Forget a job."""
        self._jobs.pop(job_id, None)

    def _forget(self, at: int) -> None:
        old = [job.id for job in self._jobs.values() if job.begun < at - _KEPT]
        extra = list(self._jobs)[: max(0, len(self._jobs) - _MOST)]
        for job_id in (*old, *extra):
            self.drop(job_id)
