"""What a turn works with, each behind its interface. Built in one place (`bot.wiring`), faked only in tests."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.buttons import Buttons
from console.proof import Given, State
from content.library import Library
from demand.outcomes import Counter, Listening
from nlu.reading import Interpreter
from referrals.corrections import Proposal
from referrals.doors import Door, Doors, Reason, Request
from referrals.outcomes import Trouble
from referrals.slips import Slip
from referrals.upkeep import Change, Difference

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

    async def away(
        self, service_ids: Sequence[str], place: str, moment: datetime
    ) -> Sequence[tuple[str, Reason]]:
        """Of these services those that attend nobody today, by name, each with why."""
        ...

    async def search(self, words: str, place: str, language: str) -> Sequence[Door]:
        """Services of a place whose name holds the words, typing errors forgiven."""
        ...


class OutcomeRecorder(Protocol):
    """Takes what came of a referral: a service, a code of `TOLD`, a moment. Nothing of the person."""

    async def record(self, service_id: str, outcome: str, moment: datetime) -> None:
        """Record one outcome."""
        ...


class SlipBook(Protocol):
    """Issues referral slips and finds them by their code."""

    async def issue(self, service_id: str, need: str, place: str, moment: datetime) -> str | None:
        """A new code; None when the service is gone."""
        ...

    async def find(self, code: str, moment: datetime) -> Slip | None:
        """The slip of a code."""
        ...


class Proposals(Protocol):
    """Takes corrections that people propose, and closes them."""

    async def propose(self, service_id: str, field: str, moment: datetime, value: str = "") -> None:
        """One more who says so."""
        ...

    async def open_ones(self, places: Collection[str] | None = None) -> Sequence[Proposal]:
        """What waits for a caseworker."""
        ...

    async def decide(self, number: int, *, accepted: bool) -> bool:
        """Close one; False when it waits no more."""
        ...


class Upkeep(Protocol):
    """What linked caseworkers do from the chat."""

    async def preview(
        self, service_id: str, change: Change, moment: datetime, places: Collection[str]
    ) -> Difference:
        """What the change would do; NotYoursError when the service is not of these places."""
        ...

    async def apply(
        self, service_id: str, change: Change, moment: datetime, places: Collection[str], who: str
    ) -> Difference:
        """Do it, and write it into the history."""
        ...

    async def flagged(self, moment: datetime, places: Collection[str]) -> Sequence[Trouble]:
        """Services that somebody should look at."""
        ...

    async def reviewed(self, service_id: str, places: Collection[str]) -> bool:
        """Somebody looked; False when the service is not of these places."""
        ...


class Proof(Protocol):
    """The second factor of who writes from a linked chat."""

    async def state(self, email: str) -> State:
        """Whether a code is needed before something is changed."""
        ...

    async def give(self, email: str, typed: str) -> Given:
        """Look at a code that was typed."""
        ...


class SentenceBox(Protocol):
    """Takes sentences that people chose to send."""

    def send(self, text: str, language: str) -> bool:
        """Take one; False when no more are taken."""
        ...


@dataclass(frozen=True)
class Unread:
    """Where what was not understood may go; `known` are the words of our own texts."""

    wordings: Listening
    sentences: SentenceBox
    known: Mapping[str, str]


@dataclass(frozen=True)
class House:
    """Everything a turn needs. `library` is asked anew each turn, so that a reload is seen at once.

    Without `slips`, `proposals`, `upkeep` or `unread` their buttons are not offered; without `proof` nothing is changed
    from a chat. `desk_url` is where a desk marks slips.
    `observe` hears of each turn whether it failed and how many seconds it took, and nothing else.
    """

    interpreter: Interpreter
    library: Callable[[], Library]
    directory: DoorDirectory
    counter: Counter
    recorder: OutcomeRecorder
    buttons: Buttons
    clock: Clock
    slips: SlipBook | None = None
    proposals: Proposals | None = None
    upkeep: Upkeep | None = None
    proof: Proof | None = None
    desk_url: str = ""
    observe: Callable[[bool, float], None] = lambda failed, seconds: None
    unread: Unread | None = None
