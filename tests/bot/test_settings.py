"""Settings: defaults that work, wrong values that are told in a sentence, secrets that are not."""

from __future__ import annotations

import re
import stat
from pathlib import Path

import pytest

from bot.secret_keys import secret_key
from bot.settings import Settings, WrongSettingsError, as_markdown, read_settings


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"ORIENTA_{name.upper()}", raising=False)


def test_everything_has_a_default() -> None:
    """
    An empty environment is a working one.
    """
    settings = read_settings()
    assert settings.directory_database.endswith("/var/directory.sqlite3")
    assert settings.demand_database.endswith("/var/demand.sqlite3")


def test_settings_cannot_be_changed() -> None:
    """
    What was read at the start stays.
    """
    with pytest.raises(Exception, match="frozen"):
        read_settings().log_level = "DEBUG"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LOG_LEVEL", "loud"),
        ("CONTENT_DIR", "/nowhere"),
        ("TELEGRAM_MODE", "pigeon"),
        ("TELEGRAM_API_URL", "localhost:1"),
        ("DATABASE_URL", "mysql://root:hunter2@host/x"),
        ("TELEGRAM_TOKEN", "not-a-token"),
        ("SECRET_KEY", "short"),
        ("WEBHOOK_SECRET", "short"),
        ("PUBLIC_URL", "orienta.example.org"),
    ],
)
def test_a_wrong_value_is_told_with_name_value_and_what_is_allowed(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    """
    The sentence names the setting and what is allowed; what was given is repeated unless it may be a secret.
    """
    monkeypatch.setenv(f"ORIENTA_{name}", value)
    with pytest.raises(WrongSettingsError) as told:
        read_settings()
    sentence = str(told.value)
    assert sentence.startswith(f"ORIENTA_{name}: ")
    assert "Allowed: " in sentence
    secret = name in ("DATABASE_URL", "TELEGRAM_TOKEN", "SECRET_KEY", "WEBHOOK_SECRET")
    assert (repr(value) in sentence) is not secret
    assert "hunter2" not in sentence


def test_a_webhook_needs_an_address_and_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    A webhook that anybody could call is refused at the start.
    """
    monkeypatch.setenv("ORIENTA_TELEGRAM_MODE", "webhook")
    with pytest.raises(WrongSettingsError, match="ORIENTA_TELEGRAM_MODE: webhook needs ORIENTA_PUBLIC_URL"):
        read_settings()


def test_all_wrong_values_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Nobody has to start three times to find three mistakes.
    """
    monkeypatch.setenv("ORIENTA_LOG_LEVEL", "loud")
    monkeypatch.setenv("ORIENTA_PUBLIC_URL", "nowhere")
    with pytest.raises(WrongSettingsError) as told:
        read_settings()
    assert len(str(told.value).splitlines()) == 2


def test_the_secret_key_is_made_once_for_its_owner_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """
    Without a key one is made, kept with mode 0600, and found again; a key that is set is used.
    """
    monkeypatch.setenv("ORIENTA_DATA_DIR", str(tmp_path / "var"))
    first = secret_key(read_settings())
    kept = tmp_path / "var" / "secret.key"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert secret_key(read_settings()) == first
    assert len(first) >= 32
    monkeypatch.setenv("ORIENTA_SECRET_KEY", "s" * 40)
    assert secret_key(read_settings()) == b"s" * 40


def test_secrets_do_not_show_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    A printed settings object holds no token.
    """
    monkeypatch.setenv("ORIENTA_TELEGRAM_TOKEN", "123456:" + "A" * 35)
    assert "A" * 35 not in repr(read_settings())


def test_the_table_for_readme_names_every_setting() -> None:
    """
    One row for each setting, with a help text.
    """
    rows = re.findall(r"^\| `ORIENTA_(\w+)` \| .+ \| .{20,} \|$", as_markdown(), re.MULTILINE)
    assert [row.lower() for row in rows] == list(Settings.model_fields)
