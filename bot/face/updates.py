"""What an update says, in our words. Pure: no network, nothing kept.

An update becomes a `Taken`: which chat, who, which event. What Telegram may send and nobody asked for becomes None.
"""

from __future__ import annotations

from dataclasses import dataclass

from telegram import CallbackQuery, ChatMemberUpdated, Message, Update

from bot.conversation.events import (
    ButtonPressed,
    CommandGiven,
    Event,
    Left,
    PositionShared,
    SomethingElse,
    SomethingElseSent,
    TextSaid,
)

ALLOWED = ("message", "callback_query", "my_chat_member")
# Longest text that is read; Telegram sends at most 4,096.
_LONGEST = 4096
_KINDS: tuple[tuple[str, SomethingElse], ...] = (
    ("photo", "photo"),
    ("voice", "voice"),
    ("audio", "voice"),
    ("video", "video"),
    ("video_note", "video"),
    ("animation", "video"),
    ("sticker", "sticker"),
    ("document", "document"),
    ("contact", "contact"),
    ("poll", "poll"),
)
# Notices that Telegram writes into a chat by itself: nobody said anything.
_NOTICES = (
    "message_auto_delete_timer_changed", "pinned_message", "chat_background_set", "forum_topic_created",
    "write_access_allowed", "boost_added", "connected_website", "new_chat_title", "new_chat_photo",
    "delete_chat_photo", "left_chat_member", "new_chat_members", "migrate_to_chat_id", "migrate_from_chat_id",
    "group_chat_created", "supergroup_chat_created", "channel_chat_created",
)  # fmt: skip


@dataclass(frozen=True)
class Taken:
    """One update: the chat it came from, the event, and what is needed to answer it."""

    chat: int
    private: bool
    event: Event | None  # None: a notice, or a group
    hint: str | None = None
    message_id: int | None = None
    query_id: str | None = None

    def __repr__(self) -> str:
        """No chat id in a traceback."""
        return f"Taken({self.event!r})"


def read_update(update: Update) -> Taken | None:
    """What this update says; None for a kind that we do not take."""
    if update.message is not None:
        return _read_message(update.message)
    if update.callback_query is not None:
        return _read_press(update.callback_query)
    if update.my_chat_member is not None:
        return _read_membership(update.my_chat_member)
    return None


def chat_of(update: Update) -> int:
    """The chat whose order this update belongs to; 0 when it has none."""
    taken = read_update(update)
    return taken.chat if taken else 0


def _read_message(message: Message) -> Taken:
    hint = message.from_user.language_code if message.from_user else None
    private = message.chat.type == "private"
    event = _event_of(message, hint) if private else None
    return Taken(message.chat.id, private, event, hint, message.message_id)


def _event_of(message: Message, hint: str | None) -> Event | None:
    if message.text is not None:
        return _said(message.text, hint)
    if message.location is not None:
        place = message.location
        return PositionShared(place.latitude, place.longitude, language_hint=hint)
    if any(getattr(message, notice, None) for notice in _NOTICES):
        return None
    kind: SomethingElse = next((ours for theirs, ours in _KINDS if getattr(message, theirs, None)), "other")
    return SomethingElseSent(kind, language_hint=hint)


def _said(text: str, hint: str | None) -> Event:
    if len(text) > _LONGEST:
        return SomethingElseSent("too_long", language_hint=hint)
    head, _, argument = text.partition(" ") if " " in text else text.partition("\n")
    name = head[1:].partition("@")[0]
    if text.startswith("/") and name.replace("_", "a").isalnum():
        return CommandGiven(name.casefold(), argument.strip(), language_hint=hint)
    return TextSaid(text, language_hint=hint)


def _read_press(query: CallbackQuery) -> Taken:
    # The message may be gone or too old to be shown ("inaccessible"); its chat is still named. Without any message
    # the button stood in an inline result, which we never make: the person's own chat is the only sensible place.
    chat = query.message.chat if query.message else None
    hint = query.from_user.language_code
    private = chat is None or chat.type == "private" or chat.id == query.from_user.id
    event: Event = (
        ButtonPressed(query.data, language_hint=hint)
        if query.data
        else SomethingElseSent("other", language_hint=hint)
    )
    return Taken(
        chat.id if chat else query.from_user.id, private, event if private else None, hint, None, query.id
    )


def _read_membership(change: ChatMemberUpdated) -> Taken:
    gone = change.new_chat_member.status in ("kicked", "left")
    private = change.chat.type == "private"
    return Taken(change.chat.id, private, Left() if gone else None, change.from_user.language_code)
