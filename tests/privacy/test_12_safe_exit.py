"""Attack 12, safe exit: after one tap the chat, the memory of it and the disk hold nothing."""

from __future__ import annotations

from pathlib import Path

from bot.conversation.events import Event, TextSaid
from bot.replies import Reply
from tests.bot_api import BotApi
from tests.face.bots import EchoTurn, running
from tests.privacy.conftest import hits
from tests.privacy.naive.build import safe_exit

SECRET = "Zqxsecret 4417"


async def test_one_tap_leaves_one_neutral_line(tmp_path: Path):
    """Both sides of the chat are deleted in few calls, one neutral line is left, and no file holds a word."""
    turn = EchoTurn()

    def answer(event: Event) -> list[Reply]:
        if isinstance(event, TextSaid) and event.text == "borrar":
            return [Reply(text="Listo.", erase=True)]
        return [Reply(text=f"sobre {SECRET}")]

    turn.answer = answer
    async with BotApi(flood=False) as api, running(api, tmp_path, turn):
        person = api.person()
        for _ in range(10):
            await person.writes(SECRET)
        await person.reads(SECRET, within=20)
        await person.writes("borrar")
        await person.reads("Listo")
        left = [message.text for message in api.messages(person.chat_id) if not message.deleted]
        assert left == ["Listo."]
    assert hits(tmp_path, [SECRET]) == set()


def test_the_naive_exit_forgets_to_forget():
    """Clearing the view alone leaves a line with what was said."""
    chats = {1: [f"sobre {SECRET}"] * 5}
    safe_exit(chats, 1)
    assert any(SECRET in line for line in chats[1])
