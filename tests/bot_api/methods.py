"""The methods of the Bot API that a messaging bot needs. An unknown method is a 404, as at Telegram."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from tests.bot_api.markup import Refused, bad, parse_keyboard, parse_text, units
from tests.bot_api.people import Message
from tests.bot_api.rules import (
    CALLBACK_ANSWER_CHARACTERS,
    COMMANDS,
    DELETE_IDS,
    DELETE_SECONDS,
    LONG_POLL_SECONDS,
    QUERY_SECONDS,
    UPDATES_PER_CALL,
)
from tests.bot_api.webhooks import Webhook

if TYPE_CHECKING:
    from tests.bot_api.standin import BotApi

Parameters = dict[str, str]
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}\Z")
_COMMAND = re.compile(r"[a-z0-9_]{1,32}\Z")


class Methods:
    """Answers calls for one bot."""

    def __init__(self, api: BotApi) -> None:
        self.api = api
        self._offset_before = -1
        self._started_before = float("-inf")
        self._waiting: asyncio.Future[str] | None = None
        self._next_conflict = 0.0
        self.known: dict[str, Callable[[Parameters], Awaitable[Any]]] = {
            method.__name__: method
            for method in (
                self.getMe, self.getUpdates, self.setWebhook, self.deleteWebhook, self.getWebhookInfo, self.sendMessage,
                self.sendVenue, self.sendPhoto, self.sendLocation, self.sendChatAction, self.editMessageText, self.editMessageReplyMarkup,
                self.deleteMessage, self.deleteMessages, self.answerCallbackQuery, self.setMyCommands, self.getMyCommands,
                self.deleteMyCommands, self.setMyDescription, self.setMyShortDescription,
            )
        }  # fmt: skip

    async def call(self, name: str, parameters: Parameters) -> Any:
        """The result of a method, or Refused."""
        method = {known.lower(): function for known, function in self.known.items()}.get(name.lower())
        if method is None:
            raise Refused(404, "Not Found")
        return await method(parameters)

    async def getMe(self, _: Parameters) -> Any:
        return self.api.me | {
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
        }

    # Receiving

    async def getUpdates(self, given: Parameters) -> Any:
        if self.api.webhook:
            await self._conflict(
                "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
            )
        offset = _integer(given, "offset", 0)
        limit = min(UPDATES_PER_CALL, max(1, _integer(given, "limit", UPDATES_PER_CALL)))
        timeout = min(LONG_POLL_SECONDS, max(0, _integer(given, "timeout", 0)))
        self._allow(given)
        now = self.api.clock.now()
        if offset == self._offset_before and timeout < 3 and now < self._started_before + 3:
            timeout = 3
        if offset == self._offset_before and now < self._started_before + 0.5:
            limit = 1
        self._offset_before, self._started_before = offset, now
        return self.api.updates.read(offset, limit) or await self._long_poll(offset, limit, timeout)

    async def _long_poll(self, offset: int, limit: int, timeout: float) -> list[dict[str, Any]]:
        if not timeout:
            return []
        self.abort_long_poll(
            "terminated by other getUpdates request; make sure that only one bot instance is running"
        )
        mine: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._waiting = mine
        end = asyncio.get_running_loop().time() + timeout
        try:
            return await self._until_something(mine, max(offset, 0), limit, end)
        finally:
            if self._waiting is mine:
                self._waiting = None

    async def _until_something(
        self, mine: asyncio.Future[str], offset: int, limit: int, end: float
    ) -> list[dict[str, Any]]:
        loop = asyncio.get_running_loop()
        while True:
            if mine.done():
                await self._conflict(mine.result())
            found = self.api.updates.read(offset, limit)
            if found or loop.time() >= end:
                return found
            waiter = asyncio.ensure_future(self.api.updates.change.wait())
            try:
                await asyncio.wait(
                    {waiter, mine}, timeout=end - loop.time(), return_when=asyncio.FIRST_COMPLETED
                )
            finally:
                waiter.cancel()

    def abort_long_poll(self, words: str) -> None:
        """End the call that waits, if there is one."""
        if self._waiting and not self._waiting.done():
            self._waiting.set_result(words)

    async def _conflict(self, words: str) -> None:
        self.api.conflicts += 1
        now = self.api.clock.now()
        if now >= self._next_conflict:
            self._next_conflict = now + 3
        else:
            await asyncio.sleep(3)
        raise Refused(409, f"Conflict: {words}")

    def _allow(self, given: Parameters) -> None:
        if "allowed_updates" in given:
            kinds = json.loads(given["allowed_updates"])
            self.api.allowed = set(kinds) or None

    async def setWebhook(self, given: Parameters) -> Any:
        url, secret = given.get("url", ""), given.get("secret_token", "")
        if url and not url.startswith("https://") and not self.api.plain_webhooks:
            raise bad("bad webhook: An HTTPS URL must be provided for webhook")
        if secret and not _SECRET.match(secret):
            raise bad("secret token contains unallowed characters")
        self._allow(given)
        if given.get("drop_pending_updates", "").lower() == "true":
            self.api.updates.clear()
            self.api.dropped_pending += 1
        await self._replace_webhook(
            Webhook(self.api, url, secret, _integer(given, "max_connections", 40)) if url else None
        )
        return True

    async def deleteWebhook(self, given: Parameters) -> Any:
        if given.get("drop_pending_updates", "").lower() == "true":
            self.api.updates.clear()
            self.api.dropped_pending += 1
        await self._replace_webhook(None)
        return True

    async def _replace_webhook(self, new: Webhook | None) -> None:
        self.abort_long_poll("terminated by setWebhook request")
        if self.api.webhook:
            await self.api.webhook.stop()
        self.api.webhook = new
        if new:
            new.start()

    async def getWebhookInfo(self, _: Parameters) -> Any:
        hook = self.api.webhook
        info = {
            "url": hook.url if hook else "",
            "has_custom_certificate": False,
            "pending_update_count": len(self.api.updates.waiting),
        }
        return info | (
            {"last_error_message": hook.last_error, "last_error_date": self.api.clock.date()}
            if hook and hook.last_error
            else {}
        )

    # Sending

    async def sendMessage(self, given: Parameters) -> Any:
        chat = self._may_send(given)
        parsed = parse_text(given.get("text", ""), given.get("parse_mode", ""))
        return self._sent(chat, given, text=parsed.text, raw=given.get("text", ""), kind="text")

    async def sendVenue(self, given: Parameters) -> Any:
        chat = self._may_send(given)
        place = _position(given)
        if not given.get("title", "").strip() or not given.get("address", "").strip():
            raise bad("venue title and address must be non-empty")
        venue = {"location": place, "title": given["title"], "address": given["address"]}
        return self._sent(
            chat, given, text=given["title"], kind="venue", fields={"venue": venue, "location": place}
        )

    async def sendLocation(self, given: Parameters) -> Any:
        chat = self._may_send(given)
        return self._sent(chat, given, text="", kind="location", fields={"location": _position(given)})

    async def sendPhoto(self, given: Parameters) -> Any:
        chat = self._may_send(given)
        if not given.get("photo", "").startswith("\x89PNG"):
            raise bad("wrong file identifier/HTTP URL specified")
        if units(given.get("caption", "")) > 1024:
            raise bad("message caption is too long")
        photo = [{"file_id": "f", "file_unique_id": "u", "width": 300, "height": 300}]
        fields = {"photo": photo, "caption": given.get("caption", "")}
        return self._sent(
            chat, given, text=given.get("caption", ""), kind="photo", raw=given["photo"], fields=fields
        )

    async def sendChatAction(self, given: Parameters) -> Any:
        self._may_send(given, counted=False)
        return True

    async def editMessageText(self, given: Parameters) -> Any:
        chat = self._may_send(given)
        message = self._mine(chat, given)
        parsed, markup = (
            parse_text(given.get("text", ""), given.get("parse_mode", "")),
            parse_keyboard(given.get("reply_markup")),
        )
        if (parsed.text, markup) == (message.text, message.markup):
            raise bad(
                "message is not modified: specified new message content and reply markup are exactly the same"
            )
        message.text, message.raw, message.markup = parsed.text, given.get("text", ""), markup
        return self.api.as_json(message)

    async def editMessageReplyMarkup(self, given: Parameters) -> Any:
        chat = self._may_send(given)
        message = self._mine(chat, given)
        markup = parse_keyboard(given.get("reply_markup"))
        if markup == message.markup:
            raise bad(
                "message is not modified: specified new message content and reply markup are exactly the same"
            )
        message.markup = markup
        return self.api.as_json(message)

    async def deleteMessage(self, given: Parameters) -> Any:
        chat = self._may_send(given, counted=False)
        if not self._delete(chat, _integer(given, "message_id", 0)):
            raise bad("message to delete not found")
        return True

    async def deleteMessages(self, given: Parameters) -> Any:
        chat = self._may_send(given, counted=False)
        ids = json.loads(given.get("message_ids", "[]"))
        if not 1 <= len(ids) <= DELETE_IDS:
            raise bad("wrong number of message identifiers")
        for message_id in ids:
            self._delete(chat, int(message_id))
        return True

    async def answerCallbackQuery(self, given: Parameters) -> Any:
        if len(given.get("text", "")) > CALLBACK_ANSWER_CHARACTERS:
            raise bad("MESSAGE_TOO_LONG")
        asked = self.api.queries.pop(given.get("callback_query_id", ""), None)
        if asked is None or self.api.clock.now() - asked > QUERY_SECONDS:
            raise bad("query is too old and response timeout expired or query ID is invalid")
        self.api.queries_answered += 1
        return True

    # The bot itself

    async def setMyCommands(self, given: Parameters) -> Any:
        commands = json.loads(given.get("commands", "[]"))
        if len(commands) > COMMANDS:
            raise bad("too many commands specified")
        for command in commands:
            if not _COMMAND.match(command.get("command", "")):
                raise bad("BOT_COMMAND_INVALID")
            if not 1 <= len(command.get("description", "")) <= 256:
                raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
        self.api.commands[given.get("language_code", "")] = commands
        return True

    async def getMyCommands(self, given: Parameters) -> Any:
        return self.api.commands.get(given.get("language_code", ""), [])

    async def deleteMyCommands(self, given: Parameters) -> Any:
        self.api.commands.pop(given.get("language_code", ""), None)
        return True

    async def setMyDescription(self, given: Parameters) -> Any:
        if units(given.get("description", "")) > 512:
            raise bad("bot description is too long")
        return True

    async def setMyShortDescription(self, given: Parameters) -> Any:
        if units(given.get("short_description", "")) > 120:
            raise bad("bot short description is too long")
        return True

    def _may_send(self, given: Parameters, *, counted: bool = True) -> int:
        chat = _integer(given, "chat_id", 0)
        person = self.api.chats.get(chat)
        if person is None:
            raise bad("chat not found")
        if any(person.blocked for person in person):
            raise Refused(403, "Forbidden: bot was blocked by the user")
        wait = self.api.flood.refuse(chat) if counted else 0
        if wait:
            raise Refused(429, f"Too Many Requests: retry after {wait}", wait)
        return chat

    def _sent(
        self,
        chat: int,
        given: Parameters,
        text: str,
        kind: str,
        raw: str = "",
        fields: dict[str, Any] | None = None,
    ) -> Any:
        markup = parse_keyboard(given.get("reply_markup"))
        message = self.api.new_message(
            chat, from_bot=True, text=text, kind=kind, fields=fields or {}, raw=raw, markup=markup
        )
        return self.api.as_json(message)

    def _mine(self, chat: int, given: Parameters) -> Message:
        message = self.api.find(chat, _integer(given, "message_id", 0))
        if message is None or message.deleted or not message.from_bot:
            raise bad("message to edit not found")
        return message

    def _delete(self, chat: int, message_id: int) -> bool:
        message = self.api.find(chat, message_id)
        if message is None or message.deleted or message.date < self.api.clock.date() - DELETE_SECONDS:
            return False
        message.deleted = True
        return True


def _integer(given: Parameters, name: str, default: int) -> int:
    try:
        return int(given.get(name, default))
    except ValueError:
        return default


def _position(given: Parameters) -> dict[str, float]:
    try:
        latitude, longitude = float(given["latitude"]), float(given["longitude"])
    except (KeyError, ValueError):
        raise bad("latitude and longitude must be given") from None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise bad("wrong latitude or longitude specified")
    return {"latitude": latitude, "longitude": longitude}
