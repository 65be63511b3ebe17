"""A demand log as it is often built: rows with a salted hash, a time and a text; counters updated per event;
small cells starred beside exact margins. Kept so that every attack can show that it works."""

from __future__ import annotations

import hashlib
import sqlite3
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

SALT = b"a salt on the disk"
K = 10


class NaiveLog:
    """One row per message, one commit per row, a log file beside it."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "naive.sqlite3"
        self.log = folder / "naive.log"
        (folder / "salt").write_bytes(SALT)
        self.commits = 0
        self.database = sqlite3.connect(self.path)
        self.database.execute("PRAGMA journal_mode=WAL")
        self.database.execute("PRAGMA secure_delete=OFF")
        self.database.execute(
            "CREATE TABLE event (at TEXT, person TEXT, place TEXT, need TEXT, language TEXT, text TEXT)"
        )
        self.database.execute("CREATE TABLE chat (id INTEGER)")
        self.database.commit()

    def say(self, chat: int, at: str, place: str, need: str, language: str, text: str) -> None:
        person = hashlib.sha256(SALT + str(chat).encode()).hexdigest()
        self.database.execute(
            "INSERT INTO event VALUES (?,?,?,?,?,?)", (at, person, place, need, language, text)
        )
        self.database.execute("INSERT INTO chat VALUES (?)", (chat,))
        self.database.commit()
        self.commits += 1
        with self.log.open("a") as log:
            log.write(f"{at} update from {chat}: {text}\n")

    def forget_everything(self) -> None:
        self.database.execute("DELETE FROM event")
        self.database.commit()


def starred(
    counts: Mapping[tuple[str, str], int],
) -> tuple[dict[tuple[str, str], int | None], Counter, Counter]:
    """A cross table whose cells under ten are starred, with exact margins."""
    rows: Counter = Counter()
    columns: Counter = Counter()
    for (row, column), count in counts.items():
        rows[row] += count
        columns[column] += count
    return (
        {cell: (count if count == 0 or count >= K else None) for cell, count in counts.items()},
        rows,
        columns,
    )


def to_date(weeks: list[Mapping[str, int]]) -> list[dict[str, int]]:
    """ "Since launch" figures published every week, small ones left out."""
    whole: Counter = Counter()
    published = []
    for week in weeks:
        whole.update(week)
        published.append({need: count for need, count in whole.items() if count >= K})
    return published


def alternating(counts: Mapping[str, int], first: int) -> dict[str, int]:
    """Odd counts to even ones, up and down in turn: every run is within 1, and one count turns all that follow."""
    made, step = {}, first
    for code, count in counts.items():
        made[code] = count + (step if count % 2 else 0)
        step = -step if count % 2 else step
    return made


def safe_exit(chats: dict[int, list[str]], chat: int) -> None:
    """Clears what the person sees here, and forgets to forget."""
    chats[chat] = chats[chat][-1:]
