"""Keeps the bot inside Telegram's flood limits, and quiet for as long as Telegram says.

The library's own limiter reopens inside a pause as soon as any call ends; this one holds a time before which nothing
goes out. Safety messages go first. `getUpdates` never passes through here.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import random
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

from bot.face.tempo import Tempo

Answer = bool | dict[str, Any] | list[dict[str, Any]]
_RETRIES = 3
_MARGIN = 0.1  # a pause is never cut short by rounding


@dataclass
class Bucket:
    """Tokens that refill at a steady pace. Time is handed in."""

    every: float
    most: float
    tokens: float
    since: float

    def ready_at(self, now: float) -> float:
        """When the next token is there."""
        self._refill(now)
        return now if self.tokens >= 1 else now + (1 - self.tokens) * self.every

    def take(self, now: float) -> None:
        """Take one."""
        self._refill(now)
        self.tokens -= 1

    def is_full(self, now: float) -> bool:
        """Whether it is as if it had never been used."""
        self._refill(now)
        return self.tokens >= self.most

    def _refill(self, now: float) -> None:
        if now > self.since:
            self.tokens = min(self.most, self.tokens + (now - self.since) / self.every)
            self.since = now


@dataclass(order=True)
class _Waiting:
    rank: tuple[int, int]
    chat: int | None = field(compare=False)
    go: asyncio.Future[None] = field(compare=False)


class Limiter(BaseRateLimiter[bool]):
    """Global and per-chat buckets, one pause for the whole bot. `rate_limit_args=True` marks what is urgent."""

    def __init__(self, tempo: Tempo | None = None, clock: Callable[[], float] | None = None) -> None:
        self._tempo = tempo or Tempo()
        self._clock = clock or _loop_time
        self._all: Bucket | None = None
        self._chats: dict[int, Bucket] = {}
        self._not_before = 0.0
        self._queue: list[_Waiting] = []
        self._numbers = itertools.count()
        self._timer: asyncio.TimerHandle | None = None
        self.pauses = 0

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Let nobody wait for ever."""
        if self._timer:
            self._timer.cancel()
        for waiting in self._queue:
            waiting.go.cancel()
        self._queue.clear()

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Answer]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: bool | None,
    ) -> Answer:
        """Call when it is this call's time; after a 429 wait as told, then try again, three times at most."""
        chat = int(data["chat_id"]) if _counts(endpoint) and "chat_id" in data else None
        deadline = self._clock() + self._tempo.send
        for attempt in itertools.count(1):
            await self._turn_of(chat, urgent=bool(rate_limit_args))
            try:
                return await callback(*args, **kwargs)
            except RetryAfter as error:
                wait = seconds_of(error)
                self.hold(wait)
                if attempt > _RETRIES or self._clock() + wait > deadline:
                    raise
                await asyncio.sleep(random.uniform(0, 0.2))  # noqa: S311 (spreads retries, guards nothing)
        raise AssertionError("unreachable")

    def hold(self, seconds: float) -> None:
        """Nothing goes out for so long. The whole bot: Telegram does not say whether it meant one chat."""
        self.pauses += 1
        self._not_before = max(self._not_before, self._clock() + seconds + _MARGIN)

    async def _turn_of(self, chat: int | None, *, urgent: bool) -> None:
        go: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._queue, _Waiting((0 if urgent else 1, next(self._numbers)), chat, go))
        self._grant()
        await go

    def _grant(self) -> None:
        """Let go everybody whose time has come, in order; wake up again for the next."""
        now = self._clock()
        soonest = self._not_before
        if now >= self._not_before:
            soonest = float("inf")
            still: list[_Waiting] = []
            while self._queue:
                waiting = heapq.heappop(self._queue)
                at = self._ready_at(waiting.chat, now)
                if waiting.go.done():
                    continue
                if at <= now:
                    self._charge(waiting.chat, now)
                    waiting.go.set_result(None)
                else:
                    soonest = min(soonest, at)
                    still.append(waiting)
            heapq.heapify(still)
            self._queue = still
        self._wake_at(soonest, now)

    def _wake_at(self, moment: float, now: float) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None
        if self._queue:
            self._timer = asyncio.get_running_loop().call_later(max(0.002, moment - now), self._grant)

    def _ready_at(self, chat: int | None, now: float) -> float:
        if chat is None:
            return now
        return max(self._whole(now).ready_at(now), self._of_chat(chat, now).ready_at(now))

    def _charge(self, chat: int | None, now: float) -> None:
        if chat is not None:
            self._whole(now).take(now)
            self._of_chat(chat, now).take(now)

    def _whole(self, now: float) -> Bucket:
        if self._all is None:
            self._all = Bucket(1 / self._tempo.messages_per_second, self._tempo.burst, self._tempo.burst, now)
        return self._all

    def _of_chat(self, chat: int, now: float) -> Bucket:
        if chat not in self._chats:
            if len(self._chats) > 1000:
                self._chats = {
                    each: bucket for each, bucket in self._chats.items() if not bucket.is_full(now)
                }
            every, burst = (
                (self._tempo.chat_seconds, self._tempo.chat_burst)
                if chat > 0
                else (self._tempo.group_seconds, 1.0)
            )
            self._chats[chat] = Bucket(every, burst, burst, now)
        return self._chats[chat]


def seconds_of(error: RetryAfter) -> float:
    """The pause that Telegram ordered."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def _counts(endpoint: str) -> bool:
    """Whether Telegram counts this call as a message."""
    return endpoint.startswith(("send", "edit", "forward", "copy")) and endpoint != "sendChatAction"


def _loop_time() -> float:
    return asyncio.get_running_loop().time()
