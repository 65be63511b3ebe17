"""Attack 10, seizure: the machine is stopped in the middle of a week and its disk copied."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from tests.privacy.conftest import IDS, hits
from tests.privacy.naive.build import NaiveLog
from tests.privacy.test_02_id_brute_force import _matches, _stored


def test_the_disk_of_a_stopped_machine_names_nobody(tmp_path: Path):
    """The copied disk holds coarse counts of the open week, and neither an id nor anything made from one."""
    (tmp_path / "live").mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.privacy.seized", str(tmp_path / "live")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
    try:
        assert process.stdin
        assert process.stdout
        process.stdin.write("\n".join(str(one) for one in IDS) + "\n")
        process.stdin.close()
        assert process.stdout.readline().strip() == "counted"
        os.kill(process.pid, signal.SIGSTOP)
        shutil.copytree(tmp_path / "live", tmp_path / "seized")
    finally:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()
    assert hits(tmp_path / "seized", IDS) == set()
    assert _matches(tmp_path / "seized") == 0
    assert b"work.job" in _stored(tmp_path / "seized" / "demand.sqlite3")


def test_the_naive_disk_is_a_list_of_people(tmp_path: Path):
    """The same look at the naive disk names everybody."""
    naive = NaiveLog(tmp_path)
    for chat in IDS:
        naive.say(chat, "2026-03-02", "quito", "work.job", "es", "hola")
    assert hits(tmp_path, IDS) == set(IDS)
    naive.database.close()
