"""The queue of updates of one bot: who confirms what, and what is too old."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass
from typing import Any

from tests.bot_api.clock import Clock
from tests.bot_api.rules import UPDATE_SECONDS


@dataclass
class Queued:
    """One update that waits."""

    update_id: int
    update: dict[str, Any]
    expires: float
    chat: int


class Updates:
    """Updates in order. They leave by a higher offset, by a webhook's 2xx, or by age."""

    def __init__(self, clock: Clock, seed: int = 0) -> None:
        self._clock = clock
        self.next_id = random.Random(seed).randrange(1_000_000, 900_000_000)
        self.waiting: list[Queued] = []
        self.expired: list[int] = []
        self.change = asyncio.Event()  # set by the next change, then replaced
        self._lives_of_chat: dict[int, set[int]] = {}

    def add(self, kind: str, body: dict[str, Any], chat: int, age: float = 0) -> int:
        """Queue an update; `age`: how long ago its message was written."""
        update_id = self.next_id
        self.next_id += 1
        update = {"update_id": update_id, kind: body}
        self.waiting.append(Queued(update_id, update, self._clock.now() + UPDATE_SECONDS - age, chat))
        self._lives_of_chat.setdefault(chat, set()).add(update_id)
        self.tell()
        return update_id

    def open_of(self, chat: int) -> int:
        """How many updates of this chat are not confirmed."""
        return len(self._lives_of_chat.get(chat, ()))

    def is_open(self, update_id: int) -> bool:
        """Whether this update still waits."""
        return any(queued.update_id == update_id for queued in self.waiting)

    def drop_old(self) -> None:
        """Forget what is older than a day."""
        old = [queued for queued in self.waiting if queued.expires <= self._clock.now()]
        self.expired += [queued.update_id for queued in old]
        self._forget(old)

    def read(self, offset: int, limit: int) -> list[dict[str, Any]]:
        """Confirm everything before `offset`, then show up to `limit` updates from there."""
        self.drop_old()
        if offset < 0:
            self._forget(self.waiting[:offset])
        elif 0 < offset <= self.next_id + 10:
            self._forget([queued for queued in self.waiting if queued.update_id < offset])
        return [queued.update for queued in self.waiting[:limit]]

    def confirm(self, update_id: int) -> None:
        """A webhook took this one."""
        self._forget([queued for queued in self.waiting if queued.update_id == update_id])

    def clear(self) -> None:
        """drop_pending_updates."""
        self._forget(list(self.waiting))

    def _forget(self, gone: list[Queued]) -> None:
        if not gone:
            return
        ids = {queued.update_id for queued in gone}
        self.waiting = [queued for queued in self.waiting if queued.update_id not in ids]
        for queued in gone:
            self._lives_of_chat[queued.chat].discard(queued.update_id)
        self.tell()

    def tell(self) -> None:
        """Wake everybody who waits for a change."""
        self.change, before = asyncio.Event(), self.change
        before.set()
