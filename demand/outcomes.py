"""How a turn can end: a closed list, so that every miss has a reason that a city can act on.

Pure types. A happening holds codes alone; no text and nothing of the person fits into it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Outcome(StrEnum):
    """The one way in which a turn ended."""

    ANSWERED = "answered"
    NO_SERVICE = "answered_no_service"
    NO_CONTENT = "no_content"
    ELSEWHERE = "content_elsewhere"
    NOT_FOR_PERSON = "not_for_person"
    CLOSED = "closed_now"
    FULL = "full"
    NOT_UNDERSTOOD = "not_understood"
    OUT_OF_SCOPE = "out_of_scope"
    EMERGENCY = "emergency"
    FAILURE = "failure"


@dataclass(frozen=True)
class Happening:
    """One turn as far as it may be counted: codes of place, need and language, and the outcome."""

    place: str | None
    need: str | None
    outcome: Outcome
    language: str | None


class Listening(Protocol):
    """Counts the words of what was not understood."""

    def hear(self, text: str, asker: bytes, moment: datetime) -> None:
        """Take the harmless words of one message; nothing else of it is kept."""
        ...


class Counter(Protocol):
    """Counts what happened; the asker's bytes make an in-memory mark and are not kept."""

    def count(self, happening: Happening, asker: bytes, moment: datetime) -> None:
        """Count one happening of one asker at a moment (with time zone)."""
        ...
