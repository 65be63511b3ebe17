"""Flood control: never a 429 of our own making, and silence for as long as Telegram says."""

from __future__ import annotations

import asyncio
import itertools
import time
from pathlib import Path
from typing import Any

import pytest
from telegram.error import RetryAfter

from bot.face.limiter import Limiter
from bot.face.tempo import Tempo
from tests.bot_api import BotApi
from tests.face.bots import running

SENDS = ("sendMessage", "answerCallbackQuery", "sendVenue")


async def write_for(api: BotApi, people: list[Any], seconds: float, per_second: int) -> int:
    """Everybody writes in turn, so many messages a second in all."""
    started, number = time.monotonic(), 0
    while (elapsed := time.monotonic() - started) < seconds:
        while number < elapsed * per_second:
            await people[number % len(people)].writes(str(number))
            number += 1
        await asyncio.sleep(0.02)
    return number


async def test_twice_the_load_brings_no_429(tmp_path: Path) -> None:
    """60 messages a second for six seconds, Telegram's real limits: nothing refused, everything answered in the end."""
    async with BotApi() as api, running(api, tmp_path, tempo=Tempo(poll=5)):
        people = [api.person() for _ in range(90)]
        number = await write_for(api, people, 6, 60)
        async with asyncio.timeout(60):
            await api.until(lambda: not api.updates.waiting)
        assert sum(len(person.visible) for person in people) == number
        assert api.flood.refused == 0
        assert api.flood.inside_pause == 0


async def test_one_person_who_writes_a_lot_brings_no_429(tmp_path: Path) -> None:
    """Ten messages in one chat at once: answered one by one, as fast as Telegram allows and no faster."""
    async with BotApi() as api, running(api, tmp_path, tempo=Tempo(poll=5)):
        person = api.person()
        for number in range(8):
            await person.writes(str(number))
        await person.reads("echo 7", within=20)
        assert api.flood.refused == 0


async def test_a_pause_is_kept_to_its_end(tmp_path: Path) -> None:
    """Telegram orders three seconds: after it said so nothing goes out before they are over, in any chat."""
    async with BotApi() as api, running(api, tmp_path, tempo=Tempo(poll=5)):
        people = [api.person() for _ in range(60)]
        await people[0].writes("hola")
        await people[0].reads("echo hola")
        writing = asyncio.create_task(write_for(api, people[1:], 5, 20))
        await asyncio.sleep(1)
        api.flood.order_pause(3)
        ordered = api.clock.now()
        await writing
        async with asyncio.timeout(30):
            await api.until(lambda: not api.updates.waiting)
    refused = [call for call in api.calls if call.code == 429]
    told = min(call.at for call in refused)
    # What was on its way when the first refusal came back cannot be called back.
    late = [call for call in api.calls if call.method in SENDS and told + 0.25 < call.at < ordered + 3]
    assert late == []
    assert api.flood.refused == 0
    assert all(person.visible for person in people[1:])


async def test_urgent_messages_go_first() -> None:
    """Safety overtakes everything that waits."""
    limiter, sent = Limiter(Tempo(messages_per_second=20, burst=1)), []

    async def post(name: str) -> bool:
        sent.append(name)
        return True

    async def ask(chat: int, name: str, urgent: bool = False) -> None:
        await limiter.process_request(post, (name,), {}, "sendMessage", {"chat_id": chat}, urgent)

    waiting = [asyncio.create_task(ask(number, f"normal {number}")) for number in range(10)]
    await asyncio.sleep(0)
    await asyncio.gather(ask(99, "urgent", True), *waiting)
    assert sent.index("urgent") == 1
    await limiter.shutdown()


async def test_a_429_is_tried_again_then_given_up() -> None:
    """Three retries after the ordered pause; then the caller decides."""
    limiter = Limiter(Tempo())
    times: list[float] = []

    async def post() -> bool:
        times.append(time.monotonic())
        if len(times) < 3:
            raise RetryAfter(1)
        return True

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PTB_TIMEDELTA", "true")
        assert await limiter.process_request(post, (), {}, "sendMessage", {"chat_id": 1}, None)
    assert all(later - earlier >= 1 for earlier, later in itertools.pairwise(times))
    assert limiter.pauses == 2


async def test_what_telegram_does_not_count_is_not_slowed() -> None:
    """Button answers need no place in the queue; a pause holds them too."""
    limiter = Limiter(Tempo(messages_per_second=1, burst=1))

    async def post() -> bool:
        return True

    started = time.monotonic()
    for _ in range(50):
        await limiter.process_request(post, (), {}, "answerCallbackQuery", {"callback_query_id": "1"}, None)
    assert time.monotonic() - started < 0.5
    limiter.hold(0.5)
    await limiter.process_request(post, (), {}, "answerCallbackQuery", {"callback_query_id": "1"}, None)
    assert time.monotonic() - started > 0.5
