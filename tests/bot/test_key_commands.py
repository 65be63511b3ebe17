"""`orienta key new`, `renew`, `forget`: the drill of exchanging the secret key, as SECURITY.md has it."""

from __future__ import annotations

import asyncio
import stat
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import select
from typer.testing import CliRunner

from bot.cli.main import app
from bot.linked import Links
from bot.secret_keys import SecretKeys, secret_keys
from bot.settings import Settings, WrongSettingsError, read_settings
from console import accounts, audit, second_factor
from console.keys import Keys
from console.tables import account
from console.tables import audit as audit_table
from referrals.database import Sessions, connect

CHAT = 987654321012


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"ORIENTA_{name.upper()}", raising=False)
    monkeypatch.setenv("ORIENTA_DATA_DIR", str(tmp_path))


def _now() -> datetime:
    return datetime.now(UTC)


def _run(*words: str) -> Result:
    return CliRunner().invoke(app, words)


def _with(work: Callable[[Sessions], Awaitable[None]]) -> None:
    async def run() -> None:
        sessions = Sessions(connect(read_settings().directory_database))
        try:
            await work(sessions)
        finally:
            await sessions.close()

    asyncio.run(run())


def _enrol() -> str:
    """An account with a second factor and a linked chat; the secret of the factor."""
    assert (
        _run("accounts", "add", "luz@example.org", "--role", "caseworker", "--place", "quito").exit_code == 0
    )
    keys, known = secret_keys(read_settings()), []

    async def enrol(sessions: Sessions) -> None:
        async with sessions.writing() as session:
            luz = await accounts.by_email(session, "luz@example.org")
            assert luz
            known.append(await second_factor.new_secret(session, Keys(keys.present), luz))
        links = Links(sessions, keys.present, _now)
        assert await links.link(await links.new_code("luz@example.org", ["quito"]), CHAT)

    _with(enrol)
    return known[0]


def _read_with(keys: SecretKeys, expected: str | None) -> None:
    """What is encrypted opens with these keys, or does not."""

    async def look(sessions: Sessions) -> None:
        async with sessions.reading() as session:
            hidden = (await session.execute(select(account.c.totp_secret))).scalar_one()
        assert Keys(keys.present, keys.earlier).cipher.show(hidden) == expected
        links = Links(sessions, keys.present, _now, earlier=keys.earlier)
        assert bool(await links.who(CHAT)) is (expected is not None)

    _with(look)


def test_the_secret_key_is_exchanged_and_nobody_notices(tmp_path: Path) -> None:
    """
    New, renewed, forgotten: second factor and linked chat open at each step, in the end with the new key alone.
    """
    secret, old = _enrol(), secret_keys(read_settings()).present
    assert _run("key", "new").exit_code == 0
    keys = secret_keys(read_settings())
    assert (keys.present != old, keys.earlier) == (True, (old,))
    for kept in ("secret.key", "secret.earlier.keys"):
        assert stat.S_IMODE((tmp_path / kept).stat().st_mode) == 0o600
    _read_with(keys, secret)
    early = _run("key", "forget", "--yes")
    assert (early.exit_code, "2 second factors and linked chats still need" in early.output) == (1, True)
    assert _run("key", "renew").output.startswith("2 second factors and linked chats were encrypted anew.")
    assert _run("key", "renew").output.startswith("0 ")
    _read_with(SecretKeys(keys.present), secret)
    _read_with(SecretKeys(old), None)
    assert _run("key", "forget").exit_code == 1  # nobody said yes
    assert secret_keys(read_settings()).earlier == (old,)
    assert _run("key", "forget", "--yes").exit_code == 0
    assert secret_keys(read_settings()) == SecretKeys(keys.present)
    _read_with(secret_keys(read_settings()), secret)
    _noted(["key.new", "key.renew", "key.forget"])


def _noted(actions: list[str]) -> None:
    async def look(sessions: Sessions) -> None:
        async with sessions.reading() as session:
            rows = (await session.execute(select(audit_table).order_by(audit_table.c.id))).mappings().all()
            assert await audit.first_broken(session) is None
        mine = [row for row in rows if row["action"].startswith("key.")]
        assert [row["action"] for row in mine] == actions
        assert {row["who"] for row in mine} == {audit.BY_HAND}

    _with(look)


def test_a_key_that_is_set_is_exchanged_where_it_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    `key new` says how; with the old one among the earlier keys everything is read and encrypted anew.
    """
    monkeypatch.setenv("ORIENTA_SECRET_KEY", "s" * 40)
    secret = _enrol()
    told = _run("key", "new")
    assert isinstance(told.exception, WrongSettingsError)
    assert "ORIENTA_EARLIER_SECRET_KEYS" in str(told.exception)
    monkeypatch.setenv("ORIENTA_SECRET_KEY", "n" * 40)
    missing = _run("key", "renew")
    assert (missing.exit_code, "2 are opened by none of the keys" in missing.output) == (1, True)
    monkeypatch.setenv("ORIENTA_EARLIER_SECRET_KEYS", f"{'x' * 40} {'s' * 40}")
    _read_with(secret_keys(read_settings()), secret)
    assert _run("key", "renew").exit_code == 0
    _read_with(SecretKeys(b"n" * 40), secret)
    said = _run("key", "forget", "--yes")
    assert (said.exit_code, "ORIENTA_EARLIER_SECRET_KEYS is still set" in said.output) == (0, True)


def test_two_exchanges_after_another_keep_both_keys() -> None:
    """
    Whoever is slow to renew loses nothing; one step renews what is under either.
    """
    secret, first = _enrol(), secret_keys(read_settings()).present
    _run("key", "new")
    second = secret_keys(read_settings()).present
    _run("key", "new")
    keys = secret_keys(read_settings())
    assert keys.earlier == (second, first)
    assert _run("key", "renew").output.startswith("2 ")
    _read_with(SecretKeys(keys.present), secret)


def test_no_key_shows_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Neither a printed object, nor a command, nor the sentence about an earlier key that is too short.
    """
    _enrol()
    present = secret_keys(read_settings()).present.decode()
    said = "".join(_run("key", *words).output for words in (["new"], ["renew"], ["forget", "--yes"]))
    assert present not in said + repr(secret_keys(read_settings()))
    assert secret_keys(read_settings()).present.decode() not in said
    monkeypatch.setenv("ORIENTA_EARLIER_SECRET_KEYS", "hunter2")
    with pytest.raises(WrongSettingsError, match="ORIENTA_EARLIER_SECRET_KEYS: each must have") as told:
        read_settings()
    assert "hunter2" not in str(told.value)
