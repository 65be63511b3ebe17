"""What an update says, in our words. Pure: no network, nothing kept.

Words below a picture, a file or a voice note are words: who sends a photo of a wound and writes "he hit me" has told it.

An update becomes a `Taken`: which chat, who, which event. What Telegram may send and nobody asked for becomes None.
Read from the plain object: the library would build a dozen objects for the five values that matter here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

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

ALLOWED = ("message", "edited_message", "callback_query", "my_chat_member")
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
    "group_chat_created", "supergroup_chat_created", "channel_chat_created", "proximity_alert_triggered",
    "video_chat_scheduled", "video_chat_started", "video_chat_ended", "video_chat_participants_invited",
    "forum_topic_closed", "forum_topic_reopened", "forum_topic_edited", "giveaway_created", "chat_owner_changed",
    "chat_owner_left",
)  # fmt: skip


@dataclass(frozen=True)
class Taken:
    """One update: the chat it came from, the event, and what is needed to answer it."""

    update_id: int
    chat: int
    private: bool
    event: Event | None  # None: a notice, or a group
    hint: str | None = None
    message_id: int | None = None
    query_id: str | None = None
    album: str | None = None  # one of several pictures that were sent together
    edited: bool = False  # the new version of a message that came before
    notice: bool = False  # written by Telegram itself

    def __repr__(self) -> str:
        """No chat id in a traceback."""
        return f"Taken({self.event!r})"


def read_update(update: dict[str, Any]) -> Taken | None:
    """What this update says; None for a kind that we do not take. LookupError or TypeError: it is none of Telegram's."""
    for kind, read in (
        (ALLOWED[0], _read_message),
        (ALLOWED[1], _read_edit),
        (ALLOWED[2], _read_press),
        (ALLOWED[3], _read_membership),
    ):
        if kind in update:
            return read(update["update_id"], update[kind])
    return None


def _read_message(update_id: int, message: dict[str, Any]) -> Taken:
    hint = message["from"].get("language_code") if "from" in message else None
    chat, private = _chat(message)
    notice = any(known in message for known in _NOTICES)
    event = _event_of(message, hint) if private and not notice else None
    album = message.get("media_group_id")
    return Taken(update_id, chat, private, event, hint, message["message_id"], album=album, notice=notice)


def _read_edit(update_id: int, message: dict[str, Any]) -> Taken | None:
    """Words that were changed in a private chat. A position that moves on its own is none of our business, and nobody
    can take back a picture that we cannot see."""
    taken = _read_message(update_id, message)
    said = taken.private and isinstance(taken.event, TextSaid | CommandGiven)
    return replace(taken, edited=True) if said else None


def _chat(fields: dict[str, Any]) -> tuple[int, bool]:
    """Which chat, and whether it is a private one."""
    return fields["chat"]["id"], fields["chat"]["type"] == "private"


def _event_of(message: dict[str, Any], hint: str | None) -> Event | None:
    if "text" in message:
        return _said(message["text"], hint)
    if "location" in message:
        place = message["location"]
        return PositionShared(place["latitude"], place["longitude"], language_hint=hint)
    kind: SomethingElse = next((ours for theirs, ours in _KINDS if theirs in message), "other")
    words = message.get("caption", "")
    return (
        TextSaid(words, language_hint=hint, beside=kind)
        if words.strip()
        else SomethingElseSent(kind, language_hint=hint)
    )


def _said(text: str, hint: str | None) -> Event:
    if len(text) > _LONGEST:
        return SomethingElseSent("too_long", language_hint=hint)
    head, _, argument = text.partition(" ") if " " in text else text.partition("\n")
    name = head[1:].partition("@")[0]
    if text.startswith("/") and name.replace("_", "a").isalnum():
        return CommandGiven(name.casefold(), argument.strip(), language_hint=hint)
    return TextSaid(text, language_hint=hint)


def _read_press(update_id: int, query: dict[str, Any]) -> Taken:
    # The message may be gone or too old to be shown ("inaccessible"); its chat is still named. Without any message
    # the button stood in an inline result, which we never make: the person's own chat is the only sensible place.
    person = query["from"]["id"]
    chat, private = _chat(query["message"]) if "message" in query else (person, True)
    private = private or chat == person
    hint = query["from"].get("language_code")
    event: Event = (
        ButtonPressed(query["data"], language_hint=hint)
        if query.get("data")
        else SomethingElseSent("other", language_hint=hint)
    )
    return Taken(update_id, chat, private, event if private else None, hint, None, query["id"])


def _read_membership(update_id: int, change: dict[str, Any]) -> Taken:
    gone = change["new_chat_member"]["status"] in ("kicked", "left")
    chat, private = _chat(change)
    return Taken(update_id, chat, private, Left() if gone else None, change["from"].get("language_code"))
