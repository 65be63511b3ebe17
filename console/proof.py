"""What is said of the second factor of a linked chat, between who looks at it and who asks for it. Loads nothing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where a linked chat stands."""

    PROVEN = "proven"
    ASKED = "asked"  # a code is needed
    WITHOUT = "without"  # its account has no second factor, or there is none


class Answer(StrEnum):
    """What became of a code that was typed."""

    RIGHT = "right"
    WRONG = "wrong"
    USED = "used"
    LOCKED = "locked"  # the secret key was changed: no code can be right
    WAIT = "wait"
    WITHOUT = "without"


@dataclass(frozen=True)
class Given:
    """The answer to a code; `seconds` to wait until the next is looked at."""

    answer: Answer
    seconds: int = 0
