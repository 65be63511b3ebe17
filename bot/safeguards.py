"""What a process does first so that its memory stays memory and its folder its own: no core dumps, and a warning where
swap is on or other accounts can read the data folder.

Marks of askers and the words of a talk live in memory alone; a dump or a swap partition would write them to a disk.
Nothing here stops a start: people are answered, and the operator reads what to change.
"""

from __future__ import annotations

import resource
import stat
from pathlib import Path

from bot.logs import get_log

_log = get_log("safeguards")
SWAPS = Path("/proc/swaps")
CORE_PATTERN = Path("/proc/sys/kernel/core_pattern")
SWAP_IS_ON = (
    "swap is on: what lives in memory alone could reach a disk; turn it off (swapoff -a) or encrypt it"
)
DUMPS_ARE_PIPED = (
    "core dumps go to a program that may keep them whatever the limit: see /proc/sys/kernel/core_pattern"
)
OTHERS_CAN_READ = (
    "other accounts of this machine can read the data folder, where addresses of shelters are: chmod 700 it"
)
# Keeps nothing of a process whose limit is zero.
_OBEYS_THE_LIMIT = "systemd-coredump"


def keep_memory_off_the_disk(swaps: Path = SWAPS, core_pattern: Path = CORE_PATTERN) -> None:
    """Turn core dumps off for this process and its children, and say what an operator has to turn off."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    pattern = _read(core_pattern)
    if pattern.startswith("|") and _OBEYS_THE_LIMIT not in pattern:
        _log.warning(DUMPS_ARE_PIPED)
    areas = swap_areas(swaps)
    if areas:
        _log.warning(SWAP_IS_ON, count=len(areas))


def make_private(folder: Path) -> None:
    """The folder is there, and one that was not can be entered by the account of this process alone."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def warn_of_open_folder(data_dir: Path) -> None:
    """Say so where the data folder can be entered by others; one that we make cannot, from the first moment."""
    if data_dir.is_dir() and data_dir.stat().st_mode & stat.S_IXOTH:
        _log.warning(OTHERS_CAN_READ, folder=str(data_dir))


def swap_areas(swaps: Path = SWAPS) -> tuple[str, ...]:
    """The swap areas in use on a disk; swap in compressed memory (zram) is none. None where the system does not tell."""
    names = (line.split()[0] for line in _read(swaps).splitlines()[1:] if line.strip())
    return tuple(name for name in names if not name.startswith("/dev/zram"))


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8", errors="replace")
    except OSError:
        return ""
