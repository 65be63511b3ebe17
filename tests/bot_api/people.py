"""A person at the other end: writes, presses, reads. What they see is what a client would show."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.bot_api.standin import BotApi


@dataclass
class Message:
    """A message in a chat, from the bot or to it."""

    message_id: int
    chat_id: int
    date: int
    from_bot: bool
    text: str = ""
    raw: str = ""  # as it was sent, before parsing
    markup: dict[str, Any] | None = None
    kind: str = "text"
    fields: dict[str, Any] = field(default_factory=dict)
    deleted: bool = False

    @property
    def buttons(self) -> list[dict[str, Any]]:
        """Every inline button, in reading order."""
        return [button for row in (self.markup or {}).get("inline_keyboard", ()) for button in row]

    @property
    def labels(self) -> list[str]:
        """The words on the inline buttons."""
        return [button["text"] for button in self.buttons]


class Person:
    """One account in its private chat with the bot (or in a group, with `group`)."""

    def __init__(
        self, api: BotApi, user_id: int, language: str | None = "es", group: int | None = None
    ) -> None:
        self.api = api
        self.user_id = user_id
        self.chat_id = group if group is not None else user_id
        self.language = language
        self.blocked = False
        self._read_up_to = 0

    @property
    def user(self) -> dict[str, Any]:
        """The person as Telegram's User."""
        user: dict[str, Any] = {"id": self.user_id, "is_bot": False, "first_name": "Persona"}
        return user | ({"language_code": self.language} if self.language else {})

    @property
    def chat(self) -> dict[str, Any]:
        """The chat as Telegram's Chat."""
        if self.chat_id < 0:
            return {"id": self.chat_id, "type": "supergroup", "title": "Grupo"}
        return {"id": self.chat_id, "type": "private", "first_name": "Persona"}

    async def writes(self, text: str, age: float = 0) -> int:
        """Send a text; a command is marked as one, as clients do. Returns the update's id."""
        fields: dict[str, Any] = {"text": text}
        if text.startswith("/"):
            length = len(text.split()[0])
            fields["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        return self.sends(age=age, **fields)

    def sends(self, age: float = 0, **fields: Any) -> int:
        """Send any kind of message: photo, voice, location, contact … as Telegram's fields."""
        message = self.api.new_message(
            self.chat_id, from_bot=False, text=str(fields.get("text", "")), fields=fields, age=age
        )
        body = {
            "message_id": message.message_id,
            "date": message.date,
            "chat": self.chat,
            "from": self.user,
            **fields,
        }
        return self.api.deliver("message", body, self.chat_id, age)

    def edits(self, **fields: Any) -> int:
        """Change the last message. With the words as they were it is what Telegram sends "at times" too: "changes to
        message fields that are either unavailable or not actively used by your bot" (docs: Update)."""
        own = [message for message in self.api.messages(self.chat_id) if not message.from_bot]
        message, now = own[-1], self.api.clock.date()
        message.text = str(fields.get("text", message.text))
        body = {"message_id": message.message_id, "date": message.date, "edit_date": now}
        body |= {"chat": self.chat, "from": self.user, **(message.fields | fields)}
        return self.api.deliver("edited_message", body, self.chat_id)

    async def sends_photo(self) -> int:
        """Send a picture without words."""
        return self.sends(photo=[{"file_id": "f", "file_unique_id": "u", "width": 90, "height": 90}])

    async def sends_voice(self) -> int:
        """Send a voice note."""
        return self.sends(voice={"file_id": "f", "file_unique_id": "u", "duration": 3})

    async def shares_position(self, latitude: float, longitude: float) -> int:
        """Share where they are."""
        return self.sends(location={"latitude": latitude, "longitude": longitude})

    async def presses(self, label: str, on: Message | None = None) -> int:
        """Press the newest button whose words contain `label` (on one message, if given)."""
        for message in [on] if on else reversed(self.visible):
            for button in message.buttons:
                if label.casefold() in button["text"].casefold():
                    assert "callback_data" in button, (
                        f"{button['text']!r} opens an address, it is not pressed"
                    )
                    return self.presses_data(button["callback_data"], message)
        raise AssertionError(
            f"no button with {label!r}; there are {[message.labels for message in self.visible]}"
        )

    def presses_data(self, data: str, on: Message | None = None, *, inaccessible: bool = False) -> int:
        """Press a button with this data, be it forged, old or on a message that is gone."""
        query_id = self.api.new_query()
        body: dict[str, Any] = {"id": query_id, "from": self.user, "chat_instance": "1", "data": data}
        message_id = on.message_id if on else 1
        if inaccessible or on is None or on.deleted:
            body["message"] = {"chat": self.chat, "message_id": message_id, "date": 0}
        else:
            body["message"] = {
                "chat": self.chat,
                "message_id": message_id,
                "date": on.date,
                "from": self.api.me,
                "text": on.text,
            }
        return self.api.deliver("callback_query", body, self.chat_id)

    async def blocks(self) -> int:
        """Block the bot."""
        return self._membership("kicked", blocked=True)

    async def unblocks(self) -> int:
        """Take the bot back."""
        return self._membership("member", blocked=False)

    def _membership(self, status: str, *, blocked: bool) -> int:
        self.blocked = blocked
        old = "member" if blocked else "kicked"
        body = {
            "chat": self.chat,
            "from": self.user,
            "date": self.api.clock.date(),
            "old_chat_member": self._member(old),
            "new_chat_member": self._member(status),
        }
        return self.api.deliver("my_chat_member", body, self.chat_id)

    def _member(self, status: str) -> dict[str, Any]:
        return {"user": self.api.me, "status": status} | ({"until_date": 0} if status == "kicked" else {})

    @property
    def visible(self) -> list[Message]:
        """The bot's messages that are still there, oldest first."""
        return [
            message for message in self.api.messages(self.chat_id) if message.from_bot and not message.deleted
        ]

    @property
    def unread(self) -> list[Message]:
        """What came since the last look."""
        return [message for message in self.visible if message.message_id > self._read_up_to]

    async def reads(self, words: str = "", within: float = 10) -> list[Message]:
        """Wait until the bot has taken everything this person sent and something new with `words` is there."""
        try:
            async with asyncio.timeout(within):
                await self.api.until(lambda: self._answered(words))
        except TimeoutError:
            raise AssertionError(
                f"nothing with {words!r} within {within} s; unread: {[m.text for m in self.unread]}"
            ) from None
        return self.has_read()

    def has_read(self) -> list[Message]:
        """Look at what is there now, without waiting."""
        new = self.unread
        self._read_up_to = max([self._read_up_to, *(message.message_id for message in new)])
        return new

    def _answered(self, words: str) -> bool:
        new = self.unread
        there = any(words.casefold() in message.text.casefold() for message in new) if words else bool(new)
        return there and not self.api.updates.open_of(self.chat_id)

    async def waits_until_taken(self, within: float = 10) -> None:
        """Wait until the bot has confirmed everything this person sent, answered or not."""
        async with asyncio.timeout(within):
            await self.api.until(lambda: not self.api.updates.open_of(self.chat_id))
