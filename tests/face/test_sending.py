"""Sending: whatever a reply holds, Telegram accepts it, and the person reads what was meant."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.conversation.events import Event, Left, TextSaid
from bot.face.rendering import TEXT_UNITS, Spot, Text, inline_keyboard, render, split, units
from bot.replies import Button, Reply
from tests.bot_api import BotApi, Faults
from tests.bot_api.markup import parse_keyboard, parse_text
from tests.face.bots import EchoTurn, running

PIECES = st.sampled_from(
    [
        "a", "é", "😀", "👩‍👩‍👧", "שלום", "e\u0301", "&", "<b>", "</i>", "&lt;", "\n", "\n\n", "# ", " ", ". ", "\u200f", "\x00", "kreyòl",
    ]
)  # fmt: skip
TEXTS = st.lists(
    st.one_of(PIECES, st.text(max_size=40), st.integers(1, 4100).map(lambda n: "x" * n)), max_size=40
).map("".join)


@given(TEXTS)
@settings(max_examples=150, deadline=None)
def test_every_text_is_accepted(text: str) -> None:
    """Any text becomes messages inside the limits, that parse, and are never blank."""
    for message in render(Reply(text=text)):
        assert isinstance(message, Text)
        parse_text(message.html, "HTML")
        parse_text(message.plain, "")


@given(TEXTS)
@settings(max_examples=150, deadline=None)
def test_nothing_is_lost_by_splitting(text: str) -> None:
    """Parts together hold every visible character, in order."""
    together = "".join(split(text, 200))
    assert re.sub(r"\s", "", together) == re.sub(
        r"\s|(?<![^\n])[\u200b\u2060\ufeff\u00ad]+(?![^\n])", "", text
    ) or (set(re.sub(r"\s", "", text)) - set(re.sub(r"\s", "", together)) <= set("\u200b\u2060\ufeff\u00ad"))
    assert all(units(part) <= 200 for part in split(text, 200))


def test_paragraphs_stay_whole() -> None:
    """A long text is cut between paragraphs when it can be."""
    paragraphs = [f"{number} " + "palabra " * 120 for number in range(12)]
    parts = split("\n\n".join(paragraphs))
    assert len(parts) == 3
    assert all(re.match(r"\d+ palabra", part) for part in parts)
    assert all(units(part) <= TEXT_UNITS for part in parts)


def test_headings_are_bold_and_everything_is_escaped() -> None:
    """The only markup is ours."""
    [message] = render(Reply(text="# Título <1>\n<b>no</b> & sí"))
    assert isinstance(message, Text)
    assert message.html == "<b>Título &lt;1&gt;</b>\n&lt;b&gt;no&lt;/b&gt; &amp; sí"
    assert message.plain == "Título <1>\n<b>no</b> & sí"
    assert html.unescape(re.sub("</?b>", "", message.html)).startswith("Título <1>")


BUTTONS = st.builds(
    Button,
    label=st.text(max_size=60),
    data=st.text(max_size=40),
    url=st.one_of(
        st.none(), st.sampled_from(["https://example.org/a?b=c", "tel:+593", "http://", "javascript:x"])
    ),
    share_position=st.booleans(),
)


@given(st.lists(BUTTONS, max_size=130), st.integers(0, 4))
@settings(max_examples=100, deadline=None)
def test_every_keyboard_is_accepted(buttons: list[Button], columns: int) -> None:
    """Any buttons become a keyboard that Telegram takes; what it would refuse is left out."""
    keyboard = inline_keyboard(buttons, columns)
    if keyboard:
        parse_keyboard(json.dumps(keyboard))


def test_long_labels_stand_alone() -> None:
    """One button in a row, two when both are short."""
    labels = ["Sí", "No", "Un albergue para esta noche", "Salud", "Trabajo", "Papeles"]
    keyboard = inline_keyboard([Button(label, data="x") for label in labels])
    assert keyboard
    rows = [[key["text"] for key in row] for row in keyboard["inline_keyboard"]]
    assert rows == [["Sí", "No"], ["Un albergue para esta noche"], ["Salud", "Trabajo"], ["Papeles"]]


def test_places_become_points_on_the_map() -> None:
    """A venue with title and address, a location without, nothing without coordinates."""
    [spot] = render(Reply(kind="place", latitude=-0.2, longitude=-78.5, title="Oficina", address="Calle 1"))
    assert spot == Spot(-0.2, -78.5, "Oficina", "Calle 1")
    assert render(Reply(kind="place", latitude=None, longitude=None, title="x")) == []
    assert render(Reply(kind="place", latitude=95.0, longitude=0.0)) == []


async def converse(tmp_path: Path, replies: list[Reply], words: str = "") -> tuple[BotApi, list]:  # type: ignore[type-arg]
    turn = EchoTurn()
    turn.answer = lambda _: replies
    async with BotApi() as api, running(api, tmp_path, turn):
        person = api.person()
        await person.writes("hola")
        return api, await person.reads(words)


async def test_a_venue_and_the_question_where_one_is(tmp_path: Path) -> None:
    """Venue, location, and a keyboard that asks for the position arrive as such."""
    _, messages = await converse(
        tmp_path,
        [
            Reply(kind="place", latitude=-0.2, longitude=-78.5, title="Oficina", address="Calle 1"),
            Reply(kind="place", latitude=-0.2, longitude=-78.5),
            Reply(
                text="¿Dónde?", buttons=(Button("Quito", data="q"), Button("Mi lugar", share_position=True))
            ),
        ],
        "",
    )
    assert [message.kind for message in messages] == ["venue", "location", "text", "text"]
    assert messages[2].labels == ["Quito"]
    assert messages[3].markup["keyboard"][0][0] == {"text": "Mi lugar", "request_location": True}


async def test_presses_are_answered_at_once_also_old_and_forged_ones(tmp_path: Path) -> None:
    """The waiting sign stops, on a fresh button, on an old message and on data that nobody made."""
    async with BotApi() as api, running(api, tmp_path):
        person = api.person()
        await person.writes("hola")
        await person.reads()
        await person.presses("press me")
        await person.reads("button pressed")
        person.presses_data("forged", inaccessible=True)
        await person.reads("button forged")
        assert api.queries_answered == 2
        person.presses_data("too old")
        api.clock.advance(100)
        await person.reads("button too old")


async def test_who_blocked_the_bot_is_forgotten(tmp_path: Path) -> None:
    """403 ends in silence and in forgetting; so does the notice that the bot was blocked."""
    turn = EchoTurn()
    async with BotApi() as api, running(api, tmp_path, turn) as face:
        person = api.person()
        await person.writes("hola")
        person.blocked = True
        await person.waits_until_taken()
        assert face.counts.blocked == 1
        assert isinstance(turn.taken[-1][0], Left)
        await person.blocks()
        await person.waits_until_taken()
        assert sum(isinstance(event, Left) for event, _ in turn.taken) == 2
        await person.unblocks()
        await person.writes("otra vez")
        await person.reads("echo otra vez")


async def test_groups_hear_one_line_and_nothing_is_kept(tmp_path: Path) -> None:
    """In a group the bot says once that it answers in private; no turn runs."""
    turn = EchoTurn()
    async with BotApi() as api, running(api, tmp_path, turn):
        member = api.person(group=-1001234)
        await member.writes("hola")
        await member.reads()
        await member.writes("hola?")
        await member.waits_until_taken()
        assert len(member.visible) == 1
        assert not turn.taken


async def test_everything_else_gets_an_answer(tmp_path: Path) -> None:
    """Photos, voice, stickers, documents, contacts, positions; commands in every language."""
    file = {"file_id": "f", "file_unique_id": "u"}
    async with BotApi(flood=False) as api, running(api, tmp_path):
        person = api.person()
        await person.sends_photo()
        await person.reads("other photo")
        await person.sends_voice()
        await person.reads("other voice")
        person.sends(document=file)
        await person.reads("other document")
        person.sends(contact={"phone_number": "1", "first_name": "x"})
        await person.reads("other contact")
        person.sends(dice={"emoji": "🎲", "value": 3})
        await person.reads("other other")
        await person.shares_position(-0.22, -78.51)
        await person.reads("position -0.22 -78.51")
        await person.writes("/cidade São Paulo")
        await person.reads("command cidade São Paulo")
        await person.writes("/start@orienta_test_bot q7")
        await person.reads("command start q7")
        person.sends(pinned_message={"message_id": 1, "date": 0, "chat": person.chat})
        await person.waits_until_taken()
        assert person.unread == []


async def test_the_chat_is_erased(tmp_path: Path) -> None:
    """Safe exit removes both sides of the chat that this process saw, and leaves one neutral line."""
    turn = EchoTurn()

    def answer(event: Event) -> list[Reply]:
        if isinstance(event, TextSaid) and event.text == "borrar":
            return [Reply(text="Listo.", erase=True)]
        return [Reply(text="secreto")]

    turn.answer = answer
    async with BotApi(flood=False) as api, running(api, tmp_path, turn):
        person = api.person()
        for _ in range(70):
            await person.writes("algo")
        await person.reads("secreto", within=30)
        await person.writes("borrar")
        await person.reads("Listo")
        left = [message for message in api.messages(person.chat_id) if not message.deleted]
        assert [message.text for message in left] == ["Listo."]


async def test_commands_are_set_and_a_failure_does_not_matter(tmp_path: Path) -> None:
    """Each language gets its commands; without them the bot answers all the same."""
    async with BotApi() as api:
        async with running(api, tmp_path):
            await api.until(lambda: len(api.commands) == 6)
            assert [each["command"] for each in api.commands["pt"]] == [
                "start", "menu", "cidade", "idioma", "privacidade", "apagar", "ajuda",
            ]  # fmt: skip
        del api.methods.known["setMyCommands"]
        async with running(api, tmp_path):
            person = api.person()
            await person.writes("hola")
            await person.reads("echo hola")


async def test_half_an_answer_is_not_asked_for_again(tmp_path: Path) -> None:
    """Telegram has sent the message though its answer breaks off: the person reads it once."""
    faults = Faults(
        half_answer=1.0, spare=frozenset({"getUpdates", "getMe", "deleteWebhook", "setMyCommands"})
    )
    async with BotApi(faults=faults) as api, running(api, tmp_path):
        person = api.person()
        await person.writes("hola")
        await person.reads("echo hola")
        await person.waits_until_taken()
        assert [message.text for message in person.visible] == ["echo hola"]
