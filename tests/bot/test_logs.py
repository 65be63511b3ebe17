"""Logs: a marked sentence and a token go in everywhere, and stand in no line, at the most talkative level."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import httpx
import pytest
import structlog

from bot.conversation.events import ButtonPressed, CommandGiven, TextSaid
from bot.logs import TALKATIVE, get_log, set_up_logs
from content.library import Library
from tests.bot.doubles import BrokenDirectory, BrokenEngine, talk, understood

MARK = "zanahoria-violeta-8841"
TOKEN = "123456789:AAHfiqksKZ8WmR2zSjiQ7_v4TMAKdiHm9T0"
SECRET = "a-webhook-secret-of-somebody"


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """Everything that is logged at DEBUG; the loggers are put back afterwards."""
    root = logging.getLogger()
    before = (root.handlers[:], root.level, {name: logging.getLogger(name).level for name in TALKATIVE})
    raising = logging.raiseExceptions
    stream = io.StringIO()
    set_up_logs("DEBUG", [SECRET], stream)
    yield stream
    root.handlers[:], root.level = before[0], before[1]
    for name, level in before[2].items():
        logging.getLogger(name).setLevel(level)
    logging.raiseExceptions = raising
    structlog.reset_defaults()


@pytest.mark.parametrize("broken", [False, True])
async def test_no_word_of_a_person_is_logged_by_a_turn(
    library: Library, lines: io.StringIO, broken: bool
) -> None:
    """
    Not when all is well, not when every part raises with the sentence in its message.
    """
    readings = {MARK: understood("basics.food", place="quito")}
    engine, directory = (BrokenEngine(), BrokenDirectory()) if broken else (None, None)
    person = talk(library, readings, interpreter=engine, directory=directory)
    await person.do(TextSaid(MARK))
    await person.do(CommandGiven("start", MARK))
    await person.do(CommandGiven(MARK))
    await person.do(ButtonPressed(MARK))
    written = lines.getvalue()
    assert written
    assert MARK not in written
    assert all(json.loads(line) for line in written.splitlines())


def test_fields_that_nobody_decided_on_are_dropped(lines: io.StringIO) -> None:
    """
    A careless line of our own code cannot leak: only known fields are written.
    """
    get_log("careless").info("something", text=MARK, chat_id=5, need="basics.food")
    assert MARK not in lines.getvalue()
    assert "chat_id" not in lines.getvalue()
    assert json.loads(lines.getvalue())["need"] == "basics.food"


def test_an_exception_is_told_without_its_message(lines: io.StringIO) -> None:
    """
    Type and place of an error, not what it quotes; from our loggers and from others.
    """
    try:
        raise ValueError(f"cannot parse {MARK}")
    except ValueError:
        get_log("ours").exception("failed")
        logging.getLogger("foreign").exception("failed with %s", MARK)
    written = lines.getvalue()
    assert written.count("ValueError at test_logs.py") == 2
    assert MARK not in written


def test_arguments_of_foreign_records_are_left_out(lines: io.StringIO) -> None:
    """
    Libraries log values as arguments; the sentence around them is enough.
    """
    logging.getLogger("foreign").warning("could not handle %s for %s", MARK, TOKEN)
    logging.getLogger("foreign").warning("%d wrong", MARK)
    assert "could not handle" in lines.getvalue()
    assert MARK not in lines.getvalue()


def test_tokens_and_secrets_are_cut_out_of_everything(lines: io.StringIO) -> None:
    """
    Whatever looks like a bot token, and every secret of the settings, is removed from any line.
    """
    get_log("ours").warning("calling", address=f"https://api.telegram.org/bot{TOKEN}/getMe", reason=SECRET)
    logging.getLogger("foreign").error(f"POST /bot{TOKEN}/sendMessage {SECRET}")
    assert TOKEN not in lines.getvalue()
    assert SECRET not in lines.getvalue()
    assert lines.getvalue().count("[removed]") >= 4


async def test_the_http_client_does_not_log_its_addresses(lines: io.StringIO) -> None:
    """
    httpx logs each address at INFO, with the token inside: held back whatever the level.
    """

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200)

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
        await client.post(f"https://api.telegram.org/bot{TOKEN}/sendMessage", json={"text": MARK})
    assert lines.getvalue() == ""


def test_every_talkative_library_is_held_at_warning(lines: io.StringIO) -> None:
    """
    Also at DEBUG.
    """
    assert all(logging.getLogger(name).level >= logging.WARNING for name in TALKATIVE)
