"""Flood control: when Telegram says 429, and for how long."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field

from tests.bot_api.clock import Clock


@dataclass
class Flood:
    """Limits that can be turned off (`enabled`), pauses that can be ordered, and counts of who broke them."""

    clock: Clock
    enabled: bool = True
    per_second: int = 30
    chat_per_second: float = 1.0
    chat_burst: int = 4  # "short bursts" are allowed; how long is written nowhere
    group_per_minute: int = 20
    pause_seconds: int = 3
    refused: int = 0
    inside_pause: int = 0
    _all: deque[float] = field(default_factory=deque)
    _chats: dict[int, tuple[float, float]] = field(default_factory=dict)
    _groups: dict[int, deque[float]] = field(default_factory=dict)
    _paused_until: float = 0
    _chat_paused_until: dict[int, float] = field(default_factory=dict)

    def order_pause(self, seconds: float, chat: int | None = None) -> None:
        """From now on 429, for the whole bot or for one chat."""
        until = self.clock.now() + seconds
        if chat is None:
            self._paused_until = until
        else:
            self._chat_paused_until[chat] = until

    def refuse(self, chat: int) -> int:
        """0 when a message may go to this chat now; otherwise the retry_after in seconds."""
        now = self.clock.now()
        until = max(self._paused_until, self._chat_paused_until.get(chat, 0))
        if now < until:
            self.inside_pause += 1
            return max(1, math.ceil(until - now))
        if not self.enabled or (
            self._room(now) and self._room_in_chat(chat, now) and self._room_in_group(chat, now)
        ):
            return 0
        self.refused += 1
        self.order_pause(self.pause_seconds)
        return self.pause_seconds

    def _room(self, now: float) -> bool:
        while self._all and self._all[0] <= now - 1:
            self._all.popleft()
        self._all.append(now)
        return len(self._all) <= self.per_second

    def _room_in_chat(self, chat: int, now: float) -> bool:
        tokens, before = self._chats.get(chat, (float(self.chat_burst), now))
        tokens = min(self.chat_burst, tokens + (now - before) * self.chat_per_second)
        self._chats[chat] = (max(0.0, tokens - 1), now)
        return tokens >= 1

    def _room_in_group(self, chat: int, now: float) -> bool:
        if chat > 0:
            return True
        sent = self._groups.setdefault(chat, deque())
        while sent and sent[0] <= now - 60:
            sent.popleft()
        sent.append(now)
        return len(sent) <= self.group_per_minute
