"""Several processes behind one webhook: what one has in hand no other touches, and what one did stays done for all."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import psycopg
import pytest
from starlette.applications import Starlette

from bot.conversation.events import Event
from bot.face import TelegramFace, numbers_postgres
from bot.face.ledger import Elsewhere, Ledger, Store
from bot.face.numbers_sqlite import SqliteStore
from bot.face.sharing import SharedStore
from tests.bot_api import BotApi
from tests.face.bots import FREE, EchoTurn, settings_for
from tests.face.test_webhook import SECRET, post, update
from tests.serving import serving


def store_in(engine: str, folder: Path, url: str) -> Store:
    """A ledger's store, as a webhook has it on this database."""
    return SharedStore(url, "77") if engine == "postgres" else SqliteStore(folder / "telegram.sqlite3")


@contextlib.asynccontextmanager
async def connected(url: str) -> AsyncIterator[psycopg.AsyncConnection]:
    """A connection beside those of the stores."""
    plain = url.replace("+psycopg", "")
    async with await psycopg.AsyncConnection.connect(plain, autocommit=True) as connection:
        yield connection


@pytest.mark.postgres
@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
async def test_what_was_done_stays_done(engine: str, tmp_path: Path, database: str) -> None:
    """After a restart: done is done, begun is counted, given back is not; on both databases."""
    first = Ledger(store_in(engine, tmp_path, database))
    assert [await first.begin(number) for number in (101, 102, 103)] == [1, 1, 1]
    first.finish(101)
    first.give_back(103)
    await first.close()
    second = Ledger(store_in(engine, tmp_path, database))
    assert [await second.begin(number) for number in (101, 102, 103)] == [0, 2, 1]
    await second.close()


@pytest.mark.postgres
async def test_two_processes_never_have_the_same_update(database: str) -> None:
    """While one has it the other is refused; done by one it is done for both; who dies lets go."""
    one, other = Ledger(SharedStore(database, "78")), Ledger(SharedStore(database, "78"))
    assert await one.begin(201) == await one.begin(202) == 1
    with pytest.raises(Elsewhere):
        await other.begin(201)
    one.finish(201)
    assert await one.begin(203) == 1  # by then the finish before it is written
    assert await other.begin(201) == 0
    async with connected(database) as beside:
        await beside.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'orienta webhook'"
        )
    third = Ledger(SharedStore(database, "78"))
    assert await third.begin(202) == 2
    for ledger in (one, other, third):
        await ledger.close()


@pytest.mark.postgres
async def test_many_who_begin_the_same_updates_share_them(database: str) -> None:
    """Four processes are sent the same hundred updates at the same time: each is done by exactly one."""
    ledgers = [Ledger(SharedStore(database, "79")) for _ in range(4)]
    done: list[int] = []

    async def take(ledger: Ledger, update_id: int) -> None:
        with contextlib.suppress(Elsewhere):
            if await ledger.begin(update_id):
                await asyncio.sleep(0.001)
                done.append(update_id)
                ledger.finish(update_id)

    await asyncio.gather(*(take(ledger, number) for number in range(300, 400) for ledger in ledgers))
    assert sorted(done) == list(range(300, 400))
    for ledger in ledgers:
        await ledger.close()


@pytest.mark.postgres
async def test_the_table_comes_and_goes(database: str) -> None:
    """Up twice, down with rows in it, down twice, up again; two that make it at the same moment do not collide."""
    async with connected(database) as one, connected(database) as other:
        await numbers_postgres.downgrade(one)
        await asyncio.gather(numbers_postgres.upgrade(one), numbers_postgres.upgrade(other))
        await one.execute("INSERT INTO face.updates (update_id, attempts, done) VALUES (1, 1, true)")
        await numbers_postgres.downgrade(one)
        await numbers_postgres.downgrade(one)
        await numbers_postgres.upgrade(other)
        rows = await (await one.execute("SELECT count(*) FROM face.updates")).fetchone()
        assert rows == (0,)
        kinds = await one.execute(
            "SELECT DISTINCT data_type FROM information_schema.columns WHERE table_schema = 'face'"
        )
        assert {row[0] for row in await kinds.fetchall()} == {"bigint", "integer", "boolean"}


@pytest.mark.postgres
async def test_a_database_that_is_away_silences_nobody(tmp_path: Path) -> None:
    """Without the database each process remembers for itself, and nobody waits for it again and again."""
    ledger = Ledger(SharedStore("postgresql+psycopg://nobody@127.0.0.1:1/none", "80"))
    assert await ledger.begin(1) == 1
    ledger.finish(1)
    assert await ledger.begin(1) == 0
    await ledger.close()
    assert ledger.failures == 2


@pytest.mark.postgres
async def test_one_update_sent_to_two_webhooks(tmp_path: Path, database: str) -> None:
    """Telegram gives up waiting and sends it again, to the other process: that one asks it to come later."""
    turn, go = EchoTurn(), asyncio.Event()

    async def hold(_: Event) -> None:
        await go.wait()

    turn.before = hold
    async with BotApi() as api, contextlib.AsyncExitStack() as stack:
        api.person(5)
        addresses = [
            await stack.enter_async_context(hooked(api, tmp_path / name, turn, database)) for name in "ab"
        ]
        first = asyncio.create_task(post(addresses[0], json=update(900)))
        while not turn.taken:
            await asyncio.sleep(0.01)
        refused = await post(addresses[1], json=update(900))
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "2")
        go.set()
        assert (await first).status_code == 200
        assert (await post(addresses[0], json=update(901, chat=5))).status_code == 200
        assert (await post(addresses[1], json=update(900))).status_code == 200
        assert len(turn.taken) == 2


@contextlib.asynccontextmanager
async def hooked(api: BotApi, folder: Path, turn: EchoTurn, database: str) -> AsyncIterator[str]:
    """The webhook of one process of several; its address."""
    given = {"telegram_mode": "webhook", "public_url": "http://127.0.0.1:9", "webhook_secret": SECRET}
    face = TelegramFace(settings_for(api, folder, database_url=database, **given), turn, FREE)
    stop = asyncio.Event()
    async with serving(Starlette(routes=face.routes())) as address:
        task = asyncio.create_task(face.serve(stop))
        await api.until(lambda: api.webhook is not None)
        try:
            yield f"{address}/telegram/webhook"
        finally:
            stop.set()
            await asyncio.wait_for(task, 10)
