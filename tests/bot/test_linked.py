"""Only who used a code is linked, the chat is unreadable without the key, and each link can be taken away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli.main import app
from bot.conversation.events import Caseworker
from bot.linked import Links
from console.migrations import upgrade as upgrade_console
from referrals.database import Sessions, connect
from referrals.migrations import upgrade

NOON = datetime(2026, 11, 27, 17, 0, tzinfo=UTC)
CHAT = 987654321012


@pytest.fixture
async def sessions(tmp_path: Path) -> AsyncIterator[Sessions]:
    """A migrated, empty directory."""
    url = f"sqlite+aiosqlite:///{tmp_path}/directory.sqlite3"
    await asyncio.to_thread(upgrade, url)
    await asyncio.to_thread(upgrade_console, url)
    made = Sessions(connect(url))
    yield made
    await made.close()


async def test_a_code_links_once_and_the_chat_is_not_on_disk(sessions: Sessions, tmp_path: Path) -> None:
    """
    The file holds the e-mail and no trace of the chat; another key knows nobody.
    """
    links = Links(sessions, b"k" * 32, lambda: NOON)
    code = await links.new_code(" Luz@Example.org", ["quito", "quito", "ecuador"])
    assert await links.who(CHAT) is None
    luz = Caseworker("luz@example.org", ("ecuador", "quito"))
    assert await links.link(code.lower(), CHAT) == luz
    assert await links.link(code, CHAT + 1) is None
    assert (await links.who(CHAT), await links.who(CHAT + 1)) == (luz, None)
    contents = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"luz@example.org" in contents
    assert str(CHAT).encode() not in contents
    assert CHAT.to_bytes(8, "big").lstrip(b"\0") not in contents
    assert await Links(sessions, b"other" * 8, lambda: NOON).who(CHAT) is None
    [listed] = await links.listed()
    assert (listed.email, listed.places) == ("luz@example.org", ("ecuador", "quito"))
    assert str(CHAT) not in repr(listed)


async def test_a_code_ends_after_a_day_and_a_new_one_ends_the_old(sessions: Sessions) -> None:
    """
    Also a link ends when its owner gets a new code, or is removed.
    """
    now = NOON
    links = Links(sessions, b"k" * 32, lambda: now)
    late = await links.new_code("luz@example.org", ["quito"])
    now = NOON + timedelta(days=1, seconds=1)
    assert await links.link(late, CHAT) is None
    first = await links.new_code("luz@example.org", ["quito"])
    second = await links.new_code("luz@example.org", ["quito"])
    assert await links.link(first, CHAT) is None
    assert await links.link(second, CHAT)
    assert await links.unlink("LUZ@example.org")
    assert not await links.unlink("luz@example.org")
    assert await links.who(CHAT) is None


def test_the_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    `accounts link`, `list`, `disable` and `unlink`; a wrong place is told; a disabled account has no linked chat.
    """
    monkeypatch.setenv("ORIENTA_DATA_DIR", str(tmp_path))
    runner = CliRunner()
    wrong = runner.invoke(app, ["accounts", "link", "luz@example.org", "--place", "atlantis"])
    assert wrong.exit_code == 1
    assert "quito" in wrong.output
    assert (
        "/vincular " in runner.invoke(app, ["accounts", "link", "luz@example.org", "--place", "quito"]).output
    )
    assert runner.invoke(app, ["accounts", "list"]).output.startswith("luz@example.org  quito  code until")
    assert runner.invoke(app, ["accounts", "unlink", "luz@example.org"]).exit_code == 0
    assert runner.invoke(app, ["accounts", "list"]).stdout == ""
    assert runner.invoke(app, ["accounts", "unlink", "luz@example.org"]).exit_code == 1
    add = ["accounts", "add", "luz@example.org", "--role", "caseworker", "--place", "quito"]
    assert runner.invoke(app, add).exit_code == 0
    runner.invoke(app, ["accounts", "link", "luz@example.org", "--place", "quito"])
    assert runner.invoke(app, ["accounts", "list"]).output.count("luz@example.org") == 2
    assert runner.invoke(app, ["accounts", "disable", "luz@example.org"]).exit_code == 0
    assert runner.invoke(app, ["accounts", "list"]).output.count("luz@example.org") == 1


def test_a_link_needs_no_place_when_the_account_has_some(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    The places and the role are the account's; without an account a place must be said; a disabled one is refused.
    """
    monkeypatch.setenv("ORIENTA_DATA_DIR", str(tmp_path / "new"))
    runner = CliRunner()
    nobody = runner.invoke(app, ["accounts", "link", "luz@example.org"])
    assert nobody.exit_code == 1
    assert "--place" in nobody.output
    for email, role in (("luz@example.org", "caseworker"), ("eva@example.org", "coordinator")):
        add = ["accounts", "add", email, "--role", role, "--place", "quito", "--place", "ecuador"]
        assert runner.invoke(app, add).exit_code == 0
        said = runner.invoke(app, ["accounts", "link", email])
        assert said.exit_code == 0, said.output
        assert f"The {role} writes to the bot" in said.output
    listed = runner.invoke(app, ["accounts", "list"]).output
    assert listed.count("ecuador, quito  code until") == 2
    narrower = runner.invoke(app, ["accounts", "link", "luz@example.org", "--place", "quito"])
    assert narrower.exit_code == 0
    assert "luz@example.org  quito  code until" in runner.invoke(app, ["accounts", "list"]).output
    runner.invoke(app, ["accounts", "disable", "luz@example.org"])
    assert "disabled" in runner.invoke(app, ["accounts", "link", "luz@example.org"]).output


def test_an_empty_list_of_accounts_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has an account and no chat is linked: the first step is named."""
    monkeypatch.setenv("ORIENTA_DATA_DIR", str(tmp_path))
    assert "orienta accounts add" in CliRunner().invoke(app, ["accounts", "list"]).stderr
