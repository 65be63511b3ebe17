"""What the face must know of a chat while it runs. In memory only; gone when the process ends.

The numbers of recent messages, so that a chat can be erased; the language last spoken, for the few sentences of the
face itself; of the last few texts a keyed sum of two bytes, because Telegram also calls a message edited when no word of it changed.
Nothing a person wrote.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field

KEPT_SECONDS = 48 * 3600  # Telegram deletes nothing older
KEPT_PER_CHAT = 400
KEPT_CHATS = 20_000
KEPT_SUMS = 8
LANGUAGES = ("es", "pt", "en", "fr", "ht")


@dataclass
class _Chat:
    messages: deque[tuple[float, int]] = field(default_factory=lambda: deque(maxlen=KEPT_PER_CHAT))
    language: str | None = None
    sums: deque[bytes] = field(default_factory=lambda: deque(maxlen=KEPT_SUMS))
    album: str | None = None


class Chats:
    """Chats that were active lately."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._chats: OrderedDict[int, _Chat] = OrderedDict()
        self._key = secrets.token_bytes(32)
        self._groups: OrderedDict[int, float] = OrderedDict()

    def person(self, chat: int) -> bytes:
        """The opaque key of who is in a private chat, as long as this process runs."""
        return self._sum(str(chat), 16)

    def note(self, chat: int, message_id: int) -> None:
        """A message that erasing must reach."""
        self._of(chat).messages.append((self._clock(), message_id))

    def take_messages(self, chat: int) -> list[int]:
        """The messages of the last 48 hours, and forget them."""
        since = self._clock() - KEPT_SECONDS
        known = self._chats.get(chat, _Chat()).messages
        ids = [message_id for moment, message_id in known if moment > since]
        known.clear()
        return ids

    def is_said_before(self, chat: int, message_id: int, words: str) -> bool:
        """Whether this very message said these very words when it was last looked at; noted for the next look."""
        known = self._of(chat).sums
        # So short that it fits one in 65,536 texts: it tells a change, and proves to nobody what was said.
        now = self._sum(f"{message_id} {words}", 2)
        if now in known:
            return True
        known.append(now)
        return False

    def is_of_same_album(self, chat: int, album: str | None) -> bool:
        """Whether the last picture of this chat came in the same album."""
        known = self._of(chat)
        same = album is not None and album == known.album
        known.album = album
        return same

    def speak(self, chat: int, language: str) -> None:
        """This language was spoken last."""
        self._of(chat).language = language

    def language(self, chat: int, hint: str | None) -> str:
        """The language for the face's own sentences."""
        known = self._chats.get(chat)
        if known and known.language:
            return known.language
        spoken = (hint or "").split("-")[0].lower()
        return spoken if spoken in LANGUAGES else "es"

    def forget(self, chat: int) -> None:
        """Keep nothing of this chat."""
        self._chats.pop(chat, None)

    def may_tell_group(self, chat: int) -> bool:
        """Whether a group may be told to write in private: once an hour, so that nobody is disturbed."""
        now = self._clock()
        if now - self._groups.get(chat, float("-inf")) < 3600:
            return False
        self._groups[chat] = now
        while len(self._groups) > 1000:
            self._groups.popitem(last=False)
        return True

    def _sum(self, text: str, size: int) -> bytes:
        return hashlib.blake2b(text.encode(errors="replace"), key=self._key, digest_size=size).digest()

    def _of(self, chat: int) -> _Chat:
        known = self._chats.setdefault(chat, _Chat())
        self._chats.move_to_end(chat)
        while len(self._chats) > KEPT_CHATS:
            self._chats.popitem(last=False)
        return known
