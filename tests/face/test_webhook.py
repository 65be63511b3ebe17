"""The webhook: 200 only after the answer, nobody without the secret, no flood it cannot bear."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from starlette.applications import Starlette

from bot.conversation.events import Event
from bot.face import TelegramFace
from bot.face.tempo import Tempo
from bot.settings import Settings
from tests.bot_api import BotApi
from tests.face.bots import FREE, EchoTurn, all_are_answered, echoes
from tests.serving import serving

SECRET = "a-secret-of-at-least-16"


@contextlib.asynccontextmanager
async def hooked(
    api: BotApi, folder: Path, turn: Any, tempo: Tempo = FREE
) -> AsyncIterator[tuple[str, TelegramFace]]:
    """A face behind a webhook; its address."""
    inner: list[Starlette] = []

    async def application(scope: Any, receive: Any, send: Any) -> None:
        await inner[0](scope, receive, send)

    async with serving(application) as address:
        settings = Settings(
            data_dir=folder,
            telegram_token=SecretStr(api.token),
            telegram_api_url=api.url,
            telegram_mode="webhook",
            public_url=address,
            webhook_secret=SecretStr(SECRET),
        )
        face = TelegramFace(settings, turn, tempo)
        inner.append(Starlette(routes=face.routes()))
        stop = asyncio.Event()
        task = asyncio.create_task(face.serve(stop))
        try:
            await api.until(lambda: api.webhook is not None)
            yield f"{address}/telegram/webhook", face
        finally:
            if api.webhook:
                await api.webhook.stop()
            stop.set()
            await asyncio.wait_for(task, 10)


def update(update_id: int, chat: int = 5) -> dict[str, Any]:
    person = {"id": chat, "is_bot": False, "first_name": "x"}
    body = {
        "message_id": 1,
        "date": 0,
        "chat": {"id": chat, "type": "private"},
        "from": person,
        "text": "hola",
    }
    return {"update_id": update_id, "message": body}


def post(address: str, **given: Any) -> Any:
    async def send() -> httpx.Response:
        async with httpx.AsyncClient(trust_env=False, timeout=20) as http:
            headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET} | given.pop("headers", {})
            return await http.post(address, headers=headers, **given)

    return send()


async def test_people_are_answered_through_a_webhook(tmp_path: Path) -> None:
    """Ten people, five messages each, in order; each was taken once."""
    turn = EchoTurn()
    async with BotApi(flood=False) as api, hooked(api, tmp_path, turn):
        assert await all_are_answered(api, 10, 5, within=20) == [echoes(5)] * 10
        assert len(turn.taken) == 50


async def test_200_comes_after_the_answer(tmp_path: Path) -> None:
    """While the turn runs, the update is not confirmed; sent again meanwhile, it is not taken twice."""
    turn, go = EchoTurn(), asyncio.Event()

    async def hold(_: Event) -> None:
        await go.wait()

    turn.before = hold
    async with BotApi() as api, hooked(api, tmp_path, turn) as (address, _):
        api.person(5)
        first = asyncio.create_task(post(address, json=update(1)))
        second = asyncio.create_task(post(address, json=update(1)))
        await asyncio.sleep(0.3)
        assert not first.done()
        go.set()
        assert (await first).status_code == (await second).status_code == 200
        assert (await post(address, json=update(1))).status_code == 200
        assert len(turn.taken) == 1


@pytest.mark.parametrize("secret", ["", "wrong", "ñ", SECRET + "x"])
async def test_nobody_without_the_secret(tmp_path: Path, secret: str) -> None:
    """403, and no turn."""
    turn = EchoTurn()
    async with BotApi() as api, hooked(api, tmp_path, turn) as (address, _):
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret.encode("latin-1")}
        assert (await post(address, json=update(1), headers=headers)).status_code == 403
        assert not turn.taken


async def test_what_is_no_update(tmp_path: Path) -> None:
    """Too large: 413. No update: 400. One that the library cannot read: 200, or it would come again for a day."""
    async with BotApi() as api, hooked(api, tmp_path, EchoTurn()) as (address, face):
        assert (await post(address, content=b"x" * 1_000_001)).status_code == 413
        for content in (b"", b"no", b"[]", b'{"update_id": "x"}', b"[" * 100_000):
            assert (await post(address, content=content)).status_code == 400
        assert (await post(address, json={"update_id": 9, "message": {"chat": 1}})).status_code == 200
        assert face.counts.unreadable == 1


async def test_overload_asks_to_come_again(tmp_path: Path) -> None:
    """More at once than it can bear: 503 with Retry-After; Telegram brings them again and all are answered."""
    turn = EchoTurn()

    async def take_a_moment(_: Event) -> None:
        await asyncio.sleep(0.3)

    turn.before = take_a_moment
    async with BotApi(flood=False) as api, hooked(api, tmp_path, turn, replace(FREE, webhook_at_once=3)):
        api.hurry = 20
        people = [api.person() for _ in range(15)]
        for person in people:
            await person.writes("hola")
        for person in people:
            await person.reads("echo hola", within=20)
        assert api.webhook
        statuses = [status for _, status in api.webhook.attempts]
        assert 503 in statuses
        assert 2 in api.webhook.delays
        assert len(turn.taken) == 15


async def test_it_refuses_to_start_without_a_secret(tmp_path: Path) -> None:
    """An open webhook would let anybody speak as anybody."""
    async with BotApi() as api:
        settings = Settings.model_construct(
            data_dir=tmp_path,
            telegram_token=SecretStr(api.token),
            telegram_api_url=api.url,
            telegram_mode="webhook",
            public_url="https://example.org",
            webhook_secret=None,
        )
        with pytest.raises(ValueError, match="ORIENTA_WEBHOOK_SECRET"):
            TelegramFace(settings, EchoTurn(), FREE)
