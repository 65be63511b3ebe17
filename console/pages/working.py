"""Work that may take longer than a click: whoever began it waits two seconds, then looks at how far it is.

What is ready at once is shown at once. A file that took longer is taken from a page, for a page that turns into a
download looks as if nothing had happened.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import BaseRoute

from console.jobs import Job
from console.policy import EVERYBODY, Page
from console.visit import Visit

AT_ONCE = 2.0
_MOST_AT_ONCE = 2


@dataclass(frozen=True)
class MadeFile:
    """A file that was made, with the name that it is taken away under."""

    name: str
    content: bytes | str
    kind: str


def routes() -> list[BaseRoute]:
    """The routes of longer work."""
    return [Page("/work/{job_id}", look, EVERYBODY), Page("/work/{job_id}/file", take, EVERYBODY)]


def begin(
    visit: Visit, name: str, work: Coroutine[Any, Any, Any], show: Callable[..., Any] | None = None
) -> Job:
    """Start work for the visitor; 429 when two pieces are running already."""
    if visit.desk.jobs.running(visit.account.id) >= _MOST_AT_ONCE:
        work.close()
        raise HTTPException(429)
    return visit.desk.jobs.begin(visit.account.id, name, work, visit.desk.now(), show)


async def awaited(job: Job) -> Job:
    """The job after it is ready, or after two seconds."""
    if job.task is not None:
        await asyncio.wait({job.task}, timeout=AT_ONCE)
    return job


async def file_made(visit: Visit, name: str, work: Coroutine[Any, Any, MadeFile]) -> Response:
    """The file, or the page on which it will be."""
    job = await awaited(begin(visit, name, work))
    if job.failed:
        raise HTTPException(500)
    return _attached(job.result) if job.done else visit.to(f"/work/{job.id}")


async def page_made(
    visit: Visit, name: str, work: Coroutine[Any, Any, Any], show: Callable[[Visit, Any], Response]
) -> Response:
    """The page, or the one on which it will be; `show` makes it of what the work came to."""
    job = await awaited(begin(visit, name, work, show))
    if job.failed:
        raise HTTPException(500)
    return show(visit, job.result) if job.done else visit.to(f"/work/{job.id}")


def _attached(made: MadeFile) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{made.name}"'}
    return Response(made.content, media_type=made.kind, headers=headers)


def own_job(visit: Visit) -> Job:
    """The piece of work that the address names; to everybody but who began it there is none."""
    job = visit.desk.jobs.find(visit.request.path_params["job_id"], visit.account.id)
    if job is None:
        raise HTTPException(404)
    return job


def _job(visit: Visit) -> Job:
    job = own_job(visit)
    if job.failed:
        raise HTTPException(500)
    return job


def running_page(visit: Visit, job: Job) -> Response:
    """How long it has taken so far; the page looks again by itself."""
    response = visit.page("work_running.html", job=job)
    response.headers["refresh"] = "2"
    return response


async def look(visit: Visit) -> Response:
    """How far it is, or what came of it."""
    job = _job(visit)
    if not job.done:
        return running_page(visit, job)
    if isinstance(job.result, MadeFile):
        return visit.page("work_ready.html", job=job)
    if job.show is None:
        raise HTTPException(404)
    page: Response = job.show(visit, job.result)
    return page


async def take(visit: Visit) -> Response:
    """The file itself."""
    job = _job(visit)
    if not isinstance(job.result, MadeFile):
        raise HTTPException(404)
    return _attached(job.result)
