"""What one conversation knows between two turns, and where it stands.

Codes alone: no name, no position, and no sentence but one, already redacted, that its writer may send on. It is a
comfort, kept in memory for a day at most; every button and every question works without it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

Change = tuple[str, str, str]


class State(StrEnum):
    """Where a conversation stands."""

    NEW = "new"
    READY = "ready"
    ASKING_PLACE = "asking_place"
    CHOOSING = "choosing"
    ANSWERED = "answered"
    TELLING = "telling"


@dataclass(frozen=True)
class Held:
    """What a caseworker asked for and is done when their code is right: a step with its number and item, a change.

    `until` is the moment after which it is dropped.
    """

    email: str
    step: str
    number: int
    item: str
    change: Change | None
    until: datetime


@dataclass(frozen=True)
class Memory:
    """What is known. `pending` is a need asked before the place was known; `shown` are services named for `need`.

    `correcting` is a service and the field whose new value may come next. `change` is what a caseworker wrote and has
    not confirmed: service (empty: not known yet), kind, value; `held` waits for their code. Slips are numbers here, never codes. `guarded`: danger or
    a need of protection came up. `sentence` waits to be sent until the next message; `sent` counts those that were.
    `offered` is our own last keyboard, as `bot.conversation.offers` packs it.
    """

    state: State = State.NEW
    language: str | None = None
    language_chosen: bool = False
    place: str | None = None
    need: str | None = None
    pending: str | None = None
    pending_others: tuple[str, ...] = ()
    pending_danger: str | None = None
    profile: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    told: frozenset[tuple[str, str]] = frozenset()
    correcting: tuple[str, str] | None = None
    slips: int = 0
    slip_misses: int = 0
    change: Change | None = None
    held: Held | None = None
    guarded: bool = False
    sentence: str = field(default="", repr=False)
    sent: int = 0
    offered: bytes = field(default=b"", repr=False)
