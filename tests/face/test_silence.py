"""No token, no text, no chat id in any log line, even at DEBUG and even when everything breaks."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from bot.conversation.events import Event, TextSaid
from bot.logs import set_up_logs
from tests.bot_api import BotApi, Faults
from tests.face.bots import EchoTurn, running

WORDS = "zanahoria violeta"
CHAT = 7_654_321_987


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """Everything that the process logs, at the lowest level."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    set_up_logs("DEBUG", stream=stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


async def test_nothing_private_is_logged(tmp_path: Path, lines: io.StringIO) -> None:
    """A bad line, a failing turn, a refused text, a broken update: the log tells what failed and nothing else."""
    turn = EchoTurn()

    async def fail(event: Event) -> None:
        if isinstance(event, TextSaid) and "poison" in event.text:
            raise RuntimeError(f"cannot read {event.text}")

    turn.before = fail
    faults = Faults(
        seed=1, reset_before=0.1, reset_after=0.1, half_answer=0.1, server_error=0.1, not_json=0.1
    )
    async with BotApi(flood=False, faults=faults) as api, running(api, tmp_path, turn):
        person = api.person(CHAT)
        for number in range(10):
            await person.writes(f"{WORDS} {number}")
        api.updates.add("message", {"message_id": "x", "text": WORDS, "chat": CHAT}, CHAT)
        await person.writes(f"{WORDS} poison")
        await person.writes(f"{WORDS} end")
        await person.reads("end", within=40)
    logged = lines.getvalue()
    assert "an update failed" in logged
    assert "receiving from telegram" in logged
    for private in (api.token, api.token.partition(":")[2], "zanahoria", str(CHAT)):
        assert private not in logged
