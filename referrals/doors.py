"""What is asked of the directory and what it gives back.

These are the words other rooms import: plain values, nothing else. Nothing here reads a clock, a database or a
file, and nothing here can hold who asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class State(StrEnum):
    """Whether a person finds the door open; unknown is never the same as closed."""

    OPEN = "open"
    CLOSED = "closed"
    APPOINTMENT = "appointment"
    UNKNOWN = "unknown"


class Found(StrEnum):
    """What a search of the directory came to (the values of `Doors.outcome`)."""

    FOUND = "found"
    NONE_HERE = "none_here"
    NOT_FOR_THIS_PERSON = "not_for_this_person"
    CLOSED_NOW = "closed_now"
    FULL = "full"


@dataclass(frozen=True)
class Position:
    """A point a person shared once; used for one distance and dropped."""

    latitude: float
    longitude: float


@dataclass(frozen=True)
class Request:
    """One search: what is needed, where, when, and what the person said about themselves."""

    need: str
    place: str
    moment: datetime
    language: str
    profile: tuple[str, ...] = ()
    status: str | None = None
    age: int | None = None
    position: Position | None = None
    skip: tuple[str, ...] = ()


@dataclass(frozen=True)
class Opening:
    """The state of a door at a moment, in the clock of its place; `always` means day and night."""

    state: State
    until: datetime | None = None
    opens: datetime | None = None
    always: bool = False


@dataclass(frozen=True)
class Reason:
    """Why a door is offered or left out: a code and its values; words come from `referrals.reasons`."""

    code: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Phone:
    """A phone as people read it, and as a telephone dials it (`tel:+593…`)."""

    number: str
    tel: str


@dataclass(frozen=True)
class Document:
    """A paper the service asks for, and what to do without it."""

    name: str
    without: str | None = None


@dataclass(frozen=True)
class Door:
    """One place to go to, ready to show; `address` and coordinates are empty when hidden or unknown."""

    service_id: str
    name: str
    organization: str
    opening: Opening
    address: str | None = None
    district: str | None = None
    phones: tuple[Phone, ...] = ()
    email: str | None = None
    url: str | None = None
    whatsapp: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    hours_text: str | None = None
    cost: str | None = None
    documents: tuple[Document, ...] = ()
    languages: tuple[str, ...] = ()
    eligibility: str | None = None
    checked: date | None = None
    checked_precision: str = "day"
    confidence: str | None = None
    reasons: tuple[Reason, ...] = ()
    hidden_address: bool = False
    note: str | None = None
    place: str = ""


@dataclass(frozen=True)
class Doors:
    """At most three doors in a fixed order, who was left out and why, and what the search came to."""

    doors: tuple[Door, ...] = ()
    more: bool = False
    left_out: tuple[tuple[str, Reason], ...] = ()
    outcome: str = Found.NONE_HERE
