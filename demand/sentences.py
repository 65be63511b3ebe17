"""Sentences that people chose to send after seeing them: what the assistant did not understand, for those who improve it.

Held in memory until the day's one write, in random order, so that no time leads back to a chat; then kept for seven
days at most and deleted on decision. Text, language and day, and nothing else: no place, no chat, no count.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, select

from content.places import Place
from demand.redaction import MOST_CHARACTERS, worth_sending
from demand.tables import sent_sentence
from demand.weeks import write_day

DAYS_KEPT = 7
MOST_KEPT = 500
_FIRST_NUMBER, _NUMBERS = 100_000, 900_000


@dataclass(frozen=True)
class Sentence:
    """One that waits for a decision. `number` is random: it tells no order."""

    number: int
    text: str
    language: str
    day: date


class Sentences:
    """What was sent since the last write."""

    def __init__(self, places: Sequence[Place]) -> None:
        self._places = tuple(places)
        self._waiting: list[tuple[str, str]] = []
        self._written = 0
        # Sending goes on in the event loop while the daily write runs in a thread.
        self._lock = threading.Lock()

    def send(self, text: str, language: str) -> bool:
        """Take a redacted sentence; False when it is empty or too long, or when too many wait."""
        if len(text) > MOST_CHARACTERS or not worth_sending(text):
            return False
        with self._lock:
            if len(self._waiting) >= MOST_KEPT:
                return False
            self._waiting.append((text, language))
        return True

    def write(self, connection: Connection, moment: datetime) -> None:
        """Add what waits to the day's write and take out what is seven days old."""
        today = write_day(moment, self._places)
        delete_old(connection, today)
        with self._lock:
            waiting, self._written = list(self._waiting), len(self._waiting)
        secrets.SystemRandom().shuffle(waiting)
        taken = set(connection.execute(select(sent_sentence.c.number)).scalars())
        rows = []
        for text, language in waiting[: max(0, MOST_KEPT - len(taken))]:
            number = _free_number(taken)
            taken.add(number)
            rows.append({"number": number, "text": text, "language": language, "day": today})
        if rows:
            connection.execute(insert(sent_sentence), rows)

    def kept(self) -> None:
        """The write stands: memory lets go of what it wrote."""
        with self._lock:
            del self._waiting[: self._written]
            self._written = 0


def _free_number(taken: set[int]) -> int:
    number = _FIRST_NUMBER + secrets.randbelow(_NUMBERS)
    return number if number not in taken else _free_number(taken)


def delete_old(connection: Connection, today: date) -> int:
    """Delete what was kept for seven days; says how many there were."""
    old = sent_sentence.c.day <= today - timedelta(days=DAYS_KEPT)
    return connection.execute(delete(sent_sentence).where(old)).rowcount


def holds_old(connection: Connection, today: date) -> bool:
    """Whether something is kept that should be gone, because nothing ran on its day."""
    old = sent_sentence.c.day <= today - timedelta(days=DAYS_KEPT)
    return bool(connection.execute(select(func.count()).where(old)).scalar())


def open_sentences(connection: Connection, today: date) -> tuple[Sentence, ...]:
    """What waits for a decision, by its random number."""
    young = sent_sentence.c.day > today - timedelta(days=DAYS_KEPT)
    rows = connection.execute(select(sent_sentence).where(young).order_by(sent_sentence.c.number))
    return tuple(Sentence(row.number, row.text, row.language, row.day) for row in rows)


def take_out(connection: Connection, number: int) -> Sentence | None:
    """The sentence, deleted: a decision ends it, whichever it is. None when it waits no more."""
    row = connection.execute(select(sent_sentence).where(sent_sentence.c.number == number)).first()
    if row is None:
        return None
    connection.execute(delete(sent_sentence).where(sent_sentence.c.number == number))
    return Sentence(row.number, row.text, row.language, row.day)
