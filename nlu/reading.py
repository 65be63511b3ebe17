"""What can come of reading a message: understood, unsure, not understood, unreachable.

These are different values because they are answered differently: a person is never told "I did not
understand you" when it was the program that was down. Pure types: no model, no network, no text kept.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class Candidate:
    """A label of the taxonomy and how sure the engine is of it, 0 to 1."""

    label: str
    confidence: float


@dataclass(frozen=True)
class Entities:
    """What the message says besides its need.

    `place` is a place code, `profile` codes out of woman, child, lgbti, disability, older, pregnant,
    family, alone; `when` an ISO 8601 moment or day, on the clock of the place; `named` the name of our list, in plain
    letters, that led to the place.
    """

    place: str | None = None
    profile: tuple[str, ...] = ()
    when: str | None = None
    named: str | None = None


@dataclass(frozen=True)
class Context:
    """What the conversation already knows: its language, the place, the need just discussed.

    `language_chosen`: the person chose the language themselves, so what they write does not change it.
    """

    language: str | None = None
    place: str | None = None
    need: str | None = None
    moment: datetime | None = None
    language_chosen: bool = False


@dataclass(frozen=True, kw_only=True)
class Read:
    """What every reading holds. `language` is None when unknown; `danger` a kind of danger or None."""

    language: str | None = None
    danger: str | None = None
    entities: Entities = field(default_factory=Entities)
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Understood(Read):
    """The message means `label`; `others` are further needs it names."""

    label: str
    confidence: float
    others: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Unsure(Read):
    """One of the first candidates is probably right: the person chooses."""


@dataclass(frozen=True, kw_only=True)
class NotUnderstood(Read):
    """Nothing we know was recognised."""


@dataclass(frozen=True)
class Unreachable:
    """The engine could not be asked: our trouble, never the person's. `reason` holds no text of theirs."""

    reason: str


Reading = Understood | Unsure | NotUnderstood | Unreachable


class Interpreter(Protocol):
    """Anything that reads a message."""

    async def read(self, text: str, context: Context) -> Reading:
        """Read one message; failures of the engine are an `Unreachable`, never an exception."""
        ...
