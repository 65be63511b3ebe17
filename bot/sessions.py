"""What conversations remember for a day at most: in memory alone, forgotten on demand, never written down.

The key under which a memory lies is made with a secret of this process, so that not even a picture of the memory
lists who writes. Losing all of it costs comfort, not answers.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from weakref import WeakValueDictionary

from bot.conversation.memory import Memory

LIFETIME = timedelta(hours=24)
MOST = 50_000  # some 60 MB; beyond it the longest idle conversation is forgotten first


class Sessions:
    """Memories by person. `clock` tells the moment; nothing here asks the system for it."""

    def __init__(
        self, clock: Callable[[], datetime], lifetime: timedelta = LIFETIME, most: int = MOST
    ) -> None:
        self._clock, self._lifetime, self._most = clock, lifetime, most
        self._secret = secrets.token_bytes(32)
        self._kept: OrderedDict[bytes, tuple[datetime, Memory]] = OrderedDict()
        self._locks: WeakValueDictionary[bytes, asyncio.Lock] = WeakValueDictionary()

    def __len__(self) -> int:
        return len(self._kept)

    def remembered(self, person: bytes) -> Memory:
        """What is known of a conversation; a fresh memory when nothing is, or when it is too old."""
        self._drop_old()
        _, memory = self._kept.get(self._key(person), (None, Memory()))
        return memory

    def keep(self, person: bytes, memory: Memory) -> None:
        """Remember until a day has passed without a word."""
        key = self._key(person)
        self._kept[key] = (self._clock() + self._lifetime, memory)
        self._kept.move_to_end(key)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)

    def forget(self, person: bytes) -> None:
        """Forget at once; forgetting twice is no mistake."""
        self._kept.pop(self._key(person), None)

    def lock(self, person: bytes) -> asyncio.Lock:
        """One turn after the other for one person; different persons never wait for each other."""
        key = self._key(person)
        lock = self._locks.get(key)
        if lock is None:
            lock = self._locks[key] = asyncio.Lock()
        return lock

    def _key(self, person: bytes) -> bytes:
        return hashlib.blake2b(person, key=self._secret, digest_size=16).digest()

    def _drop_old(self) -> None:
        now = self._clock()
        while self._kept:
            key, (until, _) = next(iter(self._kept.items()))
            if until > now:
                return
            del self._kept[key]
