"""Attack 13, those who work here: what a seized disk and memory tell of caseworkers, and that it is of them alone."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.conversation.events import TextSaid
from bot.linked import Links
from bot.secret_keys import secret_key
from bot.settings import Settings
from bot.wiring import now, open_house
from console import accounts, audit
from console.in_chat import ChatProof
from console.keys import Keys
from console.migrations import upgrade as upgrade_console
from console.proof import Answer
from referrals.database import Sessions, connect
from referrals.migrations import upgrade
from tests.privacy.conftest import IDS, WORDS, hits
from tests.privacy.naive.build import NaiveLog
from tests.second_factors import account_with_app, code_now

LUZ = "luz.zqxcanary@example.org"
CHANGED = "zqxcanary-service"
CHAT = 7_918_273_645
KEY = "zqx-secret-key-that-an-operator-gives-from-outside"


async def _a_day(settings: Settings) -> None:
    """People ask, and a caseworker with an account links her chat."""
    async with open_house(settings) as house:
        assert house.links
        assert await house.links.link(await house.links.new_code(LUZ, ["quito"]), CHAT)
        for person, words in zip(IDS[:20], WORDS[:20], strict=True):
            await house.turn.take(TextSaid(f"{words} necesito trabajo en quito"), str(person).encode())
    sessions = Sessions(connect(settings.directory_database))
    async with sessions.writing() as session:
        await accounts.add(session, LUZ, "caseworker", ["quito"], "es", int(now().timestamp()))
        await audit.note(session, int(now().timestamp()), LUZ, "edit", CHANGED, "quito")
    await sessions.close()


@asynccontextmanager
async def _linked(folder: Path, key: bytes) -> AsyncIterator[tuple[Sessions, Links]]:
    """A directory in a folder, with the chat of one caseworker linked."""
    folder.mkdir(exist_ok=True)
    url = f"sqlite+aiosqlite:///{folder}/directory.sqlite3"
    await asyncio.to_thread(upgrade, url)
    await asyncio.to_thread(upgrade_console, url)
    sessions = Sessions(connect(url))
    links = Links(sessions, key, now)
    try:
        assert await links.link(await links.new_code(LUZ, ["quito"]), CHAT)
        yield sessions, links
    finally:
        await sessions.close()


async def test_the_disk_names_those_who_work_here_and_nobody_who_asks(tmp_path: Path) -> None:
    """Caseworkers' e-mail addresses and what they changed are on the disk; no chat of anybody, and nothing of those who asked."""
    await _a_day(Settings(data_dir=tmp_path / "live"))
    shutil.copytree(tmp_path / "live", tmp_path / "seized")
    assert hits(tmp_path / "seized", [LUZ, CHANGED]) == {LUZ, CHANGED}
    assert hits(tmp_path / "seized", [CHAT, *IDS, *WORDS]) == set()


async def test_a_linked_chat_opens_with_the_key_and_with_nothing_else(tmp_path: Path) -> None:
    """The disk alone opens no chat when the key was given from outside; a key that was made lies on it."""
    for folder, key in ((tmp_path / "given", KEY), (tmp_path / "made", None)):
        settings = Settings(data_dir=folder, secret_key=key)
        async with _linked(folder, secret_key(settings)) as (sessions, _):
            thief = Links(sessions, secret_key(Settings(data_dir=folder)), now)
            assert (await thief.who(CHAT) is None) is (key is not None)
            assert hits(folder, [CHAT, KEY]) == set()


async def test_a_code_that_a_caseworker_types_stands_nowhere(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Right or wrong, it is neither on the disk nor in the log; that somebody gave one is."""
    caplog.set_level("DEBUG")
    async with _linked(tmp_path, KEY.encode()) as (sessions, _):
        keys = Keys(KEY.encode())
        app = await account_with_app(sessions, keys, LUZ)
        proof = ChatProof(sessions, keys, now)
        wrong, right = "918273", await code_now(app)
        assert (await proof.give(LUZ, wrong)).answer == Answer.WRONG
        assert (await proof.give(LUZ, right)).answer == Answer.RIGHT
        assert repr(TextSaid(right)).count(right) == 0
    assert hits(tmp_path, [wrong, right]) == set()
    assert hits(tmp_path, ["sign_in.chat"]) == {"sign_in.chat"}
    assert not any(code in caplog.text for code in (wrong, right))


async def test_the_running_process_holds_linked_chats_as_they_are(tmp_path: Path) -> None:
    """To know a caseworker by their chat, memory holds it readable: this is said, not hidden."""
    async with _linked(tmp_path, KEY.encode()) as (_, links):
        await links.who(1)
        assert set(links._known) == {CHAT}


async def test_the_list_of_links_shows_no_chat(tmp_path: Path) -> None:
    """Whoever runs the installation reads addresses, roles, places and days."""
    async with _linked(tmp_path, KEY.encode()) as (_, links):
        [listed] = await links.listed()
        assert listed.email == LUZ
        assert set(vars(listed)) == {"email", "role", "places", "linked", "code_expires"}


def test_the_naive_disk_gives_the_chat_away(tmp_path: Path) -> None:
    """The same look at a disk that keeps chats as they are finds them."""
    naive = NaiveLog(tmp_path)
    naive.say(CHAT, "2026-03-02", "quito", "work.job", "es", "cerrado hoy")
    assert hits(tmp_path, [CHAT]) == {CHAT}
    naive.database.close()
