"""What a turn works with, each behind its interface. Built in one place (`bot.wiring`), faked only in tests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.buttons import Buttons
from content.library import Library
from demand.outcomes import Counter
from nlu.reading import Interpreter
from referrals.doors import Door, Doors, Request

Clock = Callable[[], datetime]


class DoorDirectory(Protocol):
    """The service directory as a turn sees it."""

    async def doors(self, request: Request, limit: int = 3) -> Doors:
        """The doors for a request, in order, each with its reasons."""
        ...

    async def service(
        self, service_id: str, language: str = "es", place: str | None = None, moment: datetime | None = None
    ) -> Door | None:
        """One service as it stands at a moment, by the clock of a place; None when it is gone."""
        ...

    async def search(self, words: str, place: str, language: str) -> Sequence[Door]:
        """Services of a place whose name holds the words, typing errors forgiven."""
        ...


class OutcomeRecorder(Protocol):
    """Takes what came of a referral: a service, a code of `TOLD`, a moment. Nothing of the person."""

    async def record(self, service_id: str, outcome: str, moment: datetime) -> None:
        """Record one outcome."""
        ...


@dataclass(frozen=True)
class House:
    """Everything a turn needs. `library` is asked anew each turn, so that a reload is seen at once.

    `observe` hears of each turn whether it failed and how many seconds it took, and nothing else.
    """

    interpreter: Interpreter
    library: Callable[[], Library]
    directory: DoorDirectory
    counter: Counter
    recorder: OutcomeRecorder
    buttons: Buttons
    clock: Clock
    observe: Callable[[bool, float], None] = lambda failed, seconds: None
