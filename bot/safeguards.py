"""What a process does first so that its memory stays memory: no core dumps, and a warning where swap is on.

Marks of askers and the words of a talk live in memory alone; a dump or a swap partition would write them to a disk.
Nothing here stops a start: people are answered, and the operator reads what to change.
"""

from __future__ import annotations

import resource
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


def swap_areas(swaps: Path = SWAPS) -> tuple[str, ...]:
    """The swap areas in use on a disk; swap in compressed memory (zram) is none. None where the system does not tell."""
    names = (line.split()[0] for line in _read(swaps).splitlines()[1:] if line.strip())
    return tuple(name for name in names if not name.startswith("/dev/zram"))


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8", errors="replace")
    except OSError:
        return ""
