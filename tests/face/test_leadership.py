"""Several processes: one receives, the others take over when it is killed, nothing is answered by two."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from pathlib import Path

import psycopg
import pytest

from bot.face.leadership import FileLeadership
from bot.face.leadership_postgres import PostgresLeadership
from bot.face.ledger import Ledger, NotLeading, Work
from tests.bot_api import BotApi, Person
from tests.face.bots import FREE
from tests.face.killing import Yard


async def exchange(api: BotApi, people: list[Person], words: str) -> None:
    """Everybody writes and reads the echo."""
    for person in people:
        await person.writes(words)
    for person in people:
        await person.reads(f"echo {words}", within=20)


async def take_over(api: BotApi, folder: Path, database: str) -> float:
    """Two bots, one killed; seconds until the other answered. Every answer came once."""
    people = [api.person() for _ in range(5)]
    async with Yard() as yard:
        leader = await yard.start(api.url, folder, database)
        await exchange(api, people, "one")
        await yard.start(api.url, folder, database)
        await asyncio.sleep(1)
        await exchange(api, people, "two")
        assert api.conflicts == 0
        yard.kill(leader)
        started = time.monotonic()
        await exchange(api, people, "three")
        elapsed = time.monotonic() - started
    for person in people:
        counts = Counter(message.text for message in person.visible)
        assert counts == {"echo one": 1, "echo two": 1, "echo three": 1}
    return elapsed


async def test_take_over_on_one_host(tmp_path: Path) -> None:
    """The standby answers within ten seconds after the receiver was killed."""
    async with BotApi() as api:
        assert await take_over(api, tmp_path, "-") < 10


@pytest.mark.postgres
async def test_take_over_on_postgres(tmp_path: Path, database: str) -> None:
    """The same across hosts, by the lock of a session."""
    async with BotApi() as api:
        assert await take_over(api, tmp_path, database) < 10


async def test_one_file_one_leader(tmp_path: Path) -> None:
    """The second waits until the first lets go."""
    first, second = FileLeadership(tmp_path, FREE), FileLeadership(tmp_path, FREE)
    await first.acquire()
    waiting = asyncio.create_task(second.acquire())
    await asyncio.sleep(0.3)
    assert not waiting.done()
    await first.release()
    await asyncio.wait_for(waiting, 2)
    await second.release()


@pytest.mark.postgres
async def test_who_lost_the_connection_begins_nothing(database: str) -> None:
    """The connection is ended by the server: the ledger refuses at once, another leads, what was done stays done."""
    first, second = PostgresLeadership(database, "77", FREE), PostgresLeadership(database, "77", FREE)
    store = Ledger(await first.acquire())
    assert await store.begin(5) == 1
    store.finish(5)
    assert await store.begin(6) == 1
    waiting = asyncio.create_task(second.acquire())
    await asyncio.sleep(0.3)
    assert not waiting.done()
    assert first.connection
    own = first.connection.info.backend_pid
    async with await psycopg.AsyncConnection.connect(
        database.replace("+psycopg", ""), autocommit=True
    ) as other:
        await other.execute("SELECT pg_terminate_backend(%s)", (own,))
    taken = Ledger(await asyncio.wait_for(waiting, 5))
    with pytest.raises(NotLeading):
        await store.begin(7)
    assert first.lost.is_set()
    assert await taken.begin(5) == 0
    assert await taken.begin(6) == 2
    await first.release()
    await second.release()


async def test_a_database_that_nobody_reaches_does_not_silence_the_bot(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Without the database it leads alone, and steps back when Telegram says that another does."""
    monkeypatch.setattr("bot.face.leadership_postgres._ALONE_AFTER", 0.2)
    leadership = PostgresLeadership("postgresql+psycopg://nobody@127.0.0.1:1/none", "77", FREE)
    store = await asyncio.wait_for(leadership.acquire(), 5)
    with pytest.raises(ConnectionError):
        await store.write([(Work.BEGIN, 1)])
    leadership.conflict()
    assert leadership.lost.is_set()
    await leadership.release()
