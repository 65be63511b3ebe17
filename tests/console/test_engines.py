"""The console on both engines: schema, sign-in, a change with its undo, and a log that many write to at once."""

from __future__ import annotations

import asyncio
from datetime import date

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from console import audit, records
from console import sessions as browsers
from console.in_chat import ChatProof
from console.keys import Keys
from console.migrations import downgrade, upgrade
from console.proof import Answer, State
from console.tables import session as table
from content.library import Library
from content.wording import wording
from referrals.database import Sessions
from referrals.upkeep import Change, Upkeep
from tests.console.rig import MORNING, built, submit
from tests.postgres import url
from tests.referrals.conftest import sessions
from tests.second_factors import account_with_app

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


async def test_of_two_who_send_one_code_at_once_one_is_let_in(sessions: Sessions, url: str) -> None:
    """From two processes at the same moment: the code is used once on each engine, and the log says so."""
    await asyncio.to_thread(upgrade, url)
    keys = Keys(b"k" * 32)
    app = await account_with_app(sessions, keys, "luz@example.org")
    processes = [ChatProof(sessions, keys, lambda: MORNING) for _ in range(6)]
    code = app.at(MORNING)
    given = await asyncio.gather(*(process.give("luz@example.org", code) for process in processes))
    answers = [one.answer for one in given]
    assert answers.count(Answer.RIGHT) == 1
    assert set(answers) <= {Answer.RIGHT, Answer.USED, Answer.WRONG, Answer.WAIT}
    async with sessions.reading() as session:
        assert [one.action for one in await audit.entries(session)].count("sign_in.chat") == 1


async def test_the_schema_goes_back_with_sessions_in_it(sessions: Sessions, url: str) -> None:
    """Those of browsers stay; that of a chat ends, and its owner gives the code again."""
    await asyncio.to_thread(upgrade, url)
    keys, now = Keys(b"k" * 32), int(MORNING.timestamp())
    app = await account_with_app(sessions, keys, "luz@example.org")
    proof = ChatProof(sessions, keys, lambda: MORNING)
    assert (await proof.give("luz@example.org", app.at(MORNING))).answer == Answer.RIGHT
    async with sessions.writing() as session:
        token = await browsers.start(session, 1, "full", "", now)
    await asyncio.to_thread(downgrade, url, "0001")
    await asyncio.to_thread(upgrade, url)
    async with sessions.reading() as session:
        assert [one.stage for one in await browsers.living(session, now)] == ["full"]
        assert await browsers.find(session, token, now)
    assert await proof.state("luz@example.org") == State.ASKED
    rejected = insert(table).values(digest="x", account_id=1, stage="pigeon", created=0, seen=0, browser="")
    with pytest.raises(IntegrityError):
        async with sessions.writing() as session:
            await session.execute(rejected)


CHANGES = {
    "closures": Change("closed", date(2026, 12, 5)),
    "full_until": Change("full", date(2026, 11, 30)),
    "phones": Change("phone", phone="+593 2 222 2222"),
}


@pytest.mark.parametrize("field", list(CHANGES))
async def test_a_change_from_the_chat_is_undone_like_any_other(
    sessions: Sessions, url: str, library: Library, field: str
) -> None:
    """History says who, when and that it came through the chat; undo brings back what stood there before."""
    await asyncio.to_thread(upgrade, url)
    rig = await built(sessions, library)
    upkeep = Upkeep(sessions, library.places, remember=records.changed_in_chat)
    async with sessions.reading() as reading:
        before = await records.one(reading, "svc-quito", {"quito"})
    await upkeep.apply("svc-quito", CHANGES[field], MORNING, ("quito",), "luz@example.org")
    await upkeep.apply("svc-quito", CHANGES[field], MORNING, ("quito",), "luz@example.org")
    client, _ = await rig.person("ana@example.org", "caseworker", ["quito"])
    page = await client.get("/console/services/svc-quito/history")
    assert "luz@example.org" in page.text
    assert page.text.count(wording("es")("Changed from the chat")) == 1, "said twice, it is changed once"
    async with sessions.reading() as reading:
        [change] = await records.revisions(reading, "svc-quito")
        changed = await records.one(reading, "svc-quito", {"quito"})
    assert (change.fields, change.after, change.before) == ((field,), changed, before)
    await submit(client, f"/console/changes/{change.id}/undo", {}, page="/console/services/svc-quito/history")
    async with sessions.reading() as reading:
        assert await records.one(reading, "svc-quito", {"quito"}) == before
        assert [one.why for one in await records.revisions(reading, "svc-quito")] == ["undo", "chat"]
        assert await audit.first_broken(reading) is None
        assert "service.chat" in {one.action for one in await audit.entries(reading)}


async def test_chat_and_console_at_the_same_moment_lose_nothing(
    sessions: Sessions, url: str, library: Library
) -> None:
    """Whoever is second sees the first one's change, or is told; no change is overwritten unseen."""
    await asyncio.to_thread(upgrade, url)
    await built(sessions, library)
    upkeep = Upkeep(sessions, library.places, remember=records.changed_in_chat)
    async with sessions.reading() as reading:
        before = await records.one(reading, "svc-quito", {"quito"})
    assert before is not None

    async def in_console() -> bool:
        after = before.model_copy(update={"url": "https://example.org"})
        try:
            async with sessions.writing() as writing:
                await records.save(writing, records.Author("ana@example.org", MORNING), before, after)
        except records.ChangedSinceError:
            return False
        return True

    async def in_chat() -> None:
        await upkeep.apply("svc-quito", CHANGES["phones"], MORNING, ("quito",), "luz@example.org")

    saved, _ = await asyncio.gather(in_console(), in_chat())
    async with sessions.reading() as reading:
        found = await records.one(reading, "svc-quito", {"quito"})
    assert found is not None
    assert found.phones[0] == "+593 2 222 2222"
    assert (found.url == "https://example.org") is saved
