"""Asks Telegram for updates and confirms them only when they were answered.

The library's own updater confirms a batch before anything was done with it: a crash loses it. Here the next offset is
the first update that is not done, so whatever happens to this process, Telegram still holds it. One slow chat holds
back the confirmation, not the others' replies: what came meanwhile is fetched again beside it.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterable
from typing import Any

from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.face.bot import Bot
from bot.face.handling import Handler
from bot.face.lanes import Lanes
from bot.face.limiter import seconds_of
from bot.face.sending import Counts
from bot.face.tempo import Tempo
from bot.face.updates import read_update
from bot.logs import describe, get_log

_log = get_log("bot.face.receiving")
_CONFLICT_SECONDS = 3.0  # Telegram holds a second 409 back for as long


class Receiver:
    """One receiver of one bot. `run` ends when `halt` is set."""

    def __init__(
        self,
        bot: Bot,
        handler: Handler,
        tempo: Tempo,
        counts: Counts,
        on_conflict: Callable[[], None] | None = None,
    ) -> None:
        self._bot = bot
        self._tempo = tempo
        self._counts = counts
        self._on_conflict = on_conflict or (lambda: None)
        self._lanes = Lanes(handler, tempo, self._is_done)
        self._open: dict[int, None] = {}  # not done, in order
        self._done: set[int] = set()  # done, not confirmed: Telegram shows them again
        self._next = 0
        self._all_done = asyncio.Event()
        self._polled_at = 0.0
        self._failures = 0
        self.receiving = False

    async def run(self, halt: asyncio.Event) -> None:
        """Receive until halted. Raises InvalidToken alone: everything else is waited out."""
        halted = asyncio.create_task(halt.wait())
        try:
            while not halt.is_set():
                batch = await self._unless(halted, self._poll())
                self._accept(batch or ())
                await self._unless(halted, self._settle())
        finally:
            halted.cancel()
            self.receiving = False

    async def stop(self, *, seconds: float, confirm: bool) -> None:
        """Let running turns end, then tell Telegram what was answered."""
        await self._lanes.stop(seconds)
        if confirm and self._next:
            try:
                async with asyncio.timeout(self._tempo.stop):
                    await self._bot.poll(self._offset(), 0, limit=1)
            except (TelegramError, TimeoutError) as error:
                # Not confirmed is not lost: the ledger knows what was done.
                _log.warning("the last updates were not confirmed", error=type(error).__name__)

    def _offset(self) -> int:
        return next(iter(self._open), self._next)

    def _is_done(self, update_id: int) -> None:
        self._open.pop(update_id, None)
        self._done.add(update_id)
        if not self._open:
            self._all_done.set()

    async def _poll(self) -> list[dict[str, Any]]:
        loop = asyncio.get_running_loop()
        self._polled_at = loop.time()
        try:
            batch = await self._bot.poll(self._offset(), 0 if self._open else self._tempo.poll)
        except InvalidToken:
            raise
        except TelegramError as error:
            self.receiving = False
            await asyncio.sleep(self._pause_after(error))
            return []
        if not self.receiving:
            self.receiving = True
            _log.info("receiving from telegram")
        self._failures = 0
        return batch

    def _pause_after(self, error: TelegramError) -> float:
        self._failures += 1
        spread = random.uniform(0.5, 1)  # noqa: S311 (spreads retries, guards nothing)
        if isinstance(error, Conflict):
            _log.warning(
                "another process receives for this bot; waiting", error="Conflict", attempt=self._failures
            )
            self._on_conflict()
            return _CONFLICT_SECONDS * (1 + spread)
        if isinstance(error, RetryAfter):
            return seconds_of(error)
        if self._failures in (1, 5) or self._failures % 50 == 0:
            _log.warning("telegram is not reachable", error=type(error).__name__, attempt=self._failures)
        most = self._tempo.back_off_most
        return min(most, self._tempo.back_off_first * 2.0 ** min(self._failures - 1, 10)) * spread

    def _accept(self, batch: Iterable[dict[str, Any]]) -> None:
        seen = set()
        for raw in batch:
            update_id = int(raw["update_id"])
            seen.add(update_id)
            # Not the highest ever: Telegram may begin again at any number after a week of silence.
            self._next = update_id + 1
            if update_id in self._open or update_id in self._done:
                continue
            self._open[update_id] = None
            self._put(update_id, raw)
        if seen:
            self._done &= seen
        if self._open:
            self._all_done.clear()
        else:
            self._all_done.set()

    def _put(self, update_id: int, raw: dict[str, Any]) -> None:
        try:
            taken = read_update(raw)
        except Exception as error:
            # One update that cannot be read must not stop all that follow.
            self._counts.unreadable += 1
            _log.error("an update cannot be read", exception=describe(error))
            taken = None
        if taken is None:
            self._is_done(update_id)
        else:
            self._lanes.put(taken)

    async def _settle(self) -> None:
        """Until everything is done, or it is time to look what came for the others."""
        if not self._open:
            return
        # With the same offset sooner than this, Telegram would give a single update.
        left = self._polled_at + self._tempo.same_offset - asyncio.get_running_loop().time()
        try:
            await asyncio.wait_for(self._all_done.wait(), max(left, 0.05))
        except TimeoutError:
            return

    @staticmethod
    async def _unless(halted: asyncio.Task[bool], work: Any) -> Any:
        """The result of `work`; None when the halt came first."""
        task = asyncio.ensure_future(work)
        try:
            await asyncio.wait({task, halted}, return_when=asyncio.FIRST_COMPLETED)
            return task.result() if task.done() else None
        finally:
            if not task.done():
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
