"""Delivery to a webhook: one queue per chat, one update of a queue in flight, retries that slow down."""

from __future__ import annotations

import asyncio
import json
import random
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from tests.bot_api.standin import BotApi
    from tests.bot_api.updates import Queued

MAX_RESEND_SECONDS = 60
MAX_RETRY_AFTER = 3600
GONE_SECONDS = 23 * 3600


class Webhook:
    """Posts updates to one address. `api.hurry` divides its pauses, so that a test need not wait a minute."""

    def __init__(self, api: BotApi, url: str, secret: str, connections: int) -> None:
        self.api = api
        self.url = url
        self.secret = secret
        self.last_error = ""
        self.attempts: list[tuple[int, int]] = []  # update_id, status (0: no answer)
        self.delays: list[float] = []
        self._room = asyncio.Semaphore(connections)
        self._chats: dict[int, asyncio.Task[None]] = {}
        self._task: asyncio.Task[None] | None = None
        self._random = random.Random(1)
        self._gone_since: float | None = None

    def start(self) -> None:
        """Begin to deliver."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Deliver no more."""
        tasks = [
            task
            for task in (self._task, *self._chats.values())
            if task and task is not asyncio.current_task()
        ]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self) -> None:
        limits = httpx.Limits(max_connections=None)
        async with httpx.AsyncClient(timeout=60, limits=limits, trust_env=False) as client:
            while True:
                change = self.api.updates.change
                for queued in self.api.updates.waiting:
                    task = self._chats.get(queued.chat)
                    if task is None or task.done():
                        self._chats[queued.chat] = asyncio.create_task(
                            self._deliver_chat(client, queued.chat)
                        )
                await change.wait()

    async def _deliver_chat(self, client: httpx.AsyncClient, chat: int) -> None:
        while queued := next((each for each in self.api.updates.waiting if each.chat == chat), None):
            await self._deliver(client, queued)

    async def _deliver(self, client: httpx.AsyncClient, queued: Queued) -> None:
        delay, failures = 1.0, 0
        while self.api.updates.is_open(queued.update_id):
            status, retry_after = await self._post(client, queued.update)
            self.attempts.append((queued.update_id, status))
            if 200 <= status < 300:
                self.api.updates.confirm(queued.update_id)
                return
            if self._is_gone(status):
                self.api.webhook = None
                return
            wait = float(retry_after)
            if not retry_after and failures:
                delay = min(self._random.uniform(MAX_RESEND_SECONDS, 2 * MAX_RESEND_SECONDS), delay * 2)
                wait = delay
            failures += 1
            self.delays.append(wait)
            await asyncio.sleep(wait / self.api.hurry)
            self.api.updates.drop_old()

    async def _post(self, client: httpx.AsyncClient, update: dict[str, Any]) -> tuple[int, int]:
        headers = {"Content-Type": "application/json"}
        if self.secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = self.secret
        try:
            async with self._room:
                answer = await client.post(self.url, content=json.dumps(update), headers=headers)
        except httpx.HTTPError as error:
            self.last_error = type(error).__name__
            return 0, 0
        if not answer.is_success:
            self.last_error = f"Wrong response from the webhook: {answer.status_code}"
        wait = answer.headers.get("Retry-After", "")
        return answer.status_code, min(int(wait), MAX_RETRY_AFTER) if wait.isdigit() else 0

    def _is_gone(self, status: int) -> bool:
        if status != 410:
            self._gone_since = None
            return False
        self._gone_since = self._gone_since if self._gone_since is not None else self.api.clock.now()
        return self.api.clock.now() > self._gone_since + GONE_SECONDS
