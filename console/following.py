"""The audit log for another system: rows as JSON lines, in their order, each once written before it is noted as sent.

Whoever changes the database later cannot change what has left, and the digests show it. Rows name those who work here,
never a person who asked, and nothing that anybody typed.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from console import audit
from console.audit import Entry, Wanted
from content.replacing import replaced
from referrals.database import Sessions

AT_ONCE = 500
LOOK_EVERY = 2.0


class MarkError(Exception):
    """The file that says how far the log was sent is not ours; the message names it."""


async def follow(
    sessions: Sessions, out: TextIO, mark: Path | None = None, *, once: bool = False,
    wait: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:  # fmt: skip
    """Write each row once, and those to come; `once`: those that are there. `mark` keeps how far, over a stop too."""
    last = _read(mark) if mark else 0
    while True:
        async with sessions.reading() as session:
            rows = await audit.entries(session, Wanted(oldest=True, after=last), AT_ONCE)
        for row in rows:
            out.write(line_of(row) + "\n")
        if rows:
            out.flush()
            last = rows[-1].id
            if mark:
                _write(mark, last)
        elif once:
            return
        else:
            await wait(LOOK_EVERY)


def line_of(entry: Entry) -> str:
    """A row as one line that programs read."""
    said = {
        "event": "audit", "id": entry.id, "timestamp": datetime.fromtimestamp(entry.at, UTC).isoformat(),
        "who": entry.who, "action": entry.action, "subject": entry.subject, "place": entry.place,
        "detail": json.loads(entry.detail), "previous": entry.previous, "digest": entry.digest,
    }  # fmt: skip
    return json.dumps(said, ensure_ascii=False)


def _read(mark: Path) -> int:
    try:
        text = mark.read_text("utf-8").strip()
    except FileNotFoundError:
        return 0
    if not text.isdigit():
        raise MarkError(f"{mark} does not hold the number of a row. Name another file, or delete this one.")
    return int(text)


def _write(mark: Path, last: int) -> None:
    with replaced(mark) as file:
        file.write(f"{last}\n".encode())
