"""Whatever Telegram sends: nothing raises, and everybody who said something in private is answered."""

from __future__ import annotations

import asyncio
import os
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.conversation.events import CommandGiven, Left, PositionShared, SomethingElseSent, TextSaid
from bot.face.chats import Chats
from bot.face.handling import Handler
from bot.face.ledger import Ledger
from bot.face.rendering import render
from bot.face.sending import Counts
from bot.face.updates import read_update
from bot.replies import Reply
from tests.face.bots import FREE, EchoTurn

EXAMPLES = int(os.environ.get("ORIENTA_TEST_UPDATES", "1500"))  # `make soak` raises it to 100,000
FILE = {"file_id": "f", "file_unique_id": "u"}
KINDS_OF_FILES: dict[str, Any] = {"photo": [FILE], "document": FILE, "voice": FILE, "video": FILE}
TEXT = st.one_of(
    st.text(max_size=200), st.sampled_from(["/", "/start", "/menu@bot x", "//", "/ñ", "\u202e", "é" * 4097])
)
KINDS: dict[str, st.SearchStrategy[Any]] = {
    "text": TEXT,
    "location": st.fixed_dictionaries({"latitude": st.floats(-90, 90), "longitude": st.floats(-180, 180)}),
    "photo": st.just([FILE | {"width": 1, "height": 1}]),
    "voice": st.just(FILE | {"duration": 1}),
    "sticker": st.just(
        FILE | {"width": 1, "height": 1, "is_animated": False, "is_video": False, "type": "regular"}
    ),
    "document": st.just(FILE),
    "caption": TEXT,
    "media_group_id": st.sampled_from(["1", "2"]),
    "contact": st.just({"phone_number": "1", "first_name": "x"}),
    "dice": st.just({"emoji": "🎲", "value": 1}),
    "new_field_of_next_year": st.just({"a": [1]}),
    "pinned_message": st.just({"message_id": 1, "date": 0, "chat": {"id": 5, "type": "private"}}),
    "left_chat_member": st.just({"id": 7, "is_bot": False, "first_name": "x"}),
}
CHATS = st.sampled_from(
    [(5, "private"), (6, "private"), (-7, "group"), (-1008, "supergroup"), (-1009, "channel")]
)


@st.composite
def updates(draw: st.DrawFn) -> dict[str, Any]:
    """An update as Telegram might send it, now or next year."""
    chat_id, kind = draw(CHATS)
    chat = {"id": chat_id, "type": kind}
    user = {"id": abs(chat_id), "is_bot": False, "first_name": draw(st.text(max_size=5))}
    if draw(st.booleans()):
        user["language_code"] = draw(st.sampled_from(["es", "pt-br", "en", "xx", "", "zh-hans"]))
    form = draw(
        st.sampled_from(["message", "callback_query", "my_chat_member", "edited_message", "poll_next_year"])
    )
    message: dict[str, Any] = {
        "message_id": 3,
        "date": draw(st.sampled_from([0, 1, 2_000_000_000])),
        "chat": chat,
    }
    if draw(st.booleans()):
        message["from"] = user
    bodies: dict[str, Any] = {
        "message": message | draw(st.fixed_dictionaries({}, optional=KINDS)),
        "edited_message": message | draw(st.fixed_dictionaries({}, optional=KINDS)),
        "callback_query": {"id": "1", "from": user, "chat_instance": "1"}
        | draw(
            st.fixed_dictionaries(
                {},
                optional={
                    "data": st.text(max_size=64),
                    "message": st.just(message),
                    "game_short_name": st.just("g"),
                },
            )
        ),
        "my_chat_member": {"chat": chat, "from": user, "date": 1}
        | {
            key: {"user": user, "status": status, "until_date": 0}
            for key, status in (
                ("old_chat_member", "left"),
                ("new_chat_member", draw(st.sampled_from(["left", "kicked"]))),
            )
        },
        "poll_next_year": {"x": 1},
    }
    return {"update_id": draw(st.integers(1, 2**31 - 1)), form: bodies[form]}


