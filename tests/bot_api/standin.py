"""The stand-in as a whole: one bot, its chats, its queue, its server."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Callable
from types import TracebackType
from typing import Any, NamedTuple

from tests.bot_api.clock import Clock
from tests.bot_api.faults import Faults
from tests.bot_api.flood import Flood
from tests.bot_api.markup import Refused
from tests.bot_api.methods import Methods
from tests.bot_api.people import Message, Person
from tests.bot_api.server import Server
from tests.bot_api.updates import Updates
from tests.bot_api.webhooks import Webhook

TOKEN = "123456789:AAstand-in_stand-in_stand-in_stand-in"
_TOKEN_FORM = re.compile(r"\d+:[A-Za-z0-9_-]{30,}\Z")


class Call(NamedTuple):
    """One call that came in."""

    at: float
    method: str
    chat: int
    code: int


class BotApi:
    """One bot at Telegram. Use as `async with`."""

    def __init__(
        self, *, flood: bool = True, faults: Faults | None = None, port: int = 0, seed: int = 0
    ) -> None:
        self.clock = Clock()
        self.token = TOKEN
        self.me: dict[str, Any] = {
            "id": 123456789,
            "is_bot": True,
            "first_name": "Orienta",
            "username": "orienta_test_bot",
        }
        self.updates = Updates(self.clock, seed)
        self.flood = Flood(self.clock, enabled=flood)
        self.faults = faults or Faults()
        self.methods = Methods(self)
        self.webhook: Webhook | None = None
        self.plain_webhooks = True  # tests listen without TLS
        self.hurry = 1.0
        self.allowed: set[str] | None = None
        self.chats: dict[int, list[Person]] = {}
        self.commands: dict[str, list[dict[str, str]]] = {}
        self.queries: dict[str, float] = {}
        self.queries_answered = 0
        self.conflicts = 0
        self.dropped_pending = 0
        self.calls: list[Call] = []
        self.on_message: list[Callable[[Message], None]] = []
        self._messages: dict[int, list[Message]] = {}
        self._message_id = 0
        self._server = Server(self)
        self._port = port

    async def __aenter__(self) -> BotApi:
        self._port = await self._server.start(self._port)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.webhook:
            await self.webhook.stop()
        await self._server.stop()

    @property
    def url(self) -> str:
        """Base address, without /bot."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def connections(self) -> int:
        """Connections that are open, polls not counted."""
        return self._server.connections

    def person(
        self, user_id: int | None = None, *, language: str | None = "es", group: int | None = None
    ) -> Person:
        """Somebody new who may write to the bot."""
        person = Person(self, user_id or 5_000_000_000 + len(self.chats), language, group)
        self.chats.setdefault(person.chat_id, []).append(person)
        return person

    def deliver(self, kind: str, body: dict[str, Any], chat: int, age: float = 0) -> int:
        """Queue an update, unless the bot asked for other kinds only."""
        if self.allowed is not None and kind not in self.allowed:
            return 0
        return self.updates.add(kind, body, chat, age)

    def new_message(self, chat: int, *, from_bot: bool, text: str, fields: dict[str, Any], kind: str = "text", raw: str = "",
                    markup: dict[str, Any] | None = None, age: float = 0) -> Message:  # fmt: skip
        """Put a message into a chat."""
        self._message_id += 1
        message = Message(
            self._message_id, chat, self.clock.date() - int(age), from_bot, text, raw, markup, kind, fields
        )
        self._messages.setdefault(chat, []).append(message)
        if from_bot:
            for listener in self.on_message:
                listener(message)
            self.updates.tell()
        return message

    def new_query(self) -> str:
        """The id of a button press that waits for its answer."""
        query_id = str(4_000_000 + len(self.queries) + self.queries_answered)
        while query_id in self.queries:
            query_id += "1"
        self.queries[query_id] = self.clock.now()
        return query_id

    def messages(self, chat: int) -> list[Message]:
        """Everything in a chat, oldest first."""
        return self._messages.get(chat, [])

    def find(self, chat: int, message_id: int) -> Message | None:
        """One message."""
        return next((message for message in self.messages(chat) if message.message_id == message_id), None)

    def as_json(self, message: Message) -> dict[str, Any]:
        """A message as Telegram's Message."""
        chat = self.chats[message.chat_id][0].chat
        body: dict[str, Any] = {
            "message_id": message.message_id,
            "date": message.date,
            "chat": chat,
            "from": self.me,
        }
        return body | ({"text": message.text} if message.kind == "text" else {}) | message.fields

    def check_token(self, token: str) -> None:
        """Refuse whoever is not this bot."""
        if not _TOKEN_FORM.match(token):
            raise Refused(404, "Not Found")
        if token != self.token:
            raise Refused(401, "Unauthorized")

    def note(self, method: str, parameters: dict[str, str], code: int, at: float) -> None:
        """Remember a call."""
        chat = parameters.get("chat_id", "0")
        self.calls.append(Call(at, method, int(chat) if chat.lstrip("-").isdigit() else 0, code))

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait for something that an update or a message makes true."""
        while not holds():
            change = self.updates.change
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(change.wait(), 0.05)
