"""Sends replies to a chat: in order, each message until it arrives or cannot.

Who blocked the bot is forgotten and left alone. A broken network is waited out; a message that Telegram refuses is
sent once more without markup. Nothing that is sent is logged.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter, TelegramError

from bot.face.bot import Bot
from bot.face.chats import Chats
from bot.face.rendering import Keyboard, Outgoing, Spot, Square, Text, render
from bot.face.tempo import Tempo
from bot.face.transport import BrokenOff
from bot.logs import get_log
from bot.replies import Reply
from content.wording import N_, wording

DELETED_AT_ONCE = 100
_log = get_log("bot.face.sending")
T = TypeVar("T")
_NO_PREVIEW = {"is_disabled": True}
_ASK_POSITION = N_("You can also share where you are. It is used once and not kept.")
# 400s that say: this chat is not there any more.
_GONE = ("chat not found", "user not found", "peer_id_invalid", "bot was kicked", "deactivated")


class Blocked(Exception):  # noqa: N818 (a fact about the person, not an error of ours)
    """The person blocked the bot or is gone."""


class NotSent(Exception):  # noqa: N818 (the caller decides whether it is an error)
    """A message could not be sent."""


@dataclass
class Counts:
    """What happened since the start, in numbers."""

    taken: int = 0
    repeated: int = 0
    failed: int = 0
    skipped: int = 0
    unreadable: int = 0
    set_aside: int = 0
    sent: int = 0
    refused: int = 0
    blocked: int = 0


class Sender:
    """Speaks to chats through one bot."""

    def __init__(self, bot: Bot, chats: Chats, tempo: Tempo, counts: Counts) -> None:
        self._bot = bot
        self._chats = chats
        self._tempo = tempo
        self._counts = counts
        self._last_success = float("-inf")

    async def send(self, chat: int, replies: list[Reply]) -> None:
        """Send everything; Blocked or NotSent when it cannot be."""
        for reply in replies:
            if reply.erase:
                await self.erase(chat)
            self._chats.speak(chat, reply.language)
            words = wording(reply.language)(_ASK_POSITION)
            for message in render(reply, words):
                await self._send(chat, message, urgent=reply.urgent)

    async def say(self, chat: int, text: str) -> None:
        """One plain sentence of the face itself, before everything that waits."""
        await self._send(chat, Text(html=text, plain=text), urgent=True)

    async def answer_press(self, query_id: str) -> None:
        """Stop the waiting sign on the button. Too old or known already is fine."""
        with contextlib.suppress(TelegramError):
            await self._bot.answer_callback_query(query_id, rate_limit_args=True)

    async def unsay(self, chat: int, message_id: int) -> None:
        """Delete one message of the person, which should not stay where it stands; once, and fine when it cannot be."""
        with contextlib.suppress(TelegramError):
            await self._bot.delete_message(chat, message_id, rate_limit_args=True)

    async def erase(self, chat: int) -> None:
        """Delete what can be deleted: the messages of the last 48 hours that this process saw."""
        ids = self._chats.take_messages(chat)
        for start in range(0, len(ids), DELETED_AT_ONCE):
            some = ids[start : start + DELETED_AT_ONCE]
            with contextlib.suppress(BadRequest, BrokenOff, NotSent):
                await self._until_it_works(
                    partial(self._bot.delete_messages, chat, some, rate_limit_args=True)
                )

    async def _send(self, chat: int, message: Outgoing, *, urgent: bool) -> None:
        sent: int | None
        try:
            sent = await self._number_of(partial(self._post, chat, message, urgent=urgent))
        except BadRequest as error:
            sent = await self._send_bare(chat, message, error, urgent=urgent)
        if sent is not None:
            self._counts.sent += 1
            self._chats.note(chat, sent)

    async def _send_bare(
        self, chat: int, message: Outgoing, error: BadRequest, *, urgent: bool
    ) -> int | None:
        """Once more without markup and buttons: words that arrive plainly help, words that never arrive do not."""
        if _says(error, _GONE):
            self._counts.blocked += 1
            raise Blocked from None
        if _says(error, ("message is not modified", "query is too old")):
            return None
        self._counts.refused += 1
        _log.error("telegram refused a message", error=type(error).__name__, kind=type(message).__name__)
        if not isinstance(message, Text):
            return None
        try:
            return await self._number_of(partial(self._post_text, chat, message.plain, urgent=urgent))
        except BadRequest:
            raise NotSent("refused twice") from None

    async def _post(self, chat: int, message: Outgoing, *, urgent: bool) -> int:
        if isinstance(message, Text):
            return await self._post_text(chat, message.html, message.keyboard, "HTML", urgent=urgent)
        if isinstance(message, Square):
            photo = await self._bot.send_photo(
                chat, message.png, caption=message.caption, rate_limit_args=urgent
            )
            return photo.message_id
        return await self._post_spot(chat, message, urgent=urgent)

    async def _post_text(
        self, chat: int, text: str, keyboard: Keyboard | None = None, mode: str = "", *, urgent: bool
    ) -> int:
        given: dict[str, Any] = {"chat_id": chat, "text": text, "link_preview_options": _NO_PREVIEW}
        if mode:
            given["parse_mode"] = mode
        if keyboard:
            given["reply_markup"] = keyboard
        return int((await self._bot.call("sendMessage", given, urgent=urgent))["message_id"])

    async def _post_spot(self, chat: int, spot: Spot, *, urgent: bool) -> int:
        given: dict[str, Any] = {"chat_id": chat, "latitude": spot.latitude, "longitude": spot.longitude}
        method = "sendLocation"
        if spot.title and spot.address:
            method = "sendVenue"
            given |= {"title": spot.title, "address": spot.address}
        return int((await self._bot.call(method, given, urgent=urgent))["message_id"])

    async def _number_of(self, call: Callable[[], Awaitable[int]]) -> int | None:
        """The number of the message that a call sent; None when its answer broke off before it."""
        try:
            return await self._until_it_works(call)
        except BrokenOff as done:
            # It is in the chat. Without its number erasing cannot reach it: better than to say everything twice.
            return done.message_id

    async def _until_it_works(self, call: Callable[[], Awaitable[T]]) -> T:
        """The result of a call. A network that fails is waited for; while other calls pass, only for a minute."""
        loop = asyncio.get_running_loop()
        started, pause = loop.time(), self._tempo.back_off_first
        while True:
            try:
                result = await call()
            except (Forbidden, ChatMigrated):
                self._counts.blocked += 1
                raise Blocked from None
            except (BadRequest, BrokenOff):
                raise
            except (NetworkError, RetryAfter, TelegramError) as error:
                if loop.time() - started > self._tempo.send and self._last_success > started:
                    raise NotSent(type(error).__name__) from None
                await asyncio.sleep(pause * random.uniform(0.5, 1))  # noqa: S311 (spreads retries, guards nothing)
                pause = min(pause * 2, self._tempo.back_off_most)
            else:
                self._last_success = loop.time()
                return result


def _says(error: TelegramError, words: tuple[str, ...]) -> bool:
    return any(word in error.message.casefold() for word in words)