class Mouth:
    """Keeps what would be sent."""

    def __init__(self) -> None:
        self.said: list[int] = []

    async def send(self, chat: int, replies: list[Reply]) -> None:
        for reply in replies:
            self.said += [chat for _ in render(reply)]

    async def say(self, chat: int, text: str) -> None:
        self.said.append(chat)

    async def answer_press(self, query_id: str) -> None:
        assert query_id


@given(updates())
@settings(max_examples=EXAMPLES, deadline=None)
def test_no_update_breaks_anything(raw: dict[str, Any]) -> None:
    """Nothing raises; a private chat where something was said hears something; a group hears one line at most."""
    taken = read_update(raw)
    mouth, counts, turn = Mouth(), Counts(), EchoTurn()
    handler = Handler(turn, mouth, Ledger(None), Chats(), FREE, counts)  # type: ignore[arg-type]
    if taken:
        asyncio.run(handler.handle(taken))
    assert counts.failed == counts.unreadable == counts.skipped == 0
    if taken and taken.private and taken.event and not isinstance(taken.event, Left):
        assert set(mouth.said) <= {taken.chat}
        said = taken.event.text.strip() if isinstance(taken.event, TextSaid) else "x"
        assert mouth.said or not said
    elif taken and not taken.private:
        assert len(mouth.said) <= 1
        assert all(isinstance(event, Left) for event, _ in turn.taken)


def test_events_do_not_show_what_was_said() -> None:
    """A traceback that prints them shows no word and no position."""
    user = {"id": 5, "is_bot": False, "first_name": "x"}
    chat = {"id": 55_555, "type": "private"}
    for fields in (
        {"text": "secreto"},
        {"text": "/start secreto"},
        {"location": {"latitude": 1.25, "longitude": 2.25}},
    ):
        raw = {"update_id": 1, "message": {"message_id": 1, "date": 1, "chat": chat, "from": user} | fields}
        taken = read_update(raw)
        assert taken
        assert isinstance(taken.event, TextSaid | CommandGiven | PositionShared)
        assert not any(private in repr(taken) for private in ("secreto", "1.25", "55555"))


def told(message: dict[str, Any], form: str = "message") -> Any:
    """What a message in a private chat says, as the turn would hear it."""
    whole = {"message_id": 1, "date": 1, "chat": {"id": 5, "type": "private"}} | message
    taken = read_update({"update_id": 1, form: whole})
    return taken.event if taken else None


def test_words_below_a_picture_are_words() -> None:
    """
    Who sends a photo, a file or a voice note and writes below it has written; without words it is only named.
    """
    for kind, ours in (("photo", "photo"), ("document", "document"), ("voice", "voice"), ("video", "video")):
        assert told({kind: KINDS_OF_FILES[kind], "caption": "él me pegó"}) == TextSaid(
            "él me pegó", beside=ours
        )  # type: ignore[arg-type]
        assert told({kind: KINDS_OF_FILES[kind], "caption": " "}) == SomethingElseSent(ours)  # type: ignore[arg-type]


def test_changed_words_are_heard_and_a_position_that_moves_is_not() -> None:
    """
    An edited text is a question again; an edited position is a phone that walks, in a group nobody is answered twice.
    """
    assert told({"text": "albergue en quito"}, "edited_message") == TextSaid("albergue en quito")
    assert told({"location": {"latitude": 1, "longitude": 2}}, "edited_message") is None
    assert told({"photo": [FILE]}, "edited_message") is None
    assert told({"text": "x", "chat": {"id": -5, "type": "group"}}, "edited_message") is None


def test_notices_are_nobodys_words() -> None:
    """
    That a video chat began or somebody came near is written by Telegram: nobody is told that it cannot be read.
    """
    for notice in ("video_chat_started", "proximity_alert_triggered", "pinned_message"):
        assert told({notice: {}}) is None
