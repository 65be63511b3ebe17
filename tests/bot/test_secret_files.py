"""Secrets out of files: each that a setting can be, told in a sentence when the file is not good, never repeated."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import Settings, WrongSettingsError, read_settings

RULES = (Path(__file__).resolve().parents[2] / "console" / "SECURITY.md").read_text("utf-8")
SECRETS = {
    "TELEGRAM_TOKEN": "123456:" + "A" * 35,
    "WEBHOOK_SECRET": "w" * 20,
    "SECRET_KEY": "s" * 40,
    "EARLIER_SECRET_KEYS": f"{'a' * 40}\n{'b' * 40}",
    "DATABASE_URL": "postgresql+psycopg://orienta:hunter2@127.0.0.1/directory",
    "DEMAND_DATABASE_URL": "postgresql+psycopg://orienta:hunter2@/demand",
}


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"ORIENTA_{name.upper()}", raising=False)
        monkeypatch.delenv(f"ORIENTA_{name.upper()}_FILE", raising=False)


def _value(name: str) -> str:
    value = getattr(read_settings(), name.lower())
    return value if isinstance(value, str) else value.get_secret_value()


@pytest.mark.parametrize("name", SECRETS)
def test_every_secret_can_come_from_a_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    """
    As systemd and Docker hand them over, with the line end that editors add.
    """
    file = tmp_path / name.lower()
    file.write_text(SECRETS[name] + "\n", "utf-8")
    monkeypatch.setenv(f"ORIENTA_{name}_FILE", str(file))
    assert _value(name) == SECRETS[name]


@pytest.mark.parametrize("name", SECRETS)
def test_every_secret_can_be_a_credential_of_systemd(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    """
    By the name that is documented, with nothing else set; a folder without it changes nothing.
    """
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert not getattr(read_settings(), name.lower())
    credential = name.lower().replace("_", "-")
    (tmp_path / credential).write_text(SECRETS[name] + "\n", "utf-8")
    assert _value(name) == SECRETS[name]
    assert f"`{credential}`" in RULES


def test_a_credential_that_is_named_as_a_file_too_is_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """
    As unit files of before name it; another file, or a value beside it, is a contradiction that is told.
    """
    (tmp_path / "secret-key").write_text("s" * 40, "utf-8")
    (tmp_path / "other").write_text("t" * 40, "utf-8")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    monkeypatch.setenv("ORIENTA_SECRET_KEY_FILE", f"{tmp_path}/secret-key")
    assert _value("SECRET_KEY") == "s" * 40
    monkeypatch.setenv("ORIENTA_SECRET_KEY_FILE", f"{tmp_path}/other")
    with pytest.raises(WrongSettingsError, match="ORIENTA_SECRET_KEY_FILE is set too"):
        read_settings()
    monkeypatch.delenv("ORIENTA_SECRET_KEY_FILE")
    monkeypatch.setenv("ORIENTA_SECRET_KEY", "u" * 40)
    with pytest.raises(WrongSettingsError, match=r"credential secret-key.*ORIENTA_SECRET_KEY is set too"):
        read_settings()


def test_every_setting_that_is_secret_is_among_them() -> None:
    """
    A new secret setting is tried here too.
    """
    secret = {
        name.upper()
        for name, field in Settings.model_fields.items()
        if "Secret" in str(field.annotation) or name.endswith("database_url")
    }
    assert secret == set(SECRETS)


def test_a_file_that_cannot_be_used_stops_the_start_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """
    Not there, empty, no text, or the value set too: each is named at once, and nothing that is secret.
    """
    files = {"SECRET_KEY": b"", "TELEGRAM_TOKEN": b"\xff\xfe\x00", "WEBHOOK_SECRET": b"w" * 20}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
        monkeypatch.setenv(f"ORIENTA_{name}_FILE", str(tmp_path / name))
    monkeypatch.setenv("ORIENTA_DATABASE_URL_FILE", str(tmp_path / "nowhere"))
    monkeypatch.setenv("ORIENTA_WEBHOOK_SECRET", "hunter2" * 3)
    with pytest.raises(WrongSettingsError) as told:
        read_settings()
    lines = sorted(str(told.value).splitlines())
    assert [line.split(":")[0] for line in lines] == [
        "ORIENTA_DATABASE_URL_FILE", "ORIENTA_SECRET_KEY_FILE", "ORIENTA_TELEGRAM_TOKEN_FILE",
        "ORIENTA_WEBHOOK_SECRET_FILE",
    ]  # fmt: skip
    for part in ("cannot be read", "is empty", "no text", "ORIENTA_WEBHOOK_SECRET is set too"):
        assert part in str(told.value)
    assert "hunter2" not in str(told.value)


def test_a_wrong_value_out_of_a_file_is_told_as_any_other(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """
    By the name of the setting, without the value.
    """
    (tmp_path / "key").write_text("hunter2", "utf-8")
    monkeypatch.setenv("ORIENTA_SECRET_KEY_FILE", str(tmp_path / "key"))
    with pytest.raises(WrongSettingsError, match="ORIENTA_SECRET_KEY: must have at least 32") as told:
        read_settings()
    assert "hunter2" not in str(told.value)
