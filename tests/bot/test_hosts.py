"""The console under a host of its own, through the whole running house."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from bot.settings import WrongSettingsError, read_settings
from tests.bot.started import started

CHAT, CONSOLE = "orienta.example.org", "console.example.org"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running process that knows both hosts."""
    settings = {
        "ORIENTA_DATA_DIR": str(tmp_path_factory.mktemp("hosts")),
        "ORIENTA_PUBLIC_URL": f"https://{CHAT}", "ORIENTA_CONSOLE_URL": f"https://{CONSOLE}",
    }  # fmt: skip
    with started(settings) as process:
        yield f"http://127.0.0.1:{process.port}"


@pytest.mark.parametrize(
    ("host", "path", "status"),
    [
        (CHAT, "/", 200),
        (CHAT, "/hsds/services", 200),
        (CHAT, "/console", 404),
        (CHAT, "/console/", 404),
        (CHAT, "/console/sign-in", 404),
        (CHAT, "/console/static/console.css", 404),
        (CONSOLE, "/console/sign-in", 200),
        (f"{CONSOLE.upper()}:443", "/console/sign-in", 200),
        (CONSOLE, "/", 307),
        (CONSOLE, "/hsds/services", 404),
        (CONSOLE, "/desk", 404),
        (CONSOLE, "/consolex", 404),
        (CONSOLE, "/healthz", 200),
        (CHAT, "/healthz", 200),
        ("127.0.0.1", "/", 200),
        ("localhost:8000", "/console/sign-in", 200),
        ("elsewhere.example.org", "/console/sign-in", 404),
    ],
)
def test_console_and_chat_answer_under_their_own_host_alone(
    house: str, host: str, path: str, status: int
) -> None:
    """
    Neither under the name of the other, in whatever letters; what operators watch under both.
    """
    answer = httpx.get(house + path, headers={"host": host, "x-forwarded-proto": "https"})
    assert answer.status_code == status
    if status == 307:
        assert answer.headers["location"] == "/console/"


def test_one_host_for_both_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Two settings that say the same host would separate nothing.
    """
    monkeypatch.setenv("ORIENTA_PUBLIC_URL", f"https://{CHAT}")
    monkeypatch.setenv("ORIENTA_CONSOLE_URL", f"https://{CHAT}/")
    with pytest.raises(WrongSettingsError, match="ORIENTA_CONSOLE_URL: must have another host"):
        read_settings()
