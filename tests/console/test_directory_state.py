"""What the pages of the criteria say of the directory: services, those checked in time, what people told."""

from __future__ import annotations

import re
from datetime import date, timedelta

from sqlalchemy import insert

from console.directory_state import directory_states, last_period
from referrals.database import Sessions
from referrals.tables import Report
from tests.console.rig import MORNING, Rig


async def _report(sessions: Sessions, service_id: str, day: date, kind: str, count: int) -> None:
    async with sessions.writing() as writing:
        row = {"service_id": service_id, "day": day, "kind": kind, "count": count, "reviewed": 0}
        await writing.execute(insert(Report).values(**row))


async def test_the_page_of_a_criterion_shows_the_directory_and_the_last_whole_period(rig: Rig) -> None:
    """Reports of the period that runs are not in it, so that the figure does not move from day to day."""
    first, last = last_period(MORNING.date())
    assert last - first == timedelta(days=27)
    assert last < MORNING.date()
    await _report(rig.sessions, "svc-quito", first, "helped", 21)
    await _report(rig.sessions, "svc-quito", last, "closed", 19)
    await _report(rig.sessions, "svc-quito", last + timedelta(days=1), "helped", 500)
    async with rig.sessions.reading() as reading:
        states = await directory_states(reading, rig.library, MORNING)
    assert (states["quito"].services, states["quito"].reports, states["quito"].helped) == (1, 40, 21)
    assert (states["san-luis"].reports, states["san-luis"].helped) == (0, 0)
    client, _ = await rig.person("ana@example.org", "coordinator", ["quito"])
    page = (await client.get("/console/reports/criteria/8?language=en")).text
    (row,) = [part for part in page.split('<th scope="row"') if ">Quito<" in part and ">40</td>" in part]
    assert re.findall(r">(\d+)</td>", row) == ["20", "40"]
    assert "500" not in page
