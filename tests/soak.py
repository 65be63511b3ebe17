"""The long run of the kill test: a thousand `kill -9` over a hundred thousand updates. Not in CI; `make soak`.

`python -m tests.soak [kills]`; prints what was lost (none may be) and repeated, and how long it took.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

KILLS = 1000


def main() -> int:
    """Run the test of `tests/face/test_kills.py` with more kills, on the same yard of processes."""
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else KILLS
    begun = time.monotonic()
    test = ["tests/face/test_kills.py", "-k", "test_kill_minus_nine", "-q", "-s", "-p", "no:cacheprovider"]
    # The limit of one test is for one that hangs; this one takes about a second for each kill.
    command = [sys.executable, "-m", "pytest", *test, "-o", f"timeout={600 + kills * 10}"]
    environment = {**os.environ, "ORIENTA_TEST_KILLS": str(kills)}
    done = subprocess.run(command, env=environment, cwd=Path(__file__).parents[1], check=False)
    print(f"{kills} kills in {(time.monotonic() - begun) / 60:.1f} minutes")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
