"""What the assistant did not understand, as words that at least ten different people used.

In memory only, and never from a turn about protection or danger. Numbers, addresses, names and words that the
content does not know are dropped before anything is kept; what fewer than ten people said dies with the week.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import threading
import unicodedata
from collections import Counter as Sums
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import pairwise

from sqlalchemy import Connection

from content.folding import without_accents
from content.places import Places
from demand.merging import K
from demand.phrases import Phrase, write_phrases
from demand.weeks import week_of

MESSAGES_PER_ASKER = 3
_WORD = re.compile(r"[^\W\d_]+", re.UNICODE)
_TELLING = re.compile(r"\S*[@\d/]\S*")
_KEPT = 20_000


def vocabulary(texts: Iterable[str]) -> Mapping[str, str]:
    """The words that may be kept, by their form without accents: those of the assistant's own texts, written small."""
    words = (word for text in texts for word in _WORD.findall(text) if word.islower() and len(word) > 2)
    return {without_accents(word): word for word in words}


@dataclass
class _OpenWeek:
    """Who said what in one week, as marks under a key that dies with it."""

    key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    said: dict[str, set[bytes]] = field(default_factory=dict, repr=False)
    messages: Sums[bytes] = field(default_factory=Sums, repr=False)

    def hear(self, phrases: Iterable[str], asker: bytes) -> None:
        mark = hmac.new(self.key, asker, hashlib.sha256).digest()[:8]
        self.messages[mark] += 1
        if self.messages[mark] > MESSAGES_PER_ASKER:
            return
        for phrase in phrases:
            if phrase in self.said or len(self.said) < _KEPT:
                self.said.setdefault(phrase, set()).add(mark)

    def common(self, week: date) -> list[Phrase]:
        kept = [(phrase, len(marks)) for phrase, marks in self.said.items() if len(marks) >= K]
        return sorted(
            (Phrase(week, phrase, count // K * K) for phrase, count in kept), key=lambda one: one.order
        )


class Wordings:
    """Words and two-word phrases of each open week by how many different people said them."""

    def __init__(self, known: Mapping[str, str], places: Places) -> None:
        self._known = known
        self._places = places
        self._open: dict[date, _OpenWeek] = {}
        self._ended: dict[date, list[Phrase]] = {}
        # Listening goes on in the event loop while the daily write runs in a thread.
        self._lock = threading.Lock()

    def hear(self, text: str, asker: bytes, moment: datetime) -> None:
        """Take the harmless words of a message that was not understood; the caller keeps sensitive turns away."""
        found = phrases(text, self._known)
        week = week_of(moment, self._places.all[0].time_zone)
        with self._lock:
            if week not in self._ended:
                self._open.setdefault(week, _OpenWeek()).hear(found, asker)

    def write(self, connection: Connection, moment: datetime) -> None:
        """Add what ten people said in the weeks that are over to the day's write; marks and keys end here."""
        with self._lock:
            for week in [week for week in self._open if self._is_over(week, moment)]:
                self._ended[week] = self._open.pop(week).common(week)
            ended = dict(self._ended)
        for week, common in ended.items():
            write_phrases(connection, week, common)

    def kept(self) -> None:
        """The write stands: nothing of an ended week is needed any more."""
        with self._lock:
            self._ended = {week: [] for week in self._ended}

    def _is_over(self, week: date, moment: datetime) -> bool:
        return all(week_of(moment, place.time_zone) > week for place in self._places.all)


def phrases(text: str, known: Mapping[str, str]) -> set[str]:
    """Known words, and known words side by side; names, numbers and addresses break a phrase."""
    plain = _TELLING.sub(" . ", unicodedata.normalize("NFC", text))
    found = re.findall(r"[^\W\d_]+|[^\w\s]", plain)
    words = [known.get(without_accents(word), "") if word.islower() else "" for word in found]
    pairs = {f"{one} {other}" for one, other in pairwise(words) if one and other}
    return {word for word in words if word} | pairs
