"""The long runs, not in CI: a hundred thousand generated updates, then a thousand `kill -9` over as many. `make soak`.

`python -m tests.soak [kills] [updates]`; prints what was lost (none may be) and repeated, and how long it took. 0: none.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

KILLS, UPDATES = 1000, 100_000
TESTS = Path(__file__).parent


def run(test: str, name: str, seconds: float, **environment: str) -> int:
    """Run one test of the suite with larger numbers, on the limit of time that they need."""
    # The limit of one test in the suite is for one that hangs.
    options = ["-q", "-s", "-p", "no:cacheprovider", "-o", f"timeout={seconds:.0f}"]
    command = [sys.executable, "-m", "pytest", test, "-k", name, *options]
    begun = time.monotonic()
    code = subprocess.run(
        command, env={**os.environ, **environment}, cwd=TESTS.parent, check=False
    ).returncode
    print(f"{name}: {(time.monotonic() - begun) / 60:.1f} minutes")
    return code


def main(kills: int = KILLS, updates: int = UPDATES) -> int:
    """The tests of `tests/face` with more kills, and with more updates."""
    generated = "tests/face/test_updates.py", "test_no_update_breaks_anything"
    killed = "tests/face/test_kills.py", "test_kill_minus_nine"
    codes = [
        run(*generated, 600 + updates / 20, ORIENTA_TEST_UPDATES=str(updates)) if updates else 0,
        run(*killed, 600 + kills * 10, ORIENTA_TEST_KILLS=str(kills)) if kills else 0,
    ]
    return max(codes)


if __name__ == "__main__":
    sys.exit(main(*(int(number) for number in sys.argv[1:])))
