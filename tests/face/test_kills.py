"""Killed at any instant, the bot loses nobody's message and repeats at most one reply in each running chat."""

from __future__ import annotations

import asyncio
import os
import random
from collections import Counter
from pathlib import Path

import pytest

from tests.bot_api import BotApi, Message
from tests.face.bots import FREE
from tests.face.killing import Yard

# `make soak` raises these.
KILLS = int(os.environ.get("ORIENTA_TEST_KILLS", "50"))
UPDATES = KILLS * 100
PEOPLE = 120


@pytest.mark.timeout(3600)
async def test_kill_minus_nine(tmp_path: Path) -> None:
    """50 kills over 5,000 updates: 0 lost, at most one duplicate per running chat and kill, order kept."""
    chance = random.Random(20_260)
    kills = 0
    seen: set[tuple[int, str]] = set()
    repeats: Counter[tuple[int, int]] = Counter()

    def note(message: Message) -> None:
        key = (message.chat_id, message.text)
        if key in seen:
            repeats[message.chat_id, kills] += 1
        seen.add(key)

    async with BotApi(flood=False) as api, Yard() as yard:
        api.on_message.append(note)
        people = [api.person() for _ in range(PEOPLE)]
        feeding = asyncio.create_task(feed(api, people))
        bot = await yard.start(api.url, tmp_path)
        for number in range(KILLS):
            mark = min(UPDATES - 60, number * 95 + chance.randrange(20, 95))
            async with asyncio.timeout(60):
                await api.until(lambda mark=mark: len(seen) >= mark)
            await asyncio.sleep(chance.uniform(0, 0.05))
            yard.kill(bot)
            # What it had sent may still be on its way: it belongs to this life of the bot, not to the next.
            await api.until(lambda: not api.connections)
            kills += 1
            bot = await yard.start(api.url, tmp_path)
        async with asyncio.timeout(60):
            await feeding
            await api.until(lambda: not api.updates.waiting)
    expected = {(people[number % PEOPLE].chat_id, f"echo {number}") for number in range(UPDATES)}
    lost = expected - seen
    print(f"kills {kills}, updates {UPDATES}, lost {len(lost)}, repeated {sum(repeats.values())}")
    assert lost == set()
    assert max(repeats.values(), default=0) <= 1
    assert sum(repeats.values()) <= FREE.chats_at_once * kills
    for person in people:
        numbers = [int(message.text.split()[1]) for message in person.visible]
        first = list(dict.fromkeys(numbers))
        assert first == sorted(first)


async def feed(api: BotApi, people: list) -> None:  # type: ignore[type-arg]
    """Everybody keeps writing; a few hundred messages wait at any time."""
    for number in range(UPDATES):
        if len(api.updates.waiting) > 300:
            await api.until(lambda: len(api.updates.waiting) < 200)
        await people[number % PEOPLE].writes(str(number))
