"""What lives in memory alone stays there: no core dumps, and a word to the operator where swap is on."""

from __future__ import annotations

import resource
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.safeguards import (
    DUMPS_ARE_PIPED,
    OTHERS_CAN_READ,
    SWAP_IS_ON,
    keep_memory_off_the_disk,
    swap_areas,
    warn_of_open_folder,
)
from tests.bot.started import started

HEAD = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"


def _warnings(swaps: Path, pattern: Path) -> list[str]:
    """What is logged, run without losing this process's own limit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
    with pytest.MonkeyPatch.context() as patch, capture_logs() as logs:
        patch.setattr(resource, "setrlimit", lambda kind, limits: None)
        keep_memory_off_the_disk(swaps, pattern)
    assert resource.getrlimit(resource.RLIMIT_CORE) == (soft, hard)
    return [entry["event"] for entry in logs]


def test_swap_on_a_disk_is_warned_of(tmp_path: Path) -> None:
    """A partition and a file are; no swap, compressed memory and a system that tells nothing are not."""
    swaps, pattern = tmp_path / "swaps", tmp_path / "core_pattern"
    pattern.write_text("core\n")
    swaps.write_text(HEAD + "/dev/sda2  partition 100 0 -2\n/swapfile  file 100 0 -3\n")
    assert swap_areas(swaps) == ("/dev/sda2", "/swapfile")
    assert _warnings(swaps, pattern) == [SWAP_IS_ON]
    swaps.write_text(HEAD + "/dev/zram0  partition 100 0 100\n")
    assert _warnings(swaps, pattern) == []
    swaps.write_text(HEAD)
    assert _warnings(swaps, pattern) == []
    assert _warnings(tmp_path / "absent", tmp_path / "absent") == []


def test_dumps_that_go_to_a_program_are_warned_of(tmp_path: Path) -> None:
    """A program gets a dump whatever the limit says; systemd's own keeps none of a process whose limit is zero."""
    swaps, pattern = tmp_path / "absent", tmp_path / "core_pattern"
    pattern.write_text("|/usr/share/apport/apport %p\n")
    assert _warnings(swaps, pattern) == [DUMPS_ARE_PIPED]
    pattern.write_text("|/usr/lib/systemd/systemd-coredump %P\n")
    assert _warnings(swaps, pattern) == []


def test_only_its_own_account_reads_the_data_folder(tmp_path: Path) -> None:
    """A folder that we make lets nobody else in; one that does is warned of, and one that does not is not."""
    folder = tmp_path / "var"
    with started({"ORIENTA_DATA_DIR": str(folder)}):
        assert folder.stat().st_mode & 0o777 == 0o700
    with capture_logs() as logs:
        warn_of_open_folder(folder)
        warn_of_open_folder(tmp_path / "not yet there")
        folder.chmod(0o755)
        warn_of_open_folder(folder)
    assert [entry["event"] for entry in logs] == [OTHERS_CAN_READ]


def test_a_serving_process_leaves_no_core(tmp_path: Path) -> None:
    """The running server's limit for core files is zero, and it cannot be raised again."""
    with started({"ORIENTA_DATA_DIR": str(tmp_path)}, "ulimit -S -c hard 2>/dev/null;") as process:
        limits = Path(f"/proc/{process.pid}/limits").read_text()
    (line,) = [line for line in limits.splitlines() if line.startswith("Max core file size")]
    assert line.split()[4:6] == ["0", "0"]
