"""The console on both engines: schema, sign-in, a change with its undo, and a log that many write to at once."""

from __future__ import annotations

import asyncio

from console import audit, records
from console.migrations import upgrade
from content.library import Library
from referrals.database import Sessions
from tests.console.rig import built, submit
from tests.postgres import url
from tests.referrals.conftest import sessions

__all__ = ["sessions", "url"]


async def test_a_caseworker_signs_in_changes_and_undoes(
    sessions: Sessions, url: str, library: Library
) -> None:
    """The whole way, as on a laptop."""
    await asyncio.to_thread(upgrade, url)
    rig = await built(sessions, library)
    client, _ = await rig.person("ana@example.org", "caseworker", ["quito"])
    at = "/console/services/svc-quito"
    answer = await submit(client, f"{at}/edit/hours", {"d0_from1": "09:00"})
    change = answer.headers["location"].rsplit("=", 1)[1]
    await submit(client, f"/console/changes/{change}/undo", {}, page=f"{at}/history")
    async with sessions.reading() as reading:
        changes = await records.revisions(reading, "svc-quito")
    assert [one.why for one in changes] == ["undo", "edit"]
    assert changes[0].after == changes[1].before


async def test_the_log_stays_whole_when_many_write(sessions: Sessions, url: str) -> None:
    """Writers wait for each other: the chain has no fork."""
    await asyncio.to_thread(upgrade, url)

    async def write(number: int) -> None:
        async with sessions.writing() as session:
            await audit.note(session, number, f"who{number}", "test")

    await asyncio.gather(*(write(number) for number in range(12)))
    async with sessions.reading() as session:
        assert len(await audit.entries(session)) == 12
        assert await audit.first_broken(session) is None
