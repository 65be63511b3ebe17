"""Open data: noise drawn once when a week closes, and a command that says what is missing."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from demand import commands
from demand.keeping import Keeper
from demand.ledger import Ledger
from demand.open_data import OpenDataError, mechanism, noise_if_installed, open_cells
from demand.outcomes import Happening, Outcome

MONDAY = datetime(2026, 3, 2, 15, tzinfo=UTC)
ORIENTA = Path(sys.executable).with_name("orienta")


def _export(url: str) -> str:
    out = io.StringIO()
    commands.open_data(url, out, io.StringIO())
    return out.getvalue()


def test_each_closed_week_leaves_noisy_figures_that_never_change(library, url, engine):
    """Every cell of the grid is there with its week, ε in the first line; a second export is the same, byte for byte."""
    ledger = Ledger(library.places, library.taxonomy, MONDAY)
    keeper = Keeper(ledger, engine, library.places, library.taxonomy, MONDAY, (), mechanism())
    for number in range(300):
        ledger.count(Happening("quito", "work.job", Outcome.ANSWERED, "es"), str(number).encode(), MONDAY)
    with pytest.raises(OpenDataError, match="No week has left open data yet"):
        _export(url)
    keeper.write(MONDAY + timedelta(days=8))
    text = _export(url)
    keeper.write(MONDAY + timedelta(days=9))
    assert _export(url) == text
    assert "epsilon = 1.0 per asker and week" in text.splitlines()[0]
    rows = list(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))
    assert [(row["place"], row["need"]) for row in rows] == sorted(
        open_cells(library.places, library.taxonomy)
    )
    assert {row["week"] for row in rows} == {"2026-03-02"}
    assert not any(row["need"].startswith("protection") for row in rows)
    (jobs,) = [int(row["askers"]) for row in rows if (row["place"], row["need"]) == ("quito", "work.job")]
    assert abs(jobs - 300) < 60
    assert any(int(row["askers"]) != 0 for row in rows if row["need"] != "work.job")


def test_without_the_library_nothing_is_drawn_and_a_sentence_says_why(library, url, monkeypatch):
    """The extra is optional: without it no figure is made, and the command names what to install."""
    monkeypatch.setitem(sys.modules, "opendp", None)
    assert noise_if_installed() is None
    with pytest.raises(OpenDataError, match="uv sync --extra dp"):
        _export(url)
    with pytest.raises(OpenDataError, match="uv sync --extra dp"):
        mechanism()


def test_the_command_leaves_no_file_when_there_is_nothing(tmp_path: Path):
    """`orienta demand open-data` ends with 1 and a sentence, and writes no empty file that could be published."""
    environment = {**os.environ, "ORIENTA_DATA_DIR": str(tmp_path)}
    target = tmp_path / "open.csv"
    result = subprocess.run(
        [ORIENTA, "demand", "open-data", "--out", target],
        capture_output=True, text=True, env=environment, check=False,
    )  # fmt: skip
    assert result.returncode == 1
    assert "No week has left open data yet" in result.stderr
    assert "Traceback" not in result.stderr
    assert not target.exists()
