"""The command line: help at once, mistakes as sentences, every command of the contract."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli.main import app

ORIENTA = Path(sys.executable).with_name("orienta")
RUNNER = CliRunner()


def test_every_command_of_the_contract_is_there() -> None:
    """
    Each has a help text of its own.
    """
    contract = (
        "run", "chat", "understand", "train", "evaluate", "content check", "content new-place",
        "content new-language", "content export-place", "content adopt", "directory import", "directory export", "directory check", "demand close",
        "demand report", "demand audit", "demand open-data", "demand sentences", "accounts add", "accounts link", "accounts list", "accounts unlink", "directory reports", "db upgrade", "db backup", "db restore", "demo", "settings",
    )  # fmt: skip
    for command in contract:
        result = RUNNER.invoke(app, [*command.split(), "--help"])
        assert result.exit_code == 0, command
        assert "Usage" in result.output


def test_help_loads_no_room() -> None:
    """
    `--help` answers without loading the engine, a database or the Telegram library.
    """
    asked = "import sys; from bot.cli.main import app; print(sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout
    for heavy in ("numpy", "sqlalchemy", "telegram", "starlette", "content.loading", "pydantic"):
        assert f"'{heavy}'" not in loaded


def test_a_wrong_setting_stops_the_start_with_a_sentence(tmp_path: Path) -> None:
    """
    Exit code 1, the setting's name on standard error, and no traceback.
    """
    environment = {"ORIENTA_LOG_LEVEL": "loud", "ORIENTA_DATA_DIR": str(tmp_path), "PATH": "/usr/bin:/bin"}
    result = subprocess.run([ORIENTA, "run"], capture_output=True, text=True, env=environment, check=False)
    assert result.returncode == 1
    assert result.stderr.startswith("ORIENTA_LOG_LEVEL: ")
    assert "Traceback" not in result.stderr


def test_a_wrong_port_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    PORT must be a port.
    """
    monkeypatch.setenv("PORT", "eighty")
    from bot.cli import talk

    with pytest.raises(Exception, match="1"):
        talk._port()


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("evaluate missing.jsonl", "missing.jsonl: No such file or directory"),
        ("evaluate rubbish.jsonl", "rubbish.jsonl:1: expected a JSON object with `text` and `label`"),
        ("evaluate .", ".: Is a directory"),
        ("train one --out m.npz", "training needs sentences of at least two labels"),
        ("train one --out rubbish.jsonl", "rubbish.jsonl: stands there already and is no model"),
        ("directory export --format csv --out gone/d.csv", "gone/d.csv: No such file or directory"),
        ("evaluate deep.jsonl", "deep.jsonl:1: expected a JSON object"),
        ("demand report --out gone/d.txt", "gone/d.txt: No such file or directory"),
        ("content export-place quito --out gone/q.zip", "gone/q.zip: No such file or directory"),
    ],
)
def test_a_file_named_wrongly_is_a_sentence(tmp_path: Path, command: str, told: str) -> None:
    """
    Exit code 1 and one line with the name of the file and what is wrong with it; never a traceback.
    """
    (tmp_path / "rubbish.jsonl").write_text("rubbish\n")
    (tmp_path / "deep.jsonl").write_text("[" * 100_000)
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "nlu.yml").write_text("nlu:\n- intent: a\n  examples: |\n    - uno dos\n")
    environment = {"ORIENTA_DATA_DIR": str(tmp_path / "var"), "PATH": "/usr/bin:/bin"}
    result = subprocess.run(
        [ORIENTA, *command.split()],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
        cwd=tmp_path,
    )
    assert result.returncode == 1
    assert result.stderr.startswith(told)
    assert "Traceback" not in result.stderr
    assert (tmp_path / "rubbish.jsonl").read_text() == "rubbish\n"


@pytest.mark.parametrize(
    ("setting", "command"),
    [
        ("ORIENTA_DATABASE_URL=sqlite+aiosqlite:////gone/d.sqlite3", "directory reports"),
        ("ORIENTA_DEMAND_DATABASE_URL=sqlite+aiosqlite:////gone/d.sqlite3", "demand report"),
        ("ORIENTA_DEMAND_DATABASE_URL=postgresql+psycopg://127.0.0.1:1/orienta", "demand close"),
    ],
)
def test_a_database_that_cannot_be_opened_is_a_sentence(tmp_path: Path, setting: str, command: str) -> None:
    """
    Exit code 1 and one line that says why; never a traceback.
    """
    name, _, value = setting.partition("=")
    environment = {"ORIENTA_DATA_DIR": str(tmp_path), name: value, "PATH": "/usr/bin:/bin"}
    result = subprocess.run(
        [ORIENTA, *command.split()], capture_output=True, text=True, env=environment, check=False
    )
    assert result.returncode == 1
    assert result.stderr.startswith("A database cannot be used: ")
    assert len(result.stderr.splitlines()) == 1


def test_a_report_that_failed_leaves_the_earlier_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    What stands in the file stays when a place is not known, or when no open data has been drawn yet.
    """
    monkeypatch.setenv("ORIENTA_DATA_DIR", str(tmp_path / "var"))
    (tmp_path / "earlier").write_text("figures")
    for command in ("report --place nowhere", "open-data"):
        told = CliRunner().invoke(app, ["demand", *command.split(), "--out", str(tmp_path / "earlier")])
        assert told.exit_code != 0
        assert (tmp_path / "earlier").read_text() == "figures"


def test_a_room_that_is_not_there_says_so() -> None:
    """
    A sentence and exit code 1, not a traceback.
    """
    import typer

    from bot.cli.shared import room

    with pytest.raises(typer.Exit):
        room("nobody.built_this")


def test_the_table_of_settings_is_printed() -> None:
    """
    README's table comes from here.
    """
    result = RUNNER.invoke(app, ["settings", "--markdown"])
    assert result.output.startswith("| Setting | Default |")


def test_a_fresh_installation_exports_its_seeds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first command after set-up may be an export: it holds every service, and importing it changes nothing."""
    monkeypatch.setenv("ORIENTA_DATA_DIR", str(tmp_path / "var"))
    out = tmp_path / "directory.csv"
    exported = CliRunner().invoke(app, ["directory", "export", "--format", "csv", "--out", str(out)])

    assert exported.exit_code == 0, exported.output
    assert len(out.read_text(encoding="utf-8-sig").splitlines()) > 150

    monkeypatch.setenv("ORIENTA_DATA_DIR", str(tmp_path / "elsewhere"))
    imported = CliRunner().invoke(app, ["directory", "import", str(out), "--dry-run"])

    assert imported.exit_code == 0, imported.output
    assert "new" not in imported.output or "0 new" in imported.output, imported.output


def test_an_invitation_leads_to_the_port_that_is_served_by_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The address printed for a new account opens on an installation started as README says."""
    monkeypatch.setenv("ORIENTA_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("PORT", raising=False)
    told = CliRunner().invoke(
        app, ["accounts", "add", "ana@example.org", "--role", "caseworker", "--place", "quito"]
    )

    assert told.exit_code == 0, told.output
    assert "http://127.0.0.1:8000/console/invitation\n" in told.output
