"""What a start says of secrets that lie in the open, or last for ever; and that it says nothing on a laptop."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from bot.secret_warnings import BESIDE_THE_DATA, IN_ENVIRONMENT, LASTS_FOR_EVER, warn_of_plain_secrets
from bot.settings import Settings
from tests.bot.started import started

TOKEN = "123456:" + "A" * 35
PASSWORD = "postgresql+psycopg://orienta:hunter2@127.0.0.1/directory"


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*(f"ORIENTA_{field.upper()}" for field in Settings.model_fields), "PGPASSWORD"):
        monkeypatch.delenv(name, raising=False)


def _said(settings: Settings) -> list[dict[str, object]]:
    """What the log holds, without its level."""
    with capture_logs() as logs:
        warn_of_plain_secrets(settings)
    assert {entry.pop("log_level") for entry in logs} <= {"warning"}
    assert "hunter2" not in str(logs)
    return [dict(entry) for entry in logs]


def test_secrets_in_the_environment_are_named_when_people_are_served(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    By their variable, in one line, and never by their value; of an address only where it holds a password.
    """
    monkeypatch.setenv("ORIENTA_TELEGRAM_TOKEN", TOKEN)
    monkeypatch.setenv("ORIENTA_SECRET_KEY", "hunter2" * 6)
    monkeypatch.setenv("ORIENTA_DATABASE_URL", PASSWORD)
    monkeypatch.setenv("ORIENTA_DEMAND_DATABASE_URL", "postgresql+psycopg://orienta@/demand")
    assert _said(Settings()) == [
        {"event": LASTS_FOR_EVER, "part": "directory"},
        {"event": IN_ENVIRONMENT,
         "where": "ORIENTA_DATABASE_URL, ORIENTA_TELEGRAM_TOKEN, ORIENTA_SECRET_KEY"},
    ]  # fmt: skip


def test_who_gives_them_as_files_reads_nothing() -> None:
    """
    Settings that hold the same values, from anywhere but the environment.
    """
    assert _said(Settings(telegram_token=SecretStr(TOKEN), secret_key=SecretStr("s" * 40))) == []


def test_a_key_beside_the_data_is_told_to_who_serves_people() -> None:
    """
    On a laptop, and with the Telegram of a test, it is as it should be.
    """
    assert _said(Settings(telegram_token=SecretStr(TOKEN))) == [{"event": BESIDE_THE_DATA}]
    here = Settings(telegram_token=SecretStr(TOKEN), telegram_api_url="http://127.0.0.1:8081")
    assert _said(here) == []
    assert _said(Settings()) == []


def test_the_output_of_a_start_is_as_ever(tmp_path: Path) -> None:
    """
    What is warned of goes to the log, and not among the lines that scripts read.
    """
    given = {"ORIENTA_DATA_DIR": str(tmp_path), "PGPASSWORD": "hunter2", "ORIENTA_SECRET_KEY": "s" * 40}
    with started(given) as process:
        assert [line.split()[0] for line in process.said] == ["chat", "console", "ready"]
