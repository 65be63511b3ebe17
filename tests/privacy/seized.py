"""The process that is seized: it counts the people named on its standard input and then waits."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from content.loading import load_library
from demand.database import connect
from demand.keeping import Keeper
from demand.ledger import Ledger
from demand.migrations import upgrade
from demand.outcomes import Happening, Outcome
from tests.privacy.conftest import MONDAY


def main(folder: Path) -> None:
    library = load_library()
    url = f"sqlite+aiosqlite:///{folder}/demand.sqlite3"
    upgrade(url)
    ledger = Ledger(library.places, library.taxonomy, MONDAY)
    keeper = Keeper(ledger, connect(url), library.places, library.taxonomy, MONDAY)
    for line in sys.stdin:
        ledger.count(Happening("quito", "work.job", Outcome.ANSWERED, "es"), line.strip().encode(), MONDAY)
    keeper.write(MONDAY)
    print("counted", flush=True)
    time.sleep(120)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
