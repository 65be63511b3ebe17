"""Work that takes longer than a click shows how far it is, belongs to who began it, and is bounded."""

from __future__ import annotations

import asyncio
import logging

import httpx
import pytest

from console.jobs import Jobs
from console.pages import working
from tests.console.rig import Rig


@pytest.fixture
def long_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is ready at once, as with a directory of ten thousand services."""
    monkeypatch.setattr(working, "AT_ONCE", 0.0)


async def ready(client: httpx.AsyncClient, page: httpx.Response) -> httpx.Response:
    """The page of the work once it is done; until then it says so and looks again by itself."""
    at = page.headers["location"]
    while "refresh" in (shown := await client.get(at)).headers:
        assert 'role="status"' in shown.text
        await asyncio.sleep(0.02)
    return shown


@pytest.mark.usefixtures("long_work")
@pytest.mark.parametrize(
    "path", ["exports/xlsx", "exports/csv", "exports/hsds-tables", "reports/download/csv"]
)
async def test_a_file_that_takes_long_is_taken_from_a_page(rig: Rig, path: str) -> None:
    """First how far it is, then a link to the file, under the name it always has; nobody else finds it."""
    client, _ = await rig.person("root@example.org", "admin")
    other, _ = await rig.person("eva@example.org", "admin")
    begun = await client.get(f"/console/{path}")
    assert "/console/work/" in begun.headers["location"]
    shown = await ready(client, begun)
    at = begun.headers["location"]
    assert f'href="{at}/file"' in shown.text
    file = await client.get(f"{at}/file")
    assert file.headers["content-disposition"].startswith('attachment; filename="orienta-')
    assert len(file.content) > 20
    assert {(await other.get(at)).status_code, (await other.get(f"{at}/file")).status_code} == {404}


@pytest.mark.usefixtures("long_work")
async def test_a_page_that_takes_long_comes_by_itself(rig: Rig) -> None:
    """Coverage of a large directory."""
    client, _ = await rig.person("eva@example.org", "coordinator", ["quito"], "en")
    shown = await ready(client, await client.get("/console/coverage"))
    assert "What is covered" in shown.text
    assert (await client.get(f"{shown.request.url.path}/file")).status_code == 404


async def test_two_pieces_of_work_at_once_are_enough(rig: Rig) -> None:
    """A third is refused with a sentence until one is ready; what failed counts no more and stands in the log."""
    client, _ = await rig.person("ana@example.org", "caseworker", ["quito"], "en")
    jobs: Jobs = rig.app.routes[0].app.state.desk.jobs  # type: ignore[attr-defined]
    gate = asyncio.Event()
    begun = [jobs.begin(1, "x", gate.wait(), int(rig.clock().timestamp())) for _ in range(2)]
    refused = await client.get("/console/exports/csv")
    assert (refused.status_code, "still running" in refused.text) == (429, True)
    gate.set()
    await asyncio.gather(*(job.task for job in begun if job.task))
    assert (await client.get("/console/exports/csv")).status_code == 200


async def test_work_that_breaks_is_told_and_logged(rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    """The page is a sentence; the log of the process has the error."""

    async def broken() -> None:
        raise ValueError("no")

    client, _ = await rig.person("ana@example.org", "caseworker", ["quito"], "en")
    jobs: Jobs = rig.app.routes[0].app.state.desk.jobs  # type: ignore[attr-defined]
    with caplog.at_level(logging.ERROR, "console.jobs"):
        job = jobs.begin(1, "x", broken(), int(rig.clock().timestamp()))
        assert job.task is not None
        await job.task
    answer = await client.get(f"/console/work/{job.id}")
    assert (answer.status_code, "Something went wrong" in answer.text) == (500, True)
    assert "work of the console failed" in caplog.text
