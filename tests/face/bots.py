"""Bots for these tests: the real face with a small turn behind it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

from bot.conversation.events import (
    ButtonPressed,
    CommandGiven,
    Event,
    Left,
    PositionShared,
    SomethingElseSent,
    TextSaid,
)
from bot.face import TelegramFace
from bot.face.tempo import Tempo
from bot.replies import Button, Reply
from bot.settings import Settings
from tests.bot_api import BotApi

# As in life, with the waiting made short.
FAST = Tempo(
    poll=5,
    patience=1,
    update=3,
    stop=2,
    between_attempts=0.01,
    back_off_first=0.05,
    back_off_most=0.3,
    lead_retry=0.1,
)
# For tests about something else than the limits.
FREE = Tempo(
    poll=5, patience=1, update=3, stop=2, between_attempts=0.01, back_off_first=0.02, back_off_most=0.2, lead_retry=0.1,
    messages_per_second=100_000, burst=1000, chat_seconds=0.00001, chat_burst=1000, waiting_per_chat=1000,
)  # fmt: skip


class EchoTurn:
    """Says what it heard. `failing` decides which events raise, `waits` how long one takes."""

    def __init__(self) -> None:
        self.taken: list[tuple[Event, bytes]] = []
        self.answer: Callable[[Event], list[Reply]] = echo
        self.before: Callable[[Event], Awaitable[None]] | None = None

    async def take(self, event: Event, person: bytes) -> list[Reply]:
        """One event, one echo."""
        self.taken.append((event, person))
        if self.before:
            await self.before(event)
        return [] if isinstance(event, Left) else self.answer(event)


def echo(event: Event) -> list[Reply]:
    """The event in words."""
    match event:
        case TextSaid(text=text):
            return [Reply(text=f"echo {text}", buttons=(Button("Press me", data="pressed"),))]
        case ButtonPressed(data=data):
            return [Reply(text=f"button {data}")]
        case CommandGiven(name=name, argument=argument):
            return [Reply(text=f"command {name} {argument}".strip())]
        case PositionShared(latitude=latitude, longitude=longitude):
            return [Reply(text=f"position {latitude} {longitude}")]
        case SomethingElseSent(kind=kind):
            return [Reply(text=f"other {kind}")]
    return []


def settings_for(api: BotApi, data_dir: Path, **given: Any) -> Settings:
    """Settings that reach the stand-in."""
    return Settings(data_dir=data_dir, telegram_token=api.token, telegram_api_url=api.url, **given)


@contextlib.asynccontextmanager
async def running(
    api: BotApi, data_dir: Path, turn: Any = None, tempo: Tempo = FREE, **given: Any
) -> AsyncIterator[TelegramFace]:
    """A face that receives; stopped gracefully at the end."""
    face = TelegramFace(settings_for(api, data_dir, **given), turn or EchoTurn(), tempo)
    stop = asyncio.Event()
    task = asyncio.create_task(face.serve(stop))
    try:
        yield face
        if task.done():
            task.result()
    finally:
        stop.set()
        async with asyncio.timeout(20):
            await task


async def all_are_answered(api: BotApi, people: int, messages: int, within: float) -> list[list[str]]:
    """What each of some people reads who write messages with numbers in turn, once the last one is answered."""
    everybody = [api.person() for _ in range(people)]
    for number in range(messages):
        for person in everybody:
            await person.writes(str(number))
    for person in everybody:
        await person.reads(f"echo {messages - 1}", within=within)
    return [[message.text for message in person.visible] for person in everybody]


def echoes(messages: int) -> list[str]:
    """The answers in order."""
    return [f"echo {number}" for number in range(messages)]
